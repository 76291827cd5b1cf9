// The journal of a node without a database: the same steps in the same order, kept for one execution only.
// It cannot survive a crash, which is why the node says so and offers the PostgreSQL credential.
import type { PublishJournal, StoredDecision } from './ports';
import { freshProgress, type CommitIntent, type LivePost, type Progress } from './post';
import type { JsonObject } from './platform';

export class MemoryJournal implements PublishJournal {
	private progress: Progress = freshProgress;
	readonly decisions: StoredDecision[] = [];

	async load(): Promise<Progress> {
		return this.progress;
	}

	async saveHandle(handle: JsonObject): Promise<void> {
		this.progress = { ...this.progress, handle };
	}

	async markUploaded(handle: JsonObject): Promise<void> {
		this.progress = { ...this.progress, handle, isUploaded: true };
	}

	async armCommit(intent: CommitIntent): Promise<void> {
		this.progress = { ...this.progress, commitIntent: intent };
	}

	async disarmCommit(): Promise<void> {
		this.progress = { ...this.progress, commitIntent: null };
	}

	async countCheck(): Promise<number> {
		const intent = this.progress.commitIntent;
		if (!intent) return 0;
		this.progress = { ...this.progress, commitIntent: { ...intent, checks: intent.checks + 1 } };
		return intent.checks + 1;
	}

	async dropHandle(): Promise<void> {
		this.progress = { ...this.progress, handle: null, isUploaded: false };
	}

	async recordLive(live: LivePost): Promise<void> {
		this.progress = { ...this.progress, live, commitIntent: null };
	}

	async note(): Promise<void> {}

	async recordDecision(decision: StoredDecision): Promise<void> {
		this.decisions.push(decision);
	}

	async keepAlive(): Promise<void> {}
}
