// A worker that stands still between its mark and its call, for longer than any network takes to settle. Meanwhile
// another one looks, finds nothing and posts; then the first goes on as if no time had passed.
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { CommitIntent } from '../../../lib/publishing/post';
import { publishPost, type Published, type PublishJob } from '../../../lib/publishing/publish';
import type { World } from './world';

const pauseMs = 15 * 60_000;

export class StandingJournal extends MemoryJournal {
	/** What the other worker did. */
	tookOver: Published | null = null;

	constructor(
		private readonly world: World,
		private readonly shape: (job: PublishJob) => PublishJob = (job) => job,
		private readonly words?: string,
	) {
		super();
	}

	override async armCommit(intent: CommitIntent): Promise<void> {
		await super.armCommit(intent);
		if (this.tookOver) return;
		const journal = new MemoryJournal();
		const { handle } = await this.load();
		if (handle) await journal.markUploaded(handle);
		await journal.armCommit(intent);
		await this.world.clock.sleep(pauseMs, new AbortController().signal);
		const { words } = this;
		const job = this.world.job({ journal, ...(words !== undefined && { words }) });
		this.tookOver = await publishPost(this.shape(job));
	}
}
