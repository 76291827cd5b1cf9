// What every network promises, kept through the real engine against its strict sandbox. A new network is a
// line in `networks.ts`, and then it has to keep all of this.
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { PublishError } from '../../../lib/publishing/errors';
import { publishPost } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { StandingJournal } from './standing';
import { withMedia, World } from './world';

async function failureOf(work: Promise<unknown>): Promise<PublishError> {
	const error: unknown = await work.then(
		() => new Error('it worked'),
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(PublishError);
	return error as PublishError;
}

describe.each(networks)('$name', (network) => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(network);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	it('publishes the whole media once, and says where', async () => {
		const { live, wasAlreadyPosted } = await publishPost(world.job());
		expect(wasAlreadyPosted).toBe(false);
		expect(world.posts()).toHaveLength(1);
		expect(world.posts()[0]).toMatchObject({
			platformPostId: live.platformPostId,
			visibility: 'public',
			mediaSizeBytes: network.mediaBytes,
		});
		expect((await fetch(live.url)).status).toBe(200);
	});

	it('does not publish again when it is asked to go on with what is posted', async () => {
		const journal = new MemoryJournal();
		const first = await publishPost(world.job({ journal }));
		const second = await publishPost(world.job({ journal }));
		expect(second).toEqual({ live: first.live, wasAlreadyPosted: true, followUps: [] });
		expect(world.posts()).toHaveLength(1);
	});

	it('finds a post whose answer was lost, and sends nothing twice', async () => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...network.commit(network.mediaBytes) });
		const { live, wasAlreadyPosted } = await publishPost(world.job());
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
	});

	it('finds a post that was made before the network stumbled with a 503', async () => {
		world.sandbox.faults.add({
			kind: 'status-after-effect',
			status: 503,
			...network.commit(network.mediaBytes),
		});
		const { live } = await publishPost(world.job());
		expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
	});

	it('posts once when the answer was lost before the call had an effect', async () => {
		world.sandbox.faults.add({ kind: 'drop-before', ...network.commit(network.mediaBytes) });
		await publishPost(world.job());
		expect(world.posts()).toHaveLength(1);
	});

	it('posts once when it stands still right before its call and another worker takes over', async () => {
		const journal = new StandingJournal(world);
		await publishPost(world.job({ journal })).catch(() => undefined);
		expect(journal.tookOver).toMatchObject({ live: {} });
		expect(world.posts()).toHaveLength(1);
	});

	it('says of the one call that could be made twice that it publishes, so that it never goes out late', async () => {
		const job = world.job();
		const said: boolean[] = [];
		const send: typeof job.context.http.send = async (request, signal) => {
			said.push(request.publishes ?? false);
			return await job.context.http.send(request, signal);
		};
		await publishPost({ ...job, context: { ...job.context, http: { send } } });
		// The end of a resumable upload makes one post however often it is sent.
		const isUploadEnd = network.commit(network.mediaBytes).method === 'PUT';
		expect(said.filter(Boolean)).toHaveLength(isUploadEnd ? 0 : 1);
	});

	it('goes on where a cut upload stopped, instead of from the beginning', async () => {
		const cutAfterBytes = 700_000;
		world.sandbox.faults.add({ kind: 'cut-body-after-bytes', bytes: cutAfterBytes, ...network.part });
		await publishPost(world.job());
		expect(world.posts()).toHaveLength(1);
		// At most the piece that was cut goes out again; a restart from zero would double everything.
		expect(world.media.openedBytes).toBeLessThan(2 * network.mediaBytes);
	});

	it('refreshes an expired token once and goes on with the same upload', async () => {
		world.sandbox.faults.add({ kind: 'expire-token', ...(network.withToken ?? network.part) });
		await publishPost(world.job());
		expect(world.authorizer.refreshes).toBe(1);
		expect(world.posts()).toHaveLength(1);
	});

	it('refreshes an expired token at the irreversible call, which a 401 proves to be without effect', async () => {
		const target = network.commitWithToken ?? network.commit(network.mediaBytes);
		world.sandbox.faults.add({ kind: 'expire-token', ...target });
		await publishPost(world.job());
		expect(world.authorizer.refreshes).toBe(1);
		expect(world.posts()).toHaveLength(1);
	});

	it('asks for a new connection when a refreshed token is refused too', async () => {
		world.sandbox.faults.add({ kind: 'status', status: 401, times: 'always', method: 'POST' });
		const error = await failureOf(publishPost(world.job()));
		expect(error.class).toBe('auth');
		expect(error.remedy).toMatch(/connect/i);
		expect(world.authorizer.refreshes).toBe(1);
	});

	it('waits as long as the network says when a window is full, and publishes nothing meanwhile', async () => {
		world.sandbox.faults.add({
			kind: 'status',
			status: 429,
			...(network.limitReason && { reason: network.limitReason }),
			responseHeaders: { 'retry-after': '1234' },
			method: 'POST',
		});
		const error = await failureOf(publishPost(world.job()));
		expect(error.class).toBe('rate-limit');
		const waitSec = (error.retryAt!.getTime() - world.clock.now().getTime()) / 1000;
		expect(waitSec).toBeGreaterThan(1_200);
		expect(waitSec).toBeLessThanOrEqual(1_234);
		expect(world.posts()).toHaveLength(0);
	});

	it('refuses what breaks a rule before a single request', async () => {
		const job = world.job();
		const refused = { ...job, draft: { ...job.draft, content: network.unpostable } };
		const error = await failureOf(publishPost(refused));
		expect(error.class).toBe('validation');
		expect(error.remedy).not.toBe('');
		expect(world.sandbox.journal.requests).toHaveLength(0);
	});

	it('refuses media of 0 bytes before a single request', async () => {
		const job = world.job();
		const empty = job.draft.media.map((media) => ({ ...media, facts: { ...media.facts, sizeBytes: 0 } }));
		const error = await failureOf(publishPost(withMedia(job, empty)));
		expect(error.class).toBe('validation');
		expect(world.sandbox.journal.requests).toHaveLength(0);
	});

	it('says so for good when the network cannot process the media', async () => {
		world.sandbox.faults.add({ kind: 'fail-processing', ...network.processed(network.mediaBytes) });
		if (network.processingFails === 'before-publishing') {
			const error = await failureOf(publishPost(world.job()));
			expect(error.class).toBe('rejected');
			expect(world.posts()).toHaveLength(0);
			return;
		}
		const { live } = await publishPost(world.job());
		await world.clock.sleep(60_000, new AbortController().signal);
		const status = await network.adapter.status(world.context(), live.platformPostId);
		expect(status.state).toBe('failed');
		expect(status.reason).toBeTruthy();
	});

	it('gives one set of numbers per known post, and null where the network says nothing', async () => {
		const { live } = await publishPost(world.job());
		await world.clock.sleep(3_600_000, new AbortController().signal);
		const unknownId = live.platformPostId.replace(/.$/, (last) => (last === '1' ? '2' : '1'));
		const found = await network.adapter.metrics(world.context(), [live.platformPostId, unknownId]);
		expect(found.map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
		const { metrics } = found[0]!;
		expect(typeof metrics.likes).toBe('number');
		expect(metrics[network.neverSays]).toBeNull();
		for (const count of Object.values(metrics)) {
			expect(count === null || (Number.isFinite(count) && count >= 0)).toBe(true);
		}
	});

	it('tells a live post from one that is not there', async () => {
		const { live } = await publishPost(world.job());
		await world.clock.sleep(60_000, new AbortController().signal);
		const context = world.context();
		expect((await network.adapter.status(context, live.platformPostId)).state).toBe('live');
		const unknownId = live.platformPostId.replace(/.$/, (last) => (last === '1' ? '2' : '1'));
		expect((await network.adapter.status(context, unknownId)).state).toBe('deleted');
	});

	it('puts no token and no session address into a log or an error', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'drop-before', times: 'always', skip: 3 });
		const error = await failureOf(publishPost(world.job({ journal })));
		const said = [...world.logged, error.message, JSON.stringify(error), String(error.stack)].join('\n');
		const { handle } = await journal.load();
		const secrets = [...world.tokens, ...sessionSecrets(handle)];
		for (const secret of secrets) expect(said).not.toContain(secret);
	});
});

/** The address of an upload is a key to it. */
function sessionSecrets(handle: unknown): string[] {
	const values = Object.values((handle ?? {}) as Record<string, unknown>);
	const addresses = values.filter((value): value is string => /^https?:/.test(String(value)));
	return addresses.flatMap((address) => [address, new URL(address).search]).filter((secret) => secret !== '');
}
