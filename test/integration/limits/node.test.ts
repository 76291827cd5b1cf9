import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { RateLimit } from '../../../nodes/RateLimit/RateLimit.node';
import { openTestPool, type TestPool } from '../database/support';
import { credentialOf, runNode } from '../post-queue/fake-context';
import { expectAfter, noonZone, timed } from './support';

describe('the Rate Limit node', () => {
	let database: TestPool;
	beforeEach(async () => {
		database = await openTestPool();
	});
	afterEach(async () => {
		await closePostgresPools();
		await database.close();
	});

	const run = (parameters: IDataObject, items: readonly IDataObject[] = [{}], continueOnFail = false) =>
		runNode({
			node: new RateLimit(),
			parameters: { platform: 'x', ...parameters },
			items,
			credentials: { stackKraftPostgresApi: credentialOf(database.url) },
			continueOnFail,
		});
	const ofItem = (json: IDataObject): unknown => json['accountId'];
	const one = { limit: [{ endpoint: 'POST /2/tweets', limitTotal: 1, lengthMinutes: 15 }] };

	it('sends each item to Allowed or Wait, paired with where it came from, and a broken one to Wait', async () => {
		const items = [
			{ accountId: 'a', n: 0 },
			{ accountId: 'a', n: 1 },
			{ accountId: '', n: 2 },
			{ accountId: 'b', n: 3 },
		];
		const parameters = { operation: 'reserve', accountId: ofItem as never, options: { ownLimits: one } };
		const [allowed, wait] = await run(parameters, items, true);
		expect(allowed!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 3 }]);
		expect(allowed!.map(({ json }) => json['n'])).toEqual([0, 3]);
		expect(wait!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 2 }]);
		expect(wait![0]!.json).toMatchObject({
			n: 1,
			until: expect.any(String) as string,
			rateLimit: { allowed: false, full: [{ endpoint: 'POST /2/tweets', remaining: 0 }] },
		});
		expect(wait![1]!.json).toMatchObject({ error: expect.stringContaining('Account ID') as string });
		await expect(run(parameters, items)).rejects.toThrow('Account ID');
	});

	it('lets a post that may be out already through without a slot, also when none is left, and says so', async () => {
		const parameters = { operation: 'reserve', accountId: 'a', options: { ownLimits: one } };
		const claimed = { postId: 'p', isOutcomeOpen: true };
		const [allowed, wait] = await run(parameters, [claimed, { isOutcomeOpen: false }, claimed, {}]);
		expect(wait!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 3 }]);
		expect(allowed!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		const spared = { allowed: true, isSpared: true, reason: expect.stringContaining('may be out') as string };
		for (const index of [0, 2]) expect(allowed![index]!.json).toEqual({ ...claimed, rateLimit: spared });
		expect(allowed![1]!.json).toMatchObject({ rateLimit: { forPostOf: { platform: 'x', accountId: 'a' } } });
	});

	it('counts other calls about a post that may be out already', async () => {
		const options = { countsAsPost: false, ownLimits: one };
		const [allowed, wait] = await run({ operation: 'reserve', accountId: 'a', options }, [
			{ isOutcomeOpen: true },
			{ isOutcomeOpen: true },
		]);
		expect([allowed!.length, wait!.length]).toEqual([1, 1]);
		expect(allowed![0]!.json['rateLimit']).not.toHaveProperty('forPostOf');
	});

	it('keeps a budget in dollars by what the network bills for each text', async () => {
		const reserve = (text: string) =>
			run(
				{
					operation: 'reserve',
					accountId: 'a',
					options: { spending: { budget: { amountUsd: 0.23, per: 'month', timeZone: noonZone } } },
				},
				[{ content: { text } }],
			);
		const isAllowed = async (text: string) => (await reserve(text))[0]!.length === 1;
		expect(await isAllowed('Read https://example.com')).toBe(true);
		// 0.20 of 0.23 dollars are gone: two without a link, or none with one.
		expect(await isAllowed('And example.com')).toBe(false);
		expect(await isAllowed('Hello')).toBe(true);
		expect(await isAllowed('World')).toBe(true);
		const [, wait] = await reserve('Again');
		const { until } = wait![0]!.json as { until: string };
		expect(DateTime.fromISO(until, { zone: noonZone })).toMatchObject({ day: 1, hour: 0, minute: 0 });
		await expect(
			run({
				operation: 'reserve',
				accountId: 'a',
				options: { spending: { budget: { amountUsd: 1 } } },
			}),
		).rejects.toThrow('no content');
	});

	it('counts other calls in units, apart from posts', async () => {
		const units = {
			endpoint: 'units',
			limitTotal: 100,
			cost: 50,
			scope: 'app',
			kind: 'calendar-day',
			timeZone: noonZone,
		};
		const parameters = {
			operation: 'reserve',
			platform: 'youtube',
			accountId: 'a',
			options: { countsAsPost: false, ownLimits: { limit: [units] } },
		};
		const [allowed, wait] = await run(parameters, [{}, {}, {}]);
		expect([allowed!.length, wait!.length]).toEqual([2, 1]);
		const [[status]] = (await run({ operation: 'getStatus', platform: 'youtube', accountId: 'a' })) as [
			[{ json: IDataObject }],
		];
		expect(status.json).toMatchObject({ endpoint: 'videos.insert', remaining: 100, limitTotal: 100 });
	});

	it('learns from headers, and the next call waits as long as they say', async () => {
		const headers = JSON.stringify({ 'Retry-After': '600' });
		const answer = { operation: 'learn', accountId: 'a', headers, statusCode: 429 };
		const [output, span] = await timed(async () => await run(answer, [{ kept: true }]));
		const [[learned]] = output as [[{ json: IDataObject }]];
		expect(learned.json).toMatchObject({
			kept: true,
			rateLimit: { learned: true, endpoint: 'POST /2/tweets', limitRemaining: 0 },
		});
		const [, wait] = await run({ operation: 'reserve', accountId: 'a' });
		const { until } = wait![0]!.json as { until: string };
		expectAfter(new Date(until), span, 600);
		const silent = await run({ operation: 'learn', accountId: 'a', headers: {}, statusCode: 200 });
		expect(silent[0]![0]!.json).toMatchObject({ rateLimit: { learned: false } });
		await expect(
			run({ operation: 'learn', accountId: 'a', headers, options: { endpoint: 'nowhere' } }),
		).rejects.toThrow('There is no window "nowhere" on x');
	});
});
