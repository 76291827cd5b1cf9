import type { Answer, Exchange } from '../core/answer';
import { pullMedia } from '../core/pull';
import { invalidParameter } from './errors';
import { newId, type Container, type MediaType, type Profile, type Threads } from './model';
import { enter } from './oauth';
import { readParameters } from './parse';
import { ownProfile } from './profile';
import { checkText } from './text';

const LIFETIME_MS = 24 * 3_600_000;
/** Facts 7.3. */
const MAX_BYTES: Readonly<Record<MediaType, number>> = { TEXT: 0, IMAGE: 8_388_608, VIDEO: 1_073_741_824 };
const MIME_TYPES: Readonly<Record<MediaType, readonly string[]>> = {
	TEXT: [],
	IMAGE: ['image/jpeg', 'image/png'],
	VIDEO: ['video/mp4', 'video/quicktime'],
};
const REPLY_CONTROLS = [
	'everyone',
	'accounts_you_follow',
	'mentioned_only',
	'parent_post_author_only',
	'followers_only',
];
const PARAMETERS = [
	'media_type',
	'text',
	'image_url',
	'video_url',
	'reply_control',
	'link_attachment',
	'topic_tag',
	'alt_text',
	'is_spoiler_media',
];

/** Invisible: nobody sees a container before it is published (facts 7.6). */
export async function createContainer(threads: Threads, exchange: Exchange): Promise<Answer> {
	const profile = ownProfile(
		enter(threads, exchange, 'threads_content_publish'),
		exchange.params['user'] ?? '',
	);
	const parameters = await readParameters(exchange, PARAMETERS);
	const container = buildContainer(threads, profile, parameters);
	const { failProcessing } = exchange.faults;
	const failsWith =
		failProcessing === undefined ? {} : { failsWith: failProcessing || 'FAILED_PROCESSING_VIDEO' };
	threads.containers.set(container.id, { ...container, ...failsWith });
	void pulled(threads, container.id);
	return { status: 200, body: { id: container.id } };
}

function buildContainer(
	threads: Threads,
	profile: Profile,
	parameters: ReadonlyMap<string, string>,
): Container {
	const mediaType = mediaTypeIn(parameters);
	const text = parameters.get('text') ?? '';
	const mediaUrl = mediaUrlIn(mediaType, parameters);
	checkExtras(mediaType, parameters);
	checkText(text, parameters.get('link_attachment'));
	if (mediaType === 'TEXT' && text === '') throw invalidParameter('text is required for media_type TEXT');
	const topicTag = parameters.get('topic_tag');
	return {
		id: newId(threads.frame),
		account: profile.account,
		mediaType,
		text,
		...(mediaUrl === undefined ? {} : { mediaUrl }),
		replyControl: parameters.get('reply_control') ?? 'everyone',
		...(topicTag === undefined ? {} : { topicTag }),
		createdAtMs: threads.frame.clock.nowMs(),
	};
}

function mediaTypeIn(parameters: ReadonlyMap<string, string>): MediaType {
	const given = parameters.get('media_type');
	if (given === 'TEXT' || given === 'IMAGE' || given === 'VIDEO') return given;
	throw invalidParameter('media_type must be one of TEXT, IMAGE, VIDEO');
}

function mediaUrlIn(mediaType: MediaType, parameters: ReadonlyMap<string, string>): string | undefined {
	const wanted = mediaType === 'TEXT' ? undefined : `${mediaType.toLowerCase()}_url`;
	for (const name of ['image_url', 'video_url']) {
		if (name !== wanted && parameters.has(name))
			throw invalidParameter(`${name} does not go with ${mediaType}`);
	}
	if (wanted === undefined) return undefined;
	const url = parameters.get(wanted) ?? '';
	if (!/^https?:\/\//.test(url)) throw invalidParameter(`${wanted} must be a public web address`);
	return url;
}

function checkExtras(mediaType: MediaType, parameters: ReadonlyMap<string, string>): void {
	const replyControl = parameters.get('reply_control');
	if (replyControl !== undefined && !REPLY_CONTROLS.includes(replyControl)) {
		throw invalidParameter(`reply_control must be one of ${REPLY_CONTROLS.join(', ')}`);
	}
	if (parameters.has('link_attachment') && mediaType !== 'TEXT') {
		throw invalidParameter('link_attachment goes with media_type TEXT only');
	}
	const topicTag = parameters.get('topic_tag');
	if (topicTag !== undefined && !/^[^.&]{1,50}$/u.test(topicTag)) {
		throw invalidParameter('topic_tag must have 1 to 50 characters without . and &');
	}
	const altText = parameters.get('alt_text');
	if (altText !== undefined && (mediaType === 'TEXT' || altText.length > 1000)) {
		throw invalidParameter('alt_text goes with media and has at most 1000 characters');
	}
}

/** Ends when the media was fetched; started anew after a restart, since only its outcome is kept. */
export async function pulled(threads: Threads, id: string): Promise<void> {
	const container = threads.containers.get(id);
	if (container?.mediaUrl === undefined || container.pulled !== undefined) return;
	const running = threads.pulls.get(id) ?? pull(threads, container, container.mediaUrl);
	threads.pulls.set(id, running);
	await running.finally(() => threads.pulls.delete(id));
}

async function pull(threads: Threads, { id, mediaType }: Container, url: string): Promise<void> {
	const outcome = await pullMedia(url, MAX_BYTES[mediaType]);
	const latest = threads.containers.get(id);
	const isFitting = !outcome.ok || MIME_TYPES[mediaType].includes(outcome.media.mimeType);
	const kept = isFitting ? outcome : { ok: false as const, why: `not a ${mediaType}` };
	if (latest) threads.containers.set(id, { ...latest, pulled: kept });
}

export type ContainerStatus = 'IN_PROGRESS' | 'FINISHED' | 'PUBLISHED' | 'ERROR' | 'EXPIRED';

/** Facts 7.2, as a function of age and fetch. */
export function statusOf(threads: Threads, container: Container): ContainerStatus {
	if (container.publishedAs !== undefined) return 'PUBLISHED';
	const ageMs = threads.frame.clock.nowMs() - container.createdAtMs;
	if (ageMs >= LIFETIME_MS) return 'EXPIRED';
	if (container.pulled?.ok === false) return 'ERROR';
	const isWorkedOn = container.mediaType !== 'TEXT' || container.failsWith !== undefined;
	if (isWorkedOn && ageMs < threads.settings.processingMs) return 'IN_PROGRESS';
	return container.failsWith === undefined ? 'FINISHED' : 'ERROR';
}

export function containerData(threads: Threads, container: Container): Record<string, unknown> {
	const status = statusOf(threads, container);
	const message = container.pulled?.ok === false ? 'FAILED_DOWNLOADING_VIDEO' : container.failsWith;
	return {
		id: container.id,
		status,
		error_message: status === 'ERROR' ? (message ?? 'UNKNOWN') : undefined,
	};
}
