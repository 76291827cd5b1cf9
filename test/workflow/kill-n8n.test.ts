// The promise, with the real thing: n8n is killed with -9 while posts are on their way, at the two moments that
// differ — while bytes are sent, and while the call that publishes has gone out and its answer has not come.
import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { request } from 'undici';
import { z } from 'zod';
import { createPool, createPosts, listPosts, newClipSchema } from '../../lib/database';
import { contentHash } from '../../lib/media';
import { platformSchema, type Platform } from '../../lib/publishing/platform';
import { secretMark } from '../../sandbox/core/ids';
import { waitFor } from '../../scripts/stack/wait-for';
import { fiveSecondVideo } from '../support/media';
import { bootDeadlineMs, bootN8n, type TestStack } from '../support/n8n';

jest.setTimeout(240_000);

const networks = ['youtube', 'x'] as const;
type Network = (typeof networks)[number];

let test: TestStack;
let pool: Pool;
let mediaRef: string;
let mediaHash: string;

beforeAll(async () => {
	test = await bootN8n();
	pool = createPool(test.stack.postgresUrl);
	mediaRef = join(test.stack.mediaFolder, 'clip.mp4');
	await copyFile(await fiveSecondVideo(), mediaRef);
	mediaHash = await contentHash(mediaRef);
}, bootDeadlineMs);

afterAll(async () => {
	await pool?.end();
	await test?.stop();
});

async function control(network: Platform, path: string, body?: object): Promise<unknown> {
	const answer = await request(`${test.stack.sandbox[network]}/_sandbox/${path}`, {
		method: body ? 'POST' : 'GET',
		...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
	});
	expect(answer.statusCode).toBe(200);
	return await answer.body.json();
}

const requestsSchema = z.object({
	requests: z.array(z.object({ method: z.string(), path: z.string(), outcome: z.string() })),
});

/** Until the network holds a request of this kind and has not answered it. */
async function untilHanging(network: Network, method: string, path: RegExp): Promise<void> {
	const isHanging = await waitFor(
		async () => {
			const { requests } = requestsSchema.parse(await control(network, `requests?network=${network}`));
			const isOpen = requests.some(
				(one) => one.method === method && path.test(one.path) && one.outcome === 'open',
			);
			return isOpen ? true : undefined;
		},
		{ deadlineMs: 90_000, pollMs: 50 },
	);
	if (!isHanging) throw new Error(`no ${method} ${String(path)} arrived at ${network}`);
}

const journalSchema = z.object({
	posts: z.array(
		z.object({ platformPostId: z.string(), url: z.string(), mediaSha256: z.string(), text: z.string() }),
	),
});

async function journalOf(network: Network): Promise<z.infer<typeof journalSchema>['posts']> {
	return journalSchema.parse(await control(network, `journal?network=${network}`)).posts;
}

/** One post per network, due now. */
async function plan(requestId: string, wanted: readonly Platform[] = networks): Promise<void> {
	const clip = {
		clipId: requestId,
		source: mediaRef,
		startSec: 0,
		endSec: 5,
		title: `Killed ${requestId}`,
		path: mediaRef,
		sha256: mediaHash,
		suggestions: { text: `Killed ${requestId}` },
	};
	const targets = wanted.map((platform) => ({ platform, accountId: 'main' }));
	await createPosts({ pool, requestId, clips: [newClipSchema.parse(clip)], targets });
}

/** What passes by itself in two minutes: the dead worker's claim runs out, and its post may be rung again. */
async function letClaimsRunOut(): Promise<void> {
	await pool.query(`update stackkraft.outbox set sent_at = sent_at - interval '2 minutes'`);
	await pool.query(
		`update stackkraft.posts set lease_expires_at = now() where state in ('publishing', 'unknown')`,
	);
}

async function expectPostedOnce(requestId: string): Promise<void> {
	const posts = await waitFor(
		async () => {
			const current = await listPosts(pool, { requestId });
			return current.every(({ state }) => state === 'posted') ? current : undefined;
		},
		{ deadlineMs: 150_000, pollMs: 200 },
	);
	expect(posts ?? (await listPosts(pool, { requestId }))).toMatchObject(
		networks.map(() => ({ state: 'posted' })),
	);
	for (const post of posts ?? []) {
		const seen = (await journalOf(post.platform as Network)).filter(
			({ platformPostId }) => platformPostId === post.live?.platformPostId,
		);
		expect(seen).toEqual([expect.objectContaining({ url: post.live?.url, mediaSha256: mediaHash })]);
	}
}

interface KillPoint {
	readonly name: string;
	readonly requestId: string;
	readonly fault: string;
	/** Which bytes the hanging PUT of YouTube carries. */
	readonly bytes: 'first' | 'last';
	readonly xCall: RegExp;
}

const killPoints: readonly KillPoint[] = [
	{ name: 'bytes are sent', requestId: 'kill-upload', fault: 'delay', bytes: 'first', xCall: /\/append$/ },
	{
		name: 'the post is public and the answer is on its way',
		requestId: 'kill-commit',
		fault: 'delay-after-effect',
		bytes: 'last',
		xCall: /^\/2\/tweets$/,
	},
];

it.each(killPoints)('posts once when n8n is killed while $name', async (point) => {
	const before = (await Promise.all(networks.map(journalOf))).flat().length;
	const { size } = await stat(mediaRef);
	const range = point.bytes === 'first' ? '^bytes 0-' : `^bytes \\d+-${size - 1}/`;
	const hang = { kind: point.fault, delayMs: 30_000 };
	const put = { method: 'PUT', pathPattern: '^/upload/', headerPatterns: { 'content-range': range } };
	await control('youtube', 'faults', { add: { ...hang, ...put } });
	await control('x', 'faults', { add: { ...hang, method: 'POST', pathPattern: point.xCall.source } });
	await plan(point.requestId);
	await Promise.all([untilHanging('youtube', 'PUT', /^\/upload\//), untilHanging('x', 'POST', point.xCall)]);
	await test.stack.killN8n();
	for (const network of networks) await control(network, 'faults', { clear: true });
	await letClaimsRunOut();
	await test.stack.restartN8n({ signal: 'SIGKILL' });
	await expectPostedOnce(point.requestId);
	const after = (await Promise.all(networks.map(journalOf))).flat().length;
	expect(after - before).toBe(networks.length);
});

// What is searched for the secrets is everything that this file leaves behind: see bootN8n's stop.
it('keeps the secrets to itself when networks quote requests in their errors', async () => {
	const refusal = { kind: 'status', status: 400, quotesRequest: true, times: 'always' };
	for (const network of platformSchema.options) await control(network, 'faults', { add: refusal });
	try {
		await plan('quoted', platformSchema.options);
		const failed = await waitFor(
			async () => {
				const posts = await listPosts(pool, { requestId: 'quoted' });
				return posts.length > 0 && posts.every(({ lastError }) => lastError !== null) ? posts : undefined;
			},
			{ deadlineMs: 150_000, pollMs: 200 },
		);
		const told = JSON.stringify(failed ?? []);
		expect(failed).toHaveLength(platformSchema.options.length);
		// The quotation did arrive, and lost what must not be told.
		expect(told).toContain('sent with');
		expect(told).not.toContain(secretMark);
	} finally {
		for (const network of platformSchema.options) await control(network, 'faults', { clear: true });
	}
});
