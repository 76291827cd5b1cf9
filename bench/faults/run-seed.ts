// One seed from its first row to its verdict. Whatever dies is started again, time passes when nothing moves, and
// in the end both sides are counted.
import { connectNats } from '../../lib/queue';
import { streams } from '../../lib/queue/messages';
import type { FaultOrder } from '../../sandbox';
import type { AskedChild, AskedEdge } from './child';
import { draftPosts, removeOwnMedia, type Drafted } from './drafts';
import { FarSide } from './far-side';
import type { Lane } from './lane';
import { Ledger } from './ledger';
import { tallySchema, type Tally } from './messages';
import { lateMs, type EdgeFault, type Plan } from './plan';
import { refreshRequest, storeTokens } from './stored-tokens';
import { strike, type Scene } from './strike';
import { judge, type Verdict } from './verdict';

export interface SeedResult {
	readonly plan: Plan;
	readonly verdicts: readonly Verdict[];
	/** Places where something really broke. */
	readonly points: readonly string[];
	/** What was not asked of it: a worker that died by itself, a request that no client would send. */
	readonly oddities: readonly string[];
	readonly rounds: number;
	readonly story: readonly string[];
	/** Of the last worker, when it lived to the end. */
	readonly tally: Tally | undefined;
}

const maxRounds = 40;
const leaseMs = 120_000;

export async function runSeed(lane: Lane, plan: Plan, name: string): Promise<SeedResult> {
	const url = await lane.newDatabase(name);
	const ledger = new Ledger(url);
	try {
		const kinds = plan.posts.map(({ kind }) => kind);
		const { mediaUrl, mediaFolder } = lane;
		const farSide = await FarSide.open(lane.sandbox, { seed: plan.seed, kinds, mediaUrl });
		const drafts = await draftPosts(plan, { mediaFolder, neededIds: farSide.neededIds });
		return await new SeedRun(lane, plan, { url, ledger, farSide, drafts }).run();
	} finally {
		await ledger.close();
		await removeOwnMedia(plan, lane.mediaFolder);
		await lane.dropDatabase(name).catch(() => undefined);
	}
}

interface Place {
	readonly url: string;
	readonly ledger: Ledger;
	readonly farSide: FarSide;
	readonly drafts: readonly Drafted[];
}

class SeedRun {
	private worker: AskedChild | undefined;
	private isOpen = false;
	/** Stand still in the middle of their work, to wake up when somebody else has done it. */
	private readonly suspended: AskedChild[] = [];
	private readonly open = new Set<EdgeFault>();
	private readonly points: string[] = [];
	private readonly oddities: string[] = [];
	private readonly notes: string[] = [];
	private striking: Promise<void> = Promise.resolve();
	private started = 0;
	private abandon = (): void => undefined;

	constructor(
		private readonly lane: Lane,
		private readonly plan: Plan,
		private readonly place: Place,
	) {}

	async run(): Promise<SeedResult> {
		await this.prepare();
		const postIds = await this.takeIn();
		let rounds = 1;
		for (; rounds <= maxRounds; rounds++) {
			await this.round();
			if (await this.isOver(postIds)) break;
			await this.letTimePass();
		}
		await this.wakeSuspended();
		return await this.result(postIds, rounds);
	}

	private async prepare(): Promise<void> {
		const { farSide, ledger } = this.place;
		await purgeStreams(this.lane.natsUrl);
		for (const [platform, access] of Object.entries(farSide.access)) {
			const network = this.plan.posts.find(({ kind }) => kind.platform === platform)?.kind.platform;
			if (network) await storeTokens(ledger.pool, network, access);
		}
		for (const fault of this.plan.faults) {
			if (fault.place === 'edge') this.open.add(fault);
			if (fault.place !== 'http') continue;
			await farSide.addFault(fault.order);
			if (fault.kind === 'token-rotated') await this.useUpRefreshToken(fault.order);
		}
	}

	/** Somebody else refreshed with it: what we hold is worth nothing, and on some networks ends the account. */
	private async useUpRefreshToken({ network }: FaultOrder): Promise<void> {
		const platform = this.plan.posts.find(({ kind }) => kind.platform === network)?.kind.platform;
		const access = this.place.farSide.access[network ?? ''];
		if (!platform || !access) return;
		const request = refreshRequest(platform, access, access.refreshToken);
		if (!request || typeof request.body !== 'string') return;
		const { body, headers = {}, url, method } = request;
		await fetch(url, { method, body, headers: { ...headers } });
	}

	private async takeIn(): Promise<readonly string[]> {
		const posts = this.place.drafts.map(({ request }) => request);
		for (let attempt = 1; attempt <= maxRounds; attempt++) {
			const accepted = await this.order({ do: 'intake', posts });
			if (Array.isArray(accepted)) return accepted.map(String);
			await this.place.ledger.letTimePass(this.suspended.length > 0);
		}
		throw new Error(['the request was never accepted', ...this.notes].join('\n'));
	}

	private async round(): Promise<void> {
		await this.order({ do: 'tick', offsetMs: await this.place.farSide.offsetMs() });
		await this.order({ do: 'settle' });
	}

	/** @returns undefined when it could not be done: a later round does it. */
	private async order(order: object): Promise<unknown> {
		try {
			const worker = await this.livingWorker();
			return await this.unlessLeft(worker.ask(order));
		} catch (error) {
			this.notes.push(
				`order not done: ${JSON.stringify(order).slice(0, 40)}: ${String(error).slice(0, 1_000)}`,
			);
			return undefined;
		} finally {
			await this.striking;
		}
	}

