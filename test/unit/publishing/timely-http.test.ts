// Between the mark and the call that publishes a whole machine can stand still, while another worker posts.
import { xAdapter } from '../../../lib/platforms/x/adapter';
import type { AdapterContext, PlatformAdapter } from '../../../lib/publishing/adapter';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { HttpRequest, HttpResponse } from '../../../lib/publishing/ports';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';

const start = new Date('2026-11-20T12:00:00Z');
const read: HttpRequest = { method: 'GET', url: 'https://example.test/state', deadlineMs: 1_000 };
const call: HttpRequest = { ...read, method: 'POST', publishes: true };
const live = { platformPostId: '1', url: 'https://example.test/1' };

class Scene {
	nowMs = start.getTime();
	readonly sent: string[] = [];
	readonly journal = new MemoryJournal();

	job(commit: (context: AdapterContext) => Promise<void>): PublishJob {
		const answer: HttpResponse = { status: 200, headers: {}, bodyText: '' };
		const adapter: PlatformAdapter = {
			...xAdapter,
			validate: () => [],
			prepare: async () => ({}),
			upload: async (_context, _draft, { handle }) => handle,
			commit: async (context) => {
				await commit(context);
				return live;
			},
			find: async () => {
				throw new Error('nobody has to look');
			},
		};
		const context: AdapterContext = {
			http: {
				send: async ({ method }) => {
					this.sent.push(method);
					return answer;
				},
			},
			authorizer: { getToken: async () => 't', refreshToken: async () => 't' },
			clock: { now: () => new Date(this.nowMs), sleep: async () => undefined },
			log: { info: () => undefined, warn: () => undefined },
			signal: new AbortController().signal,
		};
		return { adapter, context, draft: { content: {}, media: [] }, journal: this.journal };
	}
}

describe('the call that publishes', () => {
	it.each([31_000, 3_600_000, -3_600_000])(
		'is not sent when %i ms passed since its mark, and the mark is taken back',
		async (passedMs) => {
			const scene = new Scene();
			const job = scene.job(async ({ http, signal }) => {
				scene.nowMs += passedMs;
				await http.send(call, signal);
			});
			await expect(publishPost(job)).rejects.toMatchObject({ class: 'network', code: 'stood-still' });
			expect(scene.sent).toEqual([]);
			expect((await scene.journal.load()).commitIntent).toBeNull();
		},
	);

	it('is sent when a few seconds passed, however long what only reads takes afterwards', async () => {
		const scene = new Scene();
		const job = scene.job(async ({ http, signal }) => {
			scene.nowMs += 10_000;
			await http.send(call, signal);
			scene.nowMs += 600_000;
			await http.send(read, signal);
		});
		expect(await publishPost(job)).toMatchObject({ live });
		expect(scene.sent).toEqual(['POST', 'GET']);
	});

	it('is not sent a second time too late, and what the first one did is then left to a reader', async () => {
		const scene = new Scene();
		const job = scene.job(async ({ http, signal }) => {
			await http.send(call, signal);
			scene.nowMs += 600_000;
			await http.send(call, signal);
		});
		await expect(publishPost(job)).rejects.toThrow('nobody has to look');
		expect(scene.sent).toEqual(['POST']);
		expect((await scene.journal.load()).commitIntent).not.toBeNull();
	});
});
