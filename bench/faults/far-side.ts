// The pretend networks as the supervisor sees them: what they are told to break, what became public, what was asked.
import { request } from 'undici';
import { z } from 'zod';
import type { FaultOrder } from '../../sandbox';
import type { PublicPost } from './verdict';
import type { AskedChild } from './child';
import { linkedInPage, type PostKind } from './kinds';
import { findAllNeeded } from './needed';
import { openedSandboxSchema } from './sandbox-process';

const journalSchema = z.object({
	posts: z.array(
		z.object({
			network: z.string(),
			platformPostId: z.string(),
			url: z.string(),
			title: z.string(),
			text: z.string(),
			media: z.array(z.object({ sha256: z.string() })),
			deletedAt: z.string().optional(),
		}),
	),
	unexpected: z.array(z.object({ method: z.string(), path: z.string(), why: z.string() })),
});

const requestsSchema = z.object({
	requests: z.array(
		z.object({
			network: z.string(),
			method: z.string(),
			path: z.string(),
			at: z.string(),
			faults: z.array(z.string()),
			status: z.number().optional(),
			outcome: z.string(),
		}),
	),
});

export type Access = z.infer<typeof openedSandboxSchema>;

export class FarSide {
	private constructor(
		readonly access: Access,
		private readonly controlUrl: string,
		/** Of each post in its order; empty where it needs nothing. */
		readonly neededIds: readonly string[],
	) {}

	static async open(
		sandbox: AskedChild,
		{ seed, kinds, mediaUrl }: { seed: number; kinds: readonly PostKind[]; mediaUrl: string },
	): Promise<FarSide> {
		const accounts = { linkedin: { organizationIds: [linkedInPage] } };
		const settings = { tiktok: { verifiedUrlPrefixes: [mediaUrl] } };
		const networks = [...new Set(kinds.map(({ platform }) => platform))];
		const order = { seed: `faults-${seed}`, networks, accounts, settings };
		const access = openedSandboxSchema.parse(await sandbox.ask(order));
		const [first] = Object.values(access);
		if (!first) throw new Error('a seed without networks');
		return new FarSide(access, first.baseUrl, await findAllNeeded(kinds, access));
	}

	async addFault(fault: FaultOrder): Promise<void> {
		await this.control('faults', { add: fault });
	}

	/** Those that no request has met yet. */
	async openFaults(): Promise<number> {
		return z.object({ faults: z.array(z.unknown()) }).parse(await this.control('faults')).faults.length;
	}

	async advance(byMs: number): Promise<void> {
		await this.control('clock', { advanceMs: byMs });
	}

	/** How far the networks' time is ahead of this machine's. */
	async offsetMs(): Promise<number> {
		const { now } = z.object({ now: z.string() }).parse(await this.control('health'));
		return Date.parse(now) - Date.now();
	}

	async publicPosts(): Promise<readonly PublicPost[]> {
		const { posts } = journalSchema.parse(await this.control('journal'));
		return posts
			.filter(({ deletedAt }) => deletedAt === undefined)
			.map(({ platformPostId, url, title, text, media }) => ({
				platformPostId,
				url,
				words: [title, text, ...media.map(({ sha256 }) => sha256)].join('\n'),
			}));
	}

	/** What no client of the real network would ask. */
	async unexpected(): Promise<readonly string[]> {
		const { unexpected } = journalSchema.parse(await this.control('journal'));
		return unexpected.map(({ method, path, why }) => `${method} ${path}: ${why}`);
	}

	async requests(): Promise<readonly string[]> {
		const { requests } = requestsSchema.parse(await this.control('requests'));
		return requests.map(
			({ network, method, path, at, faults, status, outcome }) =>
				`${at} ${network} ${method} ${path} → ${status ?? outcome}${faults.length > 0 ? ` [${faults.join(', ')}]` : ''}`,
		);
	}

	private async control(path: string, body?: object): Promise<unknown> {
		const answer = await request(`${this.controlUrl}/_sandbox/${path}`, {
			method: body ? 'POST' : 'GET',
			headersTimeout: 10_000,
			...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
		});
		if (answer.statusCode !== 200) throw new Error(`the sandbox refused: ${await answer.body.text()}`);
		return await answer.body.json();
	}
}
