// `n8n-nodes-stackkraft story`: what happened to a post, for a person at a terminal.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createPool } from '../database/pool';
import { readPostStory, type PostStory, type StoryLine } from '../database/post-story';
import { listPosts } from '../database/posts';
import { redact } from '../http/redact';
import { readEnvironment } from './environment';
import { exitCodes, UsageError, type Terminal } from './terminal';

const help = `Usage: n8n-nodes-stackkraft story <post id | request id> [--json]

Prints everything that is known of a post in the order of time: changes of state, attempts, messages, dead letters,
alerts, numbers. A request id prints its posts one after the other. Values of handles are never shown.

  STACKKRAFT_DATABASE_URL  postgres://user:password@host/database, or STACKKRAFT_DATABASE_URL_FILE

Exit codes: 0 done, 1 there is no such post, 2 wrong arguments.`;

const flags = {
	help: { type: 'boolean', short: 'h', default: false },
	json: { type: 'boolean', default: false },
} as const;

const environmentSchema = z.object({ STACKKRAFT_DATABASE_URL: z.string('is not set') });
const maxPosts = 1_000;

export async function storyCommand({ args, env, print, complain }: Terminal): Promise<number> {
	const { values, positionals } = parse(args);
	if (values.help) {
		print(help);
		return exitCodes.done;
	}
	const [id] = positionals;
	if (id === undefined || positionals.length > 1) throw new UsageError(help);
	const { STACKKRAFT_DATABASE_URL: databaseUrl } = readEnvironment(env, environmentSchema);
	const pool = createPool(databaseUrl, { maxConnections: 1 });
	try {
		const isPostId = z.uuid().safeParse(id).success;
		const ofRequest = (await listPosts(pool, { requestId: id, limit: maxPosts })).map(({ postId }) => postId);
		const postIds = ofRequest.length === 0 && isPostId ? [id] : [...ofRequest].reverse();
		for (const postId of postIds) {
			const story = await readPostStory(pool, postId);
			for (const line of values.json ? [JSON.stringify(asJson(story))] : toLines(story)) print(line);
		}
		if (postIds.length === 0) complain(`There is no post and no request ${id}.`);
		return postIds.length === 0 ? exitCodes.failed : exitCodes.done;
	} finally {
		await pool.end();
	}
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options: flags, allowPositionals: true });
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function toLines({ post, handleKeys, lines }: PostStory): readonly string[] {
	const { postId, platform, accountId, state, live, retryCount, scheduledAt, clipId } = post;
	const head = [
		`post ${postId}`,
		`  ${platform}, account ${accountId}, ${state}${live ? `: ${live.url} (${live.platformPostId})` : ''}`,
		`  planned for ${scheduledAt.toISOString()}, ${clipId ? `clip ${clipId}, ` : ''}${retryCount} retries`,
		...(handleKeys.length > 0 ? [`  handle: ${handleKeys.map((key) => `${key} [hidden]`).join(', ')}`] : []),
	];
	const firstMs = lines[0]?.at.getTime() ?? 0;
	return [...head, ...lines.map((line) => toLine(line, firstMs)), ''];
}

function toLine({ at, text, details }: StoryLine, firstMs: number): string {
	const afterSec = ((at.getTime() - firstMs) / 1_000).toFixed(3).padStart(10);
	const told = Object.entries(details).filter(([, value]) => value !== null && value !== undefined);
	const rest = told.length > 0 ? `  ${JSON.stringify(hidden(Object.fromEntries(told)))}` : '';
	return `  ${at.toISOString()} ${afterSec} s  ${redact(text)}${rest}`;
}

function asJson({ post, handleKeys, lines }: PostStory): unknown {
	return hidden(JSON.parse(JSON.stringify({ post, handleKeys, lines })));
}

const secretKey = /token|secret|signature|password|session|upload.?(url|id)/i;

/** What reached the database has been redacted before; this is for what an older version or a network let in. */
function hidden(value: unknown): unknown {
	if (typeof value === 'string') return redact(value);
	if (Array.isArray(value)) return value.map(hidden);
	if (value === null || typeof value !== 'object' || value instanceof Date) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, held]) => [key, secretKey.test(key) ? '[hidden]' : hidden(held)]),
	);
}
