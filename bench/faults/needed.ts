// What an account must have before a post can go out: a post to reply to, a playlist to be put into. Made before
// anything is measured or broken.
import { request } from 'undici';
import { z } from 'zod';
import { threadsPaths } from '../../lib/platforms/threads/constants';
import type { PostKind } from './kinds';

interface Caller {
	readonly baseUrl: string;
	readonly accessToken: string;
}

type Find = (caller: Caller) => Promise<string>;

const words = 'Something from before';
const idSchema = z.object({ id: z.string() });

const finders: Readonly<Record<string, Find>> = {
	'x own post': async (caller) => {
		const json = { 'content-type': 'application/json' };
		const answer = await send(caller, '/2/tweets', { body: JSON.stringify({ text: words }), headers: json });
		return z.object({ data: idSchema }).parse(answer).data.id;
	},
	'threads own post': async (caller) => {
		const form = (fields: Record<string, string>): { body: string; headers: Record<string, string> } => ({
			body: new URLSearchParams(fields).toString(),
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
		});
		const container = await send(
			caller,
			threadsPaths.containers('me'),
			form({ media_type: 'TEXT', text: words }),
		);
		const creation = form({ creation_id: idSchema.parse(container).id });
		return idSchema.parse(await send(caller, threadsPaths.publish('me'), creation)).id;
	},
	'youtube playlist': async (caller) => {
		const { items } = z
			.object({ items: z.array(idSchema).min(1) })
			.parse(await send(caller, '/youtube/v3/playlists?part=id&mine=true'));
		return items[0]?.id ?? '';
	},
};

/** One of each for all that need it. */
export async function findAllNeeded(
	kinds: readonly PostKind[],
	access: Readonly<Record<string, Caller>>,
): Promise<readonly string[]> {
	const found = new Map<string, string>();
	for (const { platform, needs } of kinds) {
		const name = nameOf({ platform, needs });
		const caller = access[platform];
		if (needs === undefined || !caller || found.has(name)) continue;
		const find = finders[name];
		if (!find) throw new Error(`nobody makes a ${needs} on ${platform}`);
		found.set(name, await find(caller));
	}
	return kinds.map((kind) => found.get(nameOf(kind)) ?? '');
}

function nameOf({
	platform,
	needs = '',
}: Pick<PostKind, 'platform'> & { needs?: string | undefined }): string {
	return `${platform} ${needs}`;
}

async function send(
	{ baseUrl, accessToken }: Caller,
	path: string,
	post?: { readonly body: string; readonly headers: Record<string, string> },
): Promise<unknown> {
	const answer = await request(baseUrl + path, {
		method: post ? 'POST' : 'GET',
		headersTimeout: 10_000,
		headers: { ...post?.headers, authorization: `Bearer ${accessToken}` },
		...(post && { body: post.body }),
	});
	if (answer.statusCode >= 300) throw new Error(`${path}: ${await answer.body.text()}`);
	return await answer.body.json();
}
