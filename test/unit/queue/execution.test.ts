import type { IRun } from 'n8n-workflow';
import type { Delivery } from '../../../lib/queue';
import { runWorkflow, type TriggerHost } from '../../../nodes/NatsJetStreamTrigger/execution';

const delivery: Delivery = {
	subject: 'content.extract.talk',
	payload: { requestId: 'r1' },
	headers: { 'X-Trace': '7' },
	stream: 'CONTENT_EXTRACT',
	streamSequence: 12,
	deliveryCount: 2,
	publishedAt: new Date('2026-01-02T03:04:05Z'),
};

interface Deferred {
	readonly promise: Promise<IRun>;
	resolve(run: IRun): void;
	reject(error: Error): void;
}

function fakeHost(onEmit: (done: Deferred) => void) {
	const emitted: unknown[] = [];
	const host = {
		emit: (data: unknown, _response: unknown, done: Deferred) => {
			emitted.push(data);
			onEmit(done);
		},
		helpers: {
			createDeferredPromise: () => {
				const parts: Partial<Deferred> = {};
				const promise = new Promise<IRun>((resolve, reject) => Object.assign(parts, { resolve, reject }));
				return { ...parts, promise };
			},
		},
	} as unknown as TriggerHost;
	return { host, emitted };
}

const patient = { giveUpMinutes: 60, signal: new AbortController().signal };
const succeeded = { status: 'success' } as IRun;

afterEach(() => jest.useRealTimers());

it('gives the next node the message and, beside it, where it came from', async () => {
	const { host, emitted } = fakeHost((done) => done.resolve(succeeded));
	await runWorkflow(host, delivery, patient);
	expect(emitted).toEqual([
		[
			[
				{
					json: {
						message: { requestId: 'r1' },
						subject: 'content.extract.talk',
						stream: 'CONTENT_EXTRACT',
						streamSequence: 12,
						deliveryCount: 2,
						headers: { 'X-Trace': '7' },
						publishedAt: '2026-01-02T03:04:05.000Z',
					},
				},
			],
		],
	]);
});

it('says nothing about the message before n8n has said how the execution ended', async () => {
	let end: Deferred | undefined;
	const { host } = fakeHost((done) => (end = done));
	let answered = false;
	const outcome = runWorkflow(host, delivery, patient).finally(() => (answered = true));
	await new Promise(setImmediate);
	expect(answered).toBe(false);
	end?.resolve(succeeded);
	expect(await outcome).toEqual({ kind: 'done' });
});

it('tries again when n8n never answers', async () => {
	jest.useFakeTimers();
	const { host } = fakeHost(() => undefined);
	const outcome = runWorkflow(host, delivery, { ...patient, giveUpMinutes: 2 });
	jest.advanceTimersByTime(119_000);
	jest.advanceTimersByTime(2_000);
	expect(await outcome).toMatchObject({ kind: 'retry', errorClass: 'no-answer' });
});

it('takes an answer that comes after it gave up for nothing, and leaves no rejection unheard', async () => {
	jest.useFakeTimers();
	let end: Deferred | undefined;
	const { host } = fakeHost((done) => (end = done));
	const outcome = runWorkflow(host, delivery, { ...patient, giveUpMinutes: 1 });
	jest.advanceTimersByTime(61_000);
	expect(await outcome).toMatchObject({ kind: 'retry' });
	jest.useRealTimers();
	const unheard: unknown[] = [];
	const listen = (reason: unknown): void => void unheard.push(reason);
	process.on('unhandledRejection', listen);
	end?.reject(new Error('late'));
	await new Promise(setImmediate);
	process.off('unhandledRejection', listen);
	expect(unheard).toEqual([]);
});

it('tries again when the workflow cannot even be handed over', async () => {
	const { host } = fakeHost(() => {
		throw new Error('n8n is going down');
	});
	expect(await runWorkflow(host, delivery, patient)).toMatchObject({
		kind: 'retry',
		reason: 'n8n is going down',
	});
});
