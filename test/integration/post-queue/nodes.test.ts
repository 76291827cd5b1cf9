import { randomUUID } from 'node:crypto';
import { connect } from 'nats';
import type { ICredentialDataDecryptedObject, ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { getPost, PostgresJournal, type Post } from '../../../lib/database';
import { adapterFor } from '../../../lib/platforms/registry';
import type { MediaFacts } from '../../../lib/publishing/adapter';
import { closePooledConnections } from '../../../lib/queue';
import { PostQueue } from '../../../nodes/PostQueue/PostQueue.node';
import { RateLimit } from '../../../nodes/RateLimit/RateLimit.node';
import { closePostgresPools, testPostgresCredential } from '../../../nodes/shared/postgres';
import { SocialAnalytics } from '../../../nodes/SocialAnalytics/SocialAnalytics.node';
import { anHourAgo, makeClip, openTestPool, type TestPool } from '../database/support';
import { credentialOf, runNode } from './fake-context';

describe('nodes on PostgreSQL', () => {
	let database: TestPool;
	let credentials: Record<string, ICredentialDataDecryptedObject>;
	beforeAll(async () => {
		database = await openTestPool();
		credentials = {
			stackKraftPostgresApi: credentialOf(database.url),
			stackKraftNatsApi: { servers: process.env['STACKKRAFT_TEST_NATS_URL']!, authentication: 'none' },
		};
	});
	afterAll(async () => {
		await closePostgresPools();
		await closePooledConnections();
		await database.close();
	});

	const postQueue = new PostQueue();
	const post = (operation: string, parameters: IDataObject, items?: IDataObject[]) =>
		runNode({
			node: postQueue,
			parameters: { resource: 'post', operation, ...parameters },
			items: items ?? [{}],
			credentials,
		});

	async function addClips(clips: number, accountId = `a${randomUUID().slice(0, 8)}`): Promise<IDataObject[]> {
		const [items] = await runNode({
			node: postQueue,
			parameters: {
				resource: 'clip',
				operation: 'add',
				requestId: randomUUID(),
				clip: ((json: IDataObject) => json) as unknown as IDataObject,
				targetsMode: 'json',
				targetsJson: JSON.stringify([{ platform: 'x', accountId }]),
				options: { spacingMinutes: 30, startAt: anHourAgo().toISOString() },
			},
			items: Array.from({ length: clips }, () => makeClip() as unknown as IDataObject),
			credentials,
		});
		return items!.map(({ json }) => json);
	}

	it('plans all clips of a request together and pairs each post with its clip', async () => {
		const clips = [makeClip(), makeClip(), makeClip()] as unknown as IDataObject[];
		const [items] = await runNode({
			node: postQueue,
			parameters: {
				resource: 'clip',
				operation: 'add',
				requestId: 'together',
				clip: ((json: IDataObject) => JSON.stringify(json)) as unknown as IDataObject,
				targetsMode: 'fields',
				targets: { account: [{ platform: 'x', accountId: 'main' }] },
				options: { spacingMinutes: 10 },
			},
			items: clips,
			credentials,
		});
		expect(items!.map(({ json }) => json['clipId'])).toEqual(clips.map(({ clipId }) => clipId));
		expect(items!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		const times = items!.map(({ json }) => Date.parse(String(json['scheduledAt'])));
		expect([times[1]! - times[0]!, times[2]! - times[1]!]).toEqual([600_000, 600_000]);
		expect(items![0]!.json).toMatchObject({ isNew: true, mediaPath: clips[0]!['path'], state: 'pending' });
	});

	it('plans stories and drafts of a clip so that their networks take them, without its words', async () => {
		const wordless = [
			{ platform: 'instagram', accountId: 'stories', options: { placement: 'story' } },
			{ platform: 'facebook', accountId: 'stories', options: { placement: 'story' } },
			{ platform: 'tiktok', accountId: 'stories', options: { delivery: 'inbox' } },
		] as const;
		const [items] = await runNode({
			node: postQueue,
			parameters: {
				resource: 'clip',
				operation: 'add',
				requestId: randomUUID(),
				clip: ((json: IDataObject) => json) as unknown as IDataObject,
				targetsMode: 'json',
				targetsJson: [...wordless, { platform: 'instagram', accountId: 'reels' }] as unknown as IDataObject,
				options: {},
			},
			items: [makeClip() as unknown as IDataObject],
			credentials,
		});
		const video: MediaFacts = { kind: 'video', mimeType: 'video/mp4', sizeBytes: 1_000_000, durationSec: 30 };
		const planned = items!.map(({ json }) => {
			const { platform, accountId, content } = json as unknown as Post;
			return [
				platform,
				accountId,
				adapterFor(platform).validate(content, [{ facts: video }]),
				'text' in content,
			];
		});
		expect(planned).toHaveLength(4);
		expect(planned).toEqual(
			expect.arrayContaining([
				...wordless.map(({ platform, accountId }) => [platform, accountId, [], false]),
				['instagram', 'reels', [], true],
			]),
		);
	});

	it('creates a post of several pictures for the queue, once for each key, and refuses another content', async () => {
		const [idempotencyKey, accountId] = [randomUUID(), `a${randomUUID().slice(0, 8)}`];
		const media = [
			{ ref: '/pictures/one.jpg', altText: 'A bridge' },
			{ ref: 'https://media.example.com/two.jpg' },
		];
		const album = {
			idempotencyKey,
			platform: 'instagram',
			accountId,
			contentMode: 'fields',
			text: 'Two bridges',
			media: { medium: media },
			// As the editor's date field gives it: the workflow's zone is meant.
			scheduledAt: '2030-01-01T10:00:00',
			additionalFields: { options: '{"firstComment":"Which one?"}' },
		};
		const [made] = await post('create', album);
		expect(made![0]!.json).toMatchObject({
			isNew: true,
			state: 'pending',
			platform: 'instagram',
			content: { text: 'Two bridges', options: { firstComment: 'Which one?' } },
			media,
			scheduledAt: '2029-12-31T21:00:00.000Z',
		});
		const postId = String(made![0]!.json['postId']);
		const { rows } = await database.pool.query(
			'select subject, available_at from stackkraft.outbox where post_id = $1',
			[postId],
		);
		expect(rows).toEqual([
			{
				subject: `content.publish.instagram.${accountId}`,
				available_at: new Date('2029-12-31T21:00:00Z'),
			},
		]);
		const [again] = await post('create', album);
		expect(again![0]!.json).toMatchObject({ isNew: false, postId });
		await expect(post('create', { ...album, text: 'Three bridges' })).rejects.toMatchObject({
			message: expect.stringContaining('other content') as string,
			description: expect.stringContaining('new key') as string,
		});
	});

	it('creates posts of words alone from JSON, due at once, and says what a post lacks', async () => {
		const fromJson = (contentJson: unknown, mediaJson: unknown = []): Promise<unknown> =>
			post('create', {
				idempotencyKey: randomUUID(),
				platform: 'threads',
				accountId: 'words',
				contentMode: 'json',
				contentJson: contentJson as IDataObject,
				mediaJson: mediaJson as IDataObject,
			});
		const [made] = (await fromJson('{"text":"Only words"}')) as [{ json: IDataObject }[]];
		expect(made[0]!.json).toMatchObject({ content: { text: 'Only words' }, media: [], mediaPath: null });
		const [claimed] = await post('claim', { postId: made[0]!.json['postId']!, leaseSec: 60 });
		expect(claimed).toHaveLength(1);
		await expect(fromJson({ text: ' ' })).rejects.toMatchObject({
			message: expect.stringContaining('neither words nor media') as string,
		});
		await expect(fromJson({ text: 'x' }, [{ ref: 'picture.jpg' }])).rejects.toMatchObject({
			message: expect.stringContaining('an absolute path or a web address') as string,
		});
	});

	it('sends a claimed post out on Claimed with all that a publisher needs, and others on Not Claimed', async () => {
		const [added] = await addClips(1);
		const { postId, mediaPath, content } = added!;
		const [won, lost] = await post('claim', { postId: postId!, leaseSec: 60 });
		expect(lost).toEqual([]);
		expect(won).toEqual([
			{
				json: expect.objectContaining({
					claimed: true,
					postId,
					claimEpoch: 1,
					mediaPath,
					content,
					isOutcomeOpen: false,
				}),
				pairedItem: { item: 0 },
			},
		]);
		expect(JSON.stringify(won)).not.toContain('handle');
		const [wonAgain, lostAgain] = await post('claim', { postId: postId!, leaseSec: 60 });
		expect(wonAgain).toEqual([]);
		expect(lostAgain![0]!.json).toMatchObject({ claimed: false, reason: 'busy', postId });
	});

	it('gives a claim back when the limit says wait, and passes the post through when it says go', async () => {
		const [first, second] = await addClips(2, 'limited');
		const ownLimits = { limit: [{ endpoint: 'POST /2/tweets', limitTotal: 1, lengthMinutes: 15 }] };
		const through = async (added: IDataObject): Promise<IDataObject[][]> => {
			const [claimed] = await post('claim', { postId: added['postId']!, leaseSec: 60 });
			const outputs = await runNode({
				node: new RateLimit(),
				parameters: { operation: 'reserve', platform: 'x', accountId: 'limited', options: { ownLimits } },
				items: claimed!.map(({ json }) => json),
				credentials,
			});
			return outputs.map((items) => items.map(({ json }) => json));
		};
		const [allowed, nobody] = await through(first!);
		expect(nobody).toEqual([]);
		expect(allowed![0]).toMatchObject({ postId: first!['postId'], rateLimit: { allowed: true } });
		const [none, waiting] = await through(second!);
		expect(none).toEqual([]);
		const { postId, claimEpoch, until } = waiting![0]!;
		const [deferred] = await post('defer', { postId: postId!, claimEpoch: claimEpoch!, until: until! });
		expect(deferred![0]!.json).toMatchObject({ state: 'pending', nextAttemptAt: until, retryCount: 0 });

		const { rateLimit } = allowed![0] as { rateLimit: { reservationId: string } };
		const parameters = { operation: 'release', reservationId: rateLimit.reservationId };
		const [released] = await runNode({ node: new RateLimit(), parameters, credentials });
		expect(released![0]!.json).toMatchObject({ released: true });
	});

	it('sends what is due to JetStream once, and creates the streams when they are not there', async () => {
		const [added] = await addClips(1, 'dispatched');
		const connection = await connect({ servers: process.env['STACKKRAFT_TEST_NATS_URL']! });
		const manager = await connection.jetstreamManager();
		const dispatch = () =>
			runNode({ node: postQueue, parameters: { resource: 'queue', operation: 'dispatchDue' }, credentials });
		const isSent = async (): Promise<boolean> => {
			await dispatch().catch((error: unknown) => {
				if (!(error instanceof NodeOperationError)) throw error;
			});
			await database.pool.query(
				'update stackkraft.outbox set available_at = now() where sent_at is null and last_error is not null',
			);
			return (await getPost(database.pool, String(added!['postId']))).state === 'queued';
		};
		let hasLeft = false;
		for (let tick = 0; tick < 5 && !hasLeft; tick++) hasLeft = await isSent();
		expect(hasLeft).toBe(true);
		const message = await manager.streams.getMessage('CONTENT_PUBLISH', {
			last_by_subj: 'content.publish.x.dispatched',
		});
		expect(message.json()).toEqual({
			version: 1,
			postId: added!['postId'],
			platform: 'x',
			accountId: 'dispatched',
		});
		const before = (await manager.streams.info('CONTENT_PUBLISH')).state.messages;
		const [again] = await dispatch();
		expect(again![0]!.json).toMatchObject({ relayed: 0, failed: 0 });
		expect((await manager.streams.info('CONTENT_PUBLISH')).state.messages).toBe(before);
		await connection.close();
	});

	it('tells the story of a post, keeps its dead letter and redrives it', async () => {
		const [added] = await addClips(1);
		const postId = String(added!['postId']);
		const [claimed] = await post('claim', { postId, leaseSec: 60 });
		const epoch = Number(claimed![0]!.json['claimEpoch']);
		const error = { class: 'validation', message: 'too long' } as const;
		await new PostgresJournal({ pool: database.pool, postId, epoch }).recordDecision({
			kind: 'failed',
			error,
		});
		const { rows } = await database.pool.query<{ payload: IDataObject }>(
			`select payload from stackkraft.outbox where post_id = $1 and kind = 'dead-letter'`,
			[postId],
		);
		const queue = (operation: string, parameters: IDataObject) =>
			runNode({ node: postQueue, parameters: { resource: 'queue', operation, ...parameters }, credentials });
		const [recorded] = await queue('recordDeadLetter', { deadLetter: rows[0]!.payload });
		expect(recorded![0]!.json).toMatchObject({
			isNew: true,
			errorClass: 'validation',
			post: { postId, state: 'failed' },
		});
		const [alert] = await queue('raiseAlert', { severity: 'critical', title: 'A post failed', options: {} });
		expect(alert![0]!.json).toMatchObject({ severity: 'critical', source: 'A workflow', isNew: true });
		const [redriven] = await post('redrive', { redriveMode: 'class', errorClass: 'validation', limit: 10 });
		expect(redriven!.map(({ json }) => json['postId'])).toEqual([postId]);
		const [cancelled] = await post('cancel', { postId, reason: 'enough' });
		expect(cancelled![0]!.json).toMatchObject({ state: 'cancelled' });
		const [story] = await post('getStory', { postId });
		const told = story!.map(({ json }) => json['toState']).filter((state) => state !== null);
		expect(told).toEqual(['pending', 'publishing', 'failed', 'pending', 'cancelled']);
	});

	it('saves the numbers of a posted post and asks for those that are due', async () => {
		const [added] = await addClips(1, 'measured');
		const postId = String(added!['postId']);
		const [claimed] = await post('claim', { postId, leaseSec: 60 });
		const epoch = Number(claimed![0]!.json['claimEpoch']);
		const live = { platformPostId: `n${postId}`, url: 'https://x.com/i/status/1' };
		await new PostgresJournal({ pool: database.pool, postId, epoch }).recordLive(live);
		const analytics = (parameters: IDataObject) =>
			runNode({ node: new SocialAnalytics(), parameters, credentials });
		const [due] = await analytics({ operation: 'getDuePosts', platforms: ['x'] });
		expect(due!.map(({ json }) => json)).toContainEqual({
			platform: 'x',
			accountId: 'measured',
			postIds: [postId],
			platformPostIds: [live.platformPostId],
		});
		const [saved] = await analytics({
			operation: 'saveMetrics',
			findBy: 'platformPostId',
			platform: 'x',
			platformPostId: live.platformPostId,
			metrics: { views: 200, likes: 10 },
			raw: '',
		});
		expect(saved![0]!.json).toMatchObject({
			postId,
			engagementRate: 0.05,
			metrics: { views: 200, comments: null },
		});
		const [snapshots] = await analytics({ operation: 'getMany', limit: 5, filterPostId: postId });
		expect(snapshots).toHaveLength(1);
	});

	it('says what is wrong and with which item, and goes on with the others when told to', async () => {
		const [added] = await addClips(1);
		const postId = ((json: IDataObject) => json['postId']) as unknown as IDataObject;
		const items = [{ postId: 'nonsense' }, { postId: added!['postId']! }, { postId: randomUUID() }];
		await expect(post('get', { postId }, items)).rejects.toMatchObject({
			message: expect.stringContaining('not one of ours') as string,
			context: expect.objectContaining({ itemIndex: 0 }) as object,
		});
		const [output] = await runNode({
			node: postQueue,
			parameters: { resource: 'post', operation: 'get', postId },
			items,
			credentials,
			continueOnFail: true,
		});
		expect(output!.map(({ pairedItem, error }) => [pairedItem, error?.description])).toEqual([
			[{ item: 0 }, undefined],
			[{ item: 1 }, undefined],
			[{ item: 2 }, 'Check the post id; Post Queue → Get Many lists the posts there are.'],
		]);
	});

	it('says what to do when the tables are not there or the server is away', async () => {
		const url = new URL(database.url);
		url.pathname = '/postgres';
		const bare = { stackKraftPostgresApi: credentialOf(url.href) };
		const setUp = {
			node: postQueue,
			parameters: { resource: 'post', operation: 'get', postId: randomUUID() },
		};
		await expect(runNode({ ...setUp, credentials: bare })).rejects.toMatchObject({
			message: expect.stringContaining('not in this database') as string,
			description: expect.stringContaining('Set Up Database') as string,
		});
		const away = { stackKraftPostgresApi: { ...bare.stackKraftPostgresApi, port: 1 } };
		await expect(runNode({ ...setUp, credentials: away })).rejects.toMatchObject({
			message: expect.stringContaining('cannot be reached') as string,
		});
	});

	it('tests the credential in words, without telling the password', async () => {
		const good = credentials['stackKraftPostgresApi']!;
		const test = async (data: ICredentialDataDecryptedObject): Promise<unknown> =>
			testPostgresCredential.call({} as ICredentialTestFunctions, { id: '1', name: 'c', type: 't', data });
		expect(await test(good)).toEqual({ status: 'OK', message: 'Connected.' });
		const wrong = (await test({ ...good, password: 'pl4nted-secret' })) as {
			status: string;
			message: string;
		};
		expect(wrong.status).toBe('Error');
		expect(wrong.message).not.toContain('pl4nted-secret');
		expect(await test({ ...good, host: '' })).toMatchObject({ status: 'Error' });
		expect(await test({ ...good, port: 1 })).toMatchObject({ status: 'Error' });
	});
});
