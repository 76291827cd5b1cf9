import type { Answer, Exchange } from '../core/answer';
import { pullMedia, type PullOutcome } from '../core/pull';
import { ok, refuse } from './errors';
import type { PostInfo, TikTok } from './model';
import type { Caller } from './oauth';
import { addPost } from './posts';

/** Facts 2.5. */
const RULES = {
	video: { maxBytes: 4_000_000_000, types: ['video/mp4', 'video/quicktime', 'video/webm'] },
	photo: { maxBytes: 20_000_000, types: ['image/jpeg', 'image/webp'] },
} as const;

export interface Pull {
	readonly kind: keyof typeof RULES;
	readonly urls: readonly string[];
	readonly post: PostInfo | null;
}

/** Facts 2.3: TikTok fetches the media itself, and with the init alone there is a post. */
export async function openPull(
	tiktok: TikTok,
	exchange: Exchange,
	{ creator, clientId }: Caller,
	{ kind, urls, post }: Pull,
): Promise<Answer> {
	for (const url of urls) refuseUnverified(tiktok, url);
	const outcomes: PullOutcome[] = [];
	for (const url of urls) outcomes.push(await pullMedia(url, RULES[kind].maxBytes));
	const { frame, publishes } = tiktok;
	const nowMs = frame.clock.nowMs();
	const media = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.media] : []));
	const failsWith = failureOf(exchange, kind, outcomes);
	const prefix = kind === 'photo' ? 'p' : 'v';
	const videoSize = media.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	const publish = {
		publishId: `${prefix}_${post === null ? 'inbox' : 'pub'}_url~v2.${frame.ids.snowflake(nowMs)}`,
		clientId,
		account: creator.account,
		post,
		pulled: kind,
		uploadId: '',
		uploadToken: '',
		createdAtMs: nowMs,
		videoSize,
		chunkSize: videoSize,
		totalChunks: 1,
		uploadedBytes: videoSize,
		videoId: frame.ids.snowflake(nowMs),
		done: { atMs: nowMs, sha256: media[0]?.sha256 ?? '', ...(failsWith !== undefined && { failsWith }) },
	};
	frame.store.batch(() => {
		publishes.set(publish.publishId, publish);
		if (failsWith === undefined) addPost(tiktok, publish, media);
	});
	return ok({ publish_id: publish.publishId });
}

/** Over https only; an address of this machine may do without, since nothing else can lie there. */
function refuseUnverified({ settings }: TikTok, url: string): void {
	const isVerified = settings.verifiedUrlPrefixes.some((prefix) => url.startsWith(prefix));
	const { protocol, hostname } = new URL(url);
	if (isVerified && (protocol === 'https:' || hostname === '127.0.0.1')) return;
	throw refuse(403, 'url_ownership_unverified', 'Please review our URL ownership verification rules.');
}

function failureOf(
	exchange: Exchange,
	kind: Pull['kind'],
	outcomes: readonly PullOutcome[],
): string | undefined {
	const ordered = exchange.faults.failProcessing;
	if (ordered !== undefined) return ordered || 'file_format_check_failed';
	if (outcomes.some(({ ok: isFetched }) => !isFetched)) return `${kind}_pull_failed`;
	const types: readonly string[] = RULES[kind].types;
	const isKnown = outcomes.every((outcome) => outcome.ok && types.includes(outcome.media.mimeType));
	return isKnown ? undefined : 'file_format_check_failed';
}
