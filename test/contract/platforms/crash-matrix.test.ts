// The process dies before and after every single call to the network and every single write of the journal.
// Whoever comes next goes on from what is durable, and the public sees the post exactly once.
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { Fate, World } from './world';

/** More edges than any adapter has; a run that never ends would find this wall. */
const maxEdges = 200;

describe.each(networks)('$name', (network) => {
	it('posts exactly once, wherever the process dies', async () => {
		const world = await World.start(network);
		try {
			let edge = 1;
			for (; edge <= maxEdges; edge++) {
				const words = `Clip number ${edge}`;
				const journal = new MemoryJournal();
				const fate = new Fate(edge);
				const died = await publishPost(world.job({ words, journal, fate })).then(
					() => false,
					() => fate.isDead,
				);
				if (!died) break;
				const { live } = await publishPost(world.job({ words, journal }));
				const seen = world.posts(words).map(({ platformPostId }) => platformPostId);
				expect({ edge, seen }).toEqual({ edge, seen: [live.platformPostId] });
				expect((await journal.load()).live).toEqual(live);
			}
			expect(edge).toBeGreaterThan(15);
			expect(edge).toBeLessThan(maxEdges);
			expect(world.sandbox.journal.unexpected).toEqual([]);
		} finally {
			await world.stop();
		}
	});

	it('posts exactly once when it dies once and the irreversible answer is lost as well', async () => {
		const world = await World.start(network);
		try {
			for (let edge = 1; edge <= maxEdges; edge++) {
				const words = `Unlucky clip number ${edge}`;
				const journal = new MemoryJournal();
				const fate = new Fate(edge);
				world.sandbox.faults.clear();
				world.sandbox.faults.add({ kind: 'drop-after-effect', ...network.commit(network.mediaBytes) });
				const died = await publishPost(world.job({ words, journal, fate })).then(
					() => false,
					() => fate.isDead,
				);
				if (!died) break;
				await publishPost(world.job({ words, journal }));
				expect({ edge, seen: world.posts(words).length }).toEqual({ edge, seen: 1 });
			}
		} finally {
			await world.stop();
		}
	});
});
