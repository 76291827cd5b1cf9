import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { invalidParameter, refuseGraph } from '../graph/errors';
import { readParameters } from '../graph/parameters';
import { pullMedia } from '../graph/pull';
import { Rupload, ruploadProblem, ruploadTokenOf, type RuploadRecord } from '../graph/rupload';
import { type Container, type Instagram, type Professional, statusOf } from './model';
import { enterAs, PUBLISH } from './oauth';

const MB = 1_000_000;
const MAX_REEL_BYTES = 300 * MB;
const MAX_IMAGE_BYTES = 8 * MB;
const DAY_MS = 24 * 3_600_000;
/** Facts 3.4. */
const MAX_CONTAINERS_PER_DAY = 400;

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const list = z.union([z.array(z.string()), z.string().transform((text) => text.split(','))]);

/** Facts 3.2, as far as Instagram Login takes it and this sandbox knows it: one medium. */
const containerSchema = z.strictObject({
	media_type: z.enum(['REELS']).optional(),
	image_url: z.string().optional(),
	video_url: z.string().optional(),
	upload_type: z.literal('resumable').optional(),
	caption: z.string().optional(),
	alt_text: z.string().max(1000).optional(),
	cover_url: z.string().optional(),
	thumb_offset: z.coerce.number().int().nonnegative().optional(),
	share_to_feed: flag.optional(),
	audio_name: z.string().optional(),
	collaborators: list.optional(),
	is_ai_generated: flag.optional(),
});
type ContainerBody = z.output<typeof containerSchema>;

/** Facts 3.2, step 1: nobody sees a container. */
export async function createContainer(instagram: Instagram, exchange: Exchange): Promise<Answer> {
	const user = enterAs(instagram, exchange, PUBLISH);
	const body = await readParameters(exchange, containerSchema);
	checkText(body);
	checkCount(instagram, user);
	const file = await fetchedFile(instagram, body);
	const { ids, clock, baseUrl } = instagram.frame;
	const container: Container = {
		id: ids.snowflake(clock.nowMs()),
		account: user.account,
		createdAtMs: clock.nowMs(),
		productType: body.media_type ?? 'FEED',
		caption: body.caption ?? '',
		...(file ? { file } : { upload: { storedBytes: 0 } }),
		...(file && exchange.faults.failProcessing !== undefined
			? { failsWith: exchange.faults.failProcessing || '2207026' }
			: {}),
	};
	instagram.containers.set(container.id, container);
	const { version } = exchange.params;
	const uri = `${baseUrl()}/ig-api-upload/${version}/${container.id}`;
	return { status: 200, body: { id: container.id, ...(file ? {} : { uri }) } };
}

function checkText({ caption = '', collaborators = [] }: ContainerBody): void {
	if ([...caption].length > 2200) throw invalidParameter('The caption is too long', 2207010);
	if ((caption.match(/(^|\s)@\w/g) ?? []).length > 20) throw invalidParameter('Too many tags', 2207040);
	// Facts 3.3: 30 is the API's hard error; the platform rule of 5 is not said here.
	if ((caption.match(/#[\p{L}\p{N}_]/gu) ?? []).length > 30) {
		throw invalidParameter('The caption has too many hashtags', 2207040);
	}
	if (collaborators.length > 3) throw invalidParameter('At most 3 collaborators');
}

function checkCount({ containers, frame }: Instagram, user: Professional): void {
	const sinceMs = frame.clock.nowMs() - DAY_MS;
	const recent = containers
		.values()
		.filter(({ account, createdAtMs }) => account === user.account && createdAtMs > sinceMs);
	if (recent.length < MAX_CONTAINERS_PER_DAY) return;
	throw refuseGraph({ code: 80002, message: '(#80002) There have been too many calls to this account' });
}

/** Media behind an address is fetched now; bytes that will be sent leave the container open. */
async function fetchedFile(instagram: Instagram, body: ContainerBody): Promise<Container['file']> {
	const { image_url: image, video_url: video, upload_type: uploadType, media_type: mediaType } = body;
	const given = [image, video, uploadType].filter((one) => one !== undefined);
	if (given.length !== 1) throw invalidParameter('Give one of image_url, video_url, upload_type');
	if ((image === undefined) !== (mediaType === 'REELS')) {
		throw invalidParameter('A video needs media_type REELS, an image none', 2207023);
	}
	if (uploadType !== undefined) return undefined;
	const pulled = await pullMedia(image ?? video ?? '', image ? MAX_IMAGE_BYTES : MAX_REEL_BYTES);
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
		if (sizeBytes > MAX_REEL_BYTES) return ruploadProblem(400, 'FileSizeError', 'The video is too large');
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
