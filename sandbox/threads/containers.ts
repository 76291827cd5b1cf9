import type { Answer, Exchange } from '../core/answer';
import { pullMedia } from '../core/pull';
import { readContainerForm, type ContainerForm } from './container-form';
import { invalidParameter, mediaNotFound, noSuchObject } from './errors';
import { newId, type Container, type MediaType, type Profile, type Threads } from './model';
import { enter, REPLY } from './oauth';
import { ownProfile } from './profile';

const LIFETIME_MS = 24 * 3_600_000;
/** Facts 7.3. */
const MAX_BYTES: Readonly<Record<MediaType, number>> = {
	TEXT: 0,
	IMAGE: 8_388_608,
	VIDEO: 1_073_741_824,
	CAROUSEL: 0,
};
const MIME_TYPES: Readonly<Record<MediaType, readonly string[]>> = {
	TEXT: [],
	IMAGE: ['image/jpeg', 'image/png'],
	VIDEO: ['video/mp4', 'video/quicktime'],
	CAROUSEL: [],
};

/** Invisible: nobody sees a container before it is published (facts 7.6). */
export async function createContainer(threads: Threads, exchange: Exchange): Promise<Answer> {
	const form = await readContainerForm(exchange);
	if (form.replyToId !== undefined) enter(threads, exchange, REPLY);
	const profile = ownProfile(
		enter(threads, exchange, 'threads_content_publish'),
		exchange.params['user'] ?? '',
	);
	for (const id of [form.replyToId, form.quotePostId]) {
		if (id !== undefined && threads.posts.get(id) === undefined) throw noSuchObject(id);
	}
	await checkChildren(threads, profile, form);
	const { failProcessing } = exchange.faults;
	const container: Container = {
		id: newId(threads.frame),
		account: profile.account,
		...form,
		createdAtMs: threads.frame.clock.nowMs(),
		...(failProcessing === undefined ? {} : { failsWith: failProcessing || 'FAILED_PROCESSING_VIDEO' }),
	};
	threads.containers.set(container.id, container);
	void pulled(threads, container.id);
	return { status: 200, body: { id: container.id } };
}

/** Facts 7.2: 2 to 20 items, each a finished container of its own that was made to be one. */
async function checkChildren(
	threads: Threads,
	profile: Profile,
	{ mediaType, children = [] }: ContainerForm,
): Promise<void> {
	if (mediaType !== 'CAROUSEL') return;
	if (children.length < 2 || children.length > 20) throw invalidParameter('children must be 2 to 20');
	for (const id of children) {
		await pulled(threads, id);
		const child = threads.containers.get(id);
		if (child?.account !== profile.account) throw mediaNotFound();
		if (!child.isCarouselItem) throw invalidParameter(`${id} is not an item of a carousel`);
		if (statusOf(threads, child) !== 'FINISHED') throw mediaNotFound();
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