	/** An order to a worker that a fault took away from us is not waited for. */
	private async unlessLeft(done: Promise<unknown>): Promise<unknown> {
		const left = new Promise<never>((_resolve, reject) => {
			this.abandon = () => reject(new Error('the worker is gone or stands still'));
		});
		left.catch(() => undefined);
		done.catch(() => undefined);
		return await Promise.race([done, left]);
	}

	private async livingWorker(): Promise<AskedChild> {
		const { worker: present } = this;
		if (present && !present.isGone && this.isOpen) return present;
		if (present?.isGone) this.oddities.push('a worker died by itself');
		// Its start broke off; a supervisor would end and start it again.
		else await present?.kill();
		this.isOpen = false;
		const worker = await this.lane.worker();
		worker.onEdge = (edge) => {
			this.striking = this.striking
				.then(async () => this.strike(worker, edge))
				.catch((error: unknown) => {
					this.oddities.push(`the fault itself broke: ${String(error)}`);
					worker.go();
				});
		};
		const skews = this.plan.faults.flatMap((fault) => (fault.place === 'clock' ? fault.skewsMs : []));
		const isSlow = this.plan.faults.some(({ kind }) => kind === 'answer-late');
		const skewMs = skews[this.started] ?? 0;
		this.started += 1;
		this.worker = worker;
		const opened = worker.ask({
			do: 'open',
			postgresUrl: this.place.url,
			natsUrl: this.lane.natsUrl,
			mediaUrl: this.lane.mediaUrl,
			networks: this.place.farSide.access,
			skewMs,
			offsetMs: await this.place.farSide.offsetMs(),
			haltAt: [...this.open].map(({ at }) => at),
			longestHttpMs: isSlow ? lateMs.deadline : 60_000,
			concurrency: this.plan.faults.some(({ kind }) => kind === 'duplicate') ? 3 : 1,
		});
		await this.unlessLeft(opened);
		this.isOpen = true;
		return worker;
	}

	private async strike(worker: AskedChild, edge: AskedEdge): Promise<void> {
		const fault = [...this.open].find(({ at }) => at === edge.number);
		if (!fault || worker.isGone) return worker.go();
		this.open.delete(fault);
		this.points.push(`${fault.kind} at edge ${edge.number}, ${edge.label}`);
		const scene: Scene = { lane: this.lane, ledger: this.place.ledger, worker };
		const isOurs = await strike(fault.kind, scene);
		if (isOurs) return;
		if (fault.kind === 'suspend') this.suspended.push(worker);
		if (this.worker === worker) this.worker = undefined;
		this.abandon();
	}

	private async isOver(postIds: readonly string[]): Promise<boolean> {
		const posts = await this.place.ledger.posts();
		return (
			posts.length >= postIds.length &&
			posts.every(({ state, isTold }) => state === 'posted' || (state === 'failed' && isTold))
		);
	}

	private async letTimePass(): Promise<void> {
		const { ledger, farSide } = this.place;
		const posts = await ledger.posts();
		const open = posts.filter(({ state }) => state !== 'posted' && state !== 'failed');
		const farMs = Date.now() + (await farSide.offsetMs());
		const waits = open.map(({ nextAttemptAt }) => nextAttemptAt.getTime() - farMs);
		await farSide.advance(Math.max(leaseMs, ...waits));
		await ledger.letTimePass(this.suspended.length > 0);
	}

	/** Late, and convinced that the post is still theirs. */
	private async wakeSuspended(): Promise<void> {
		for (const worker of this.suspended) {
			// Its clock went on while it stood still, like that of any machine that wakes up.
			const offsetMs = await this.place.farSide.offsetMs();
			await worker.ask({ do: 'time', offsetMs }).catch(() => undefined);
			worker.go();
			await worker.ask({ do: 'settle' }).catch(() => undefined);
		}
		await this.striking;
	}

	private async result(postIds: readonly string[], rounds: number): Promise<SeedResult> {
		const { farSide, ledger } = this.place;
		const recorded = await ledger.posts();
		const seen = await farSide.publicPosts();
		const verdicts = postIds.map((postId, index) =>
			judge(
				{
					postId,
					mark: this.place.drafts[index]?.mark ?? '',
					isKnownByAddress: this.plan.posts[index]?.kind.isKnownByAddress ?? false,
				},
				recorded.find((post) => post.postId === postId),
				seen,
			),
		);
		this.oddities.push(...(await farSide.unexpected()));
		await this.tellHttpPoints();
		const stories = await Promise.all(postIds.map(async (postId) => ledger.story(postId)));
		const story = [...(await farSide.requests()), ...stories.flat(), ...this.notes];
		const tally = await this.leave();
		const { plan, points, oddities } = this;
		return { plan, verdicts, points, oddities, rounds, story, tally };
	}

	private async tellHttpPoints(): Promise<void> {
		const struck = (await this.place.farSide.requests()).filter((line) => line.endsWith(']'));
		this.points.push(...struck.map((line) => line.replace(/^\S+ /, '')));
	}

	private async leave(): Promise<Tally | undefined> {
		await Promise.all(this.suspended.map(async (worker) => worker.kill()));
		const { worker } = this;
		if (!worker || worker.isGone) return undefined;
		try {
			const tally = tallySchema.parse(await worker.ask({ do: 'close' }));
			this.lane.giveBack(worker);
			return tally;
		} catch {
			await worker.kill();
			return undefined;
		}
	}
}

async function purgeStreams(natsUrl: string): Promise<void> {
	const connection = await connectNats({
		servers: [natsUrl],
		authentication: { kind: 'none' },
		name: 'supervisor',
	});
	try {
		const manager = await connection.jetstreamManager({ checkAPI: false });
		for (const { name } of Object.values(streams)) {
			await manager.streams.delete(name).catch(() => undefined);
		}
	} finally {
		await connection.close();
	}
}
