import type { Answer, Exchange } from '../core/answer';
import { invalidParameter, refuseGraph } from '../graph/errors';
import { pullMedia } from '../graph/pull';
import { Rupload, ruploadProblem, ruploadTokenOf, type RuploadRecord } from '../graph/rupload';
import {
	checkText,
	maxBytesOf,
	maxUploadBytes,
	mediaTypeOf,
	productTypeOf,
	readContainerBody,
	type ContainerBody,
} from './container-body';
import { type Container, type Instagram, type Professional, statusOf } from './model';
import { enterAs, PUBLISH } from './oauth';

const DAY_MS = 24 * 3_600_000;
/** Facts 3.4. */
const MAX_CONTAINERS_PER_DAY = 400;

/** Facts 3.2, step 1: nobody sees a container. */
export async function createContainer(instagram: Instagram, exchange: Exchange): Promise<Answer> {
	const user = enterAs(instagram, exchange, PUBLISH);
	const body = await readContainerBody(exchange);
	checkText(body);
	checkCount(instagram, user);
	const children = childrenOf(instagram, user, body);
	const file = children ? undefined : await fetchedFile(instagram, body);
	const isComplete = children !== undefined || file !== undefined;
	const { ids, clock, baseUrl } = instagram.frame;
	const container: Container = {
		id: ids.snowflake(clock.nowMs()),
		account: user.account,
		createdAtMs: clock.nowMs(),
		productType: productTypeOf(body),
		mediaType: mediaTypeOf(body),
		isCarouselItem: body.is_carousel_item ?? false,
		caption: body.caption ?? '',
		...(children && { children, file: { atMs: clock.nowMs(), sha256: '', sizeBytes: 0 } }),
		...(file && { file }),
		...(isComplete ? {} : { upload: { storedBytes: 0 } }),
		...(isComplete && exchange.faults.failProcessing !== undefined
			? { failsWith: exchange.faults.failProcessing || '2207026' }
			: {}),
	};
	instagram.containers.set(container.id, container);
	const { version } = exchange.params;
	const uri = `${baseUrl()}/ig-api-upload/${version}/${container.id}`;
	return { status: 200, body: { id: container.id, ...(isComplete ? {} : { uri }) } };
}

function checkCount({ containers, frame }: Instagram, user: Professional): void {
	const sinceMs = frame.clock.nowMs() - DAY_MS;
	const recent = containers
		.values()
		.filter(({ account, createdAtMs }) => account === user.account && createdAtMs > sinceMs);
	if (recent.length < MAX_CONTAINERS_PER_DAY) return;
	throw refuseGraph({ code: 80002, message: '(#80002) There have been too many calls to this account' });
}

/** Facts 3.2: 2 to 10 items, each a finished container of its own that was made to be one. */
function childrenOf(
	instagram: Instagram,
	user: Professional,
	{ media_type: mediaType, children = [] }: ContainerBody,
): readonly string[] | undefined {
	if (mediaType !== 'CAROUSEL') return undefined;
	if (children.length < 2 || children.length > 10) {
		throw invalidParameter('A carousel has 2 to 10 items', 2207028);
	}
	for (const id of children) {
		const child = instagram.containers.get(id);
		if (child?.account !== user.account || !child.isCarouselItem) {
			throw refuseGraph({ code: 24, subcode: 2207006, message: 'The requested resource does not exist' });
		}
		if (statusOf(instagram, child) !== 'FINISHED') {
			throw refuseGraph({ code: 9007, subcode: 2207027, message: 'The media is not ready to be published' });
		}
	}
	return children;
}

/** Media behind an address is fetched now; bytes that will be sent leave the container open. */
async function fetchedFile(instagram: Instagram, body: ContainerBody): Promise<Container['file']> {
	const { image_url: image, video_url: video, upload_type: uploadType } = body;
	if (uploadType !== undefined) return undefined;
	const pulled = await pullMedia(image ?? video ?? '', maxBytesOf(body));
	const wanted = image === undefined ? /^video\/(mp4|quicktime)$/ : /^image\/jpeg$/;
	if (pulled === undefined) {
		throw refuseGraph({
			code: 9004,
			subcode: 2207052,
			message: 'The media could not be fetched from this URI',
		});
	}
	if (!wanted.test(pulled.contentType)) {
		const [code, subcode] = image ? [36001, 2207005] : [352, 2207026];
		throw refuseGraph({ code: code ?? 352, subcode: subcode ?? 2207026, message: 'Unsupported format' });
	}
	return { atMs: instagram.frame.clock.nowMs(), sha256: pulled.sha256, sizeBytes: pulled.sizeBytes };
}

/** Facts 3.2: the fields that a container has while it is one. */
export function containerFields(instagram: Instagram, container: Container): Record<string, unknown> {
	const code = statusOf(instagram, container);
	const { upload, failsWith } = container;
	const text = code === 'ERROR' ? `Error: Media upload has failed with error code ${failsWith}` : code;
	const isSent = container.file !== undefined;
	return {
		id: container.id,
		status_code: code,
		status: `${code === 'ERROR' ? '' : `${code}: `}${text}`,
		...(upload && {
			video_status: {
				uploading_phase: {
					status: isSent ? 'complete' : upload.storedBytes > 0 ? 'in_progress' : 'not_started',
					bytes_transferred: upload.storedBytes,
				},
				processing_phase: {
					status: !isSent ? 'not_started' : code === 'FINISHED' ? 'complete' : 'in_progress',
				},
			},
		}),
	};
}

/** The upload host (facts 3.2). */
export class ContainerUploads {
	private readonly rupload: Rupload;

	constructor(private readonly instagram: Instagram) {
		this.rupload = new Rupload(instagram.frame.spool, 'instagram', this.record());
	}

	async receive(exchange: Exchange): Promise<Answer> {
		const { oauth, containers } = this.instagram;
		const token = ruploadTokenOf(exchange) ?? '';
		if (exchange.faults.expireToken === true) oauth.expire(token);
		const grant = oauth.grantOf(token);
		if (grant === undefined || oauth.stateOf(token) !== 'valid') {
			return ruploadProblem(401, 'NotAuthorizedError', 'The access token is not valid');
		}
		const container = containers.get(exchange.params['id'] ?? '');
		if (container?.upload === undefined || container.account !== grant.account) {
			return ruploadProblem(404, 'NotFoundError', 'There is no such upload');
		}
		if (statusOf(this.instagram, container) === 'EXPIRED') {
			return ruploadProblem(404, 'NotFoundError', 'The upload expired');
		}
		const sizeBytes = Number(exchange.headers['file_size'] ?? 0);
		if (sizeBytes > maxUploadBytes(container.productType))
			return ruploadProblem(400, 'FileSizeError', 'The video is too large');
		return await this.rupload.receive(exchange, container.id);
	}

	private record(): RuploadRecord {
		const { containers, frame } = this.instagram;
		const change = (id: string, part: Partial<Container>): void => {
			const container = containers.get(id);
			if (container) containers.set(id, { ...container, ...part });
		};
		return {
			state: (id) => containers.get(id)?.upload ?? { storedBytes: 0 },
			save: (id, upload) => change(id, { upload }),
			complete: (id, file, failsWith) =>
				change(id, {
					file: { atMs: frame.clock.nowMs(), ...file },
					...(failsWith === undefined ? {} : { failsWith: failsWith || '2207026' }),
				}),
		};
	}
}
