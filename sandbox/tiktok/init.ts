import { z } from 'zod';
import type { Answer, Exchange } from '../core/answer';
import { mediaTypeOf, readJson } from '../core/body';
import { secret } from '../core/ids';
import { checkPlan } from './chunk-rules';
import { invalidParam, ok, refuse } from './errors';
import { charge, refuseSpam } from './limits';
import { PRIVACY_LEVELS, type Creator, type PostInfo, type PrivacyLevel, type TikTok } from './model';
import { enter, type Caller } from './oauth';
import { openPull } from './pull';

const MAX_TITLE_UNITS = 2200;

const postInfoSchema = z.strictObject({
	title: z.string().max(MAX_TITLE_UNITS).default(''),
	privacy_level: z.enum(PRIVACY_LEVELS),
	disable_duet: z.boolean().default(false),
	disable_comment: z.boolean().default(false),
	disable_stitch: z.boolean().default(false),
	video_cover_timestamp_ms: z.int().nonnegative().optional(),
	brand_content_toggle: z.boolean().default(false),
	brand_organic_toggle: z.boolean().default(false),
	is_aigc: z.boolean().default(false),
});

const sourceSchema = z.discriminatedUnion('source', [
	z.strictObject({
		source: z.literal('FILE_UPLOAD'),
		video_size: z.int(),
		chunk_size: z.int(),
		total_chunk_count: z.int(),
	}),
	z.strictObject({ source: z.literal('PULL_FROM_URL'), video_url: z.url() }),
]);

const directSchema = z.strictObject({ post_info: postInfoSchema, source_info: sourceSchema });
const draftSchema = z.strictObject({ source_info: sourceSchema });
export async function readBody<Schema extends z.ZodType>(
	exchange: Exchange,
	schema: Schema,
): Promise<z.output<Schema>> {
	if (mediaTypeOf(exchange) !== 'application/json') throw invalidParam('Send application/json.');
	const parsed = schema.safeParse(await readJson(exchange));
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw invalidParam(`${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'is malformed'}`);
}

/** Facts 2.2: what this creator may choose. That public accounts have no followers-only is our own reading. */
export function privacyOptions({ isPrivate }: Creator): PrivacyLevel[] {
	const widest: PrivacyLevel = isPrivate ? 'FOLLOWER_OF_CREATOR' : 'PUBLIC_TO_EVERYONE';
	return [widest, 'MUTUAL_FOLLOW_FRIENDS', 'SELF_ONLY'];
}

export function creatorInfo(tiktok: TikTok, exchange: Exchange): Answer {
	const caller = enter(tiktok, exchange, ['video.publish']);
	charge(tiktok, exchange, 'creatorInfo', caller);
	const { creator } = caller;
	return ok({
		creator_avatar_url: `${tiktok.frame.baseUrl()}/avatar/${creator.accountId}.webp`,
		creator_username: creator.account,
		creator_nickname: creator.account,
		privacy_level_options: privacyOptions(creator),
		comment_disabled: creator.commentDisabled,
		duet_disabled: creator.duetDisabled,
		stitch_disabled: creator.stitchDisabled,
		max_video_post_duration_sec: creator.maxVideoSec,
	});
}

export async function initDirect(tiktok: TikTok, exchange: Exchange): Promise<Answer> {
	const caller = enter(tiktok, exchange, ['video.publish']);
	charge(tiktok, exchange, 'init', caller);
	const { post_info: info, source_info: source } = await readBody(exchange, directSchema);
	const { creator } = caller;
	refuseSpam(tiktok, creator, false);
	refuseForPrivacy(creator, info);
	const post = { title: info.title, privacyLevel: info.privacy_level, isAiGenerated: info.is_aigc };
	return await open(tiktok, exchange, caller, { source, post });
}

/** Facts 2.2, 2.6, 2.7: the same for videos and photos. */
export function refuseForPrivacy(
	creator: Creator,
	info: { readonly privacy_level: PrivacyLevel; readonly brand_content_toggle: boolean },
): void {
	if (!creator.appIsAudited && (info.privacy_level !== 'SELF_ONLY' || !creator.isPrivate)) {
		throw refuse(
			403,
			'unaudited_client_can_only_post_to_private_accounts',
			'Please review our integration guidelines.',
		);
	}
	if (!privacyOptions(creator).includes(info.privacy_level)) {
		throw refuse(
			403,
			'privacy_level_option_mismatch',
			'The privacy level is not one of the options of creator_info.',
		);
	}
	if (info.brand_content_toggle && info.privacy_level === 'SELF_ONLY') {
		throw invalidParam('Branded content cannot be set to private.');
	}
}

export async function initDraft(tiktok: TikTok, exchange: Exchange): Promise<Answer> {
	const caller = enter(tiktok, exchange, ['video.upload']);
	charge(tiktok, exchange, 'init', caller);
	const { source_info: source } = await readBody(exchange, draftSchema);
	refuseSpam(tiktok, caller.creator, true);
	return await open(tiktok, exchange, caller, { source, post: null });
}

type Source = z.output<typeof sourceSchema>;

async function open(
	tiktok: TikTok,
	exchange: Exchange,
	caller: Caller,
	{ source, post }: { source: Source; post: PostInfo | null },
): Promise<Answer> {
	if (source.source === 'FILE_UPLOAD') return openUpload(tiktok, caller, source, post);
	return await openPull(tiktok, exchange, caller, { kind: 'video', urls: [source.video_url], post });
}

function openUpload(
	tiktok: TikTok,
	{ creator, clientId }: Caller,
	source: Extract<Source, { source: 'FILE_UPLOAD' }>,
	post: PostInfo | null,
): Answer {
	const { frame, publishes } = tiktok;
	const plan = {
		videoSize: source.video_size,
		chunkSize: source.chunk_size,
		totalChunks: source.total_chunk_count,
	};
	checkPlan(plan);
	const prefix = post === null ? 'v_inbox_file' : 'v_pub_file';
	const publishId = `${prefix}~v2.${frame.ids.snowflake(frame.clock.nowMs())}`;
	const uploadId = frame.ids.text('upload', 20);
	const uploadToken = secret('');
	publishes.set(publishId, {
		...plan,
		publishId,
		clientId,
		account: creator.account,
		post,
		uploadId,
		uploadToken,
		createdAtMs: frame.clock.nowMs(),
		uploadedBytes: 0,
		videoId: frame.ids.snowflake(frame.clock.nowMs()),
	});
	const address = new URL(`${frame.baseUrl()}/video/`);
	address.searchParams.set('upload_id', uploadId);
	address.searchParams.set('upload_token', uploadToken);
	return ok({ publish_id: publishId, upload_url: address.toString() });
}

const fetchSchema = z.strictObject({ publish_id: z.string().max(64) });

export async function readPublishId(exchange: Exchange): Promise<string> {
	return (await readBody(exchange, fetchSchema)).publish_id;
}
