import type { Store, Collection } from './store';

/** One thing that became visible on a network, in the order in which it did. */
export interface JournalPost {
	readonly seq: number;
	readonly network: string;
	readonly account: string;
	readonly accountId: string;
	readonly platformPostId: string;
	readonly url: string;
	readonly createdAt: string;
	readonly title: string;
	readonly text: string;
	/** As the network understood it, e.g. YouTube's `public` when nothing was said. */
	readonly visibility: string;
	readonly media: ReadonlyArray<{ readonly sha256: string; readonly sizeBytes: number }>;
	/** The first medium's values again, because most posts have one. */
	readonly mediaSha256: string | undefined;
	readonly mediaSizeBytes: number | undefined;
	readonly deletedAt?: string;
}

export interface JournalRequest {
	readonly seq: number;
	readonly network: string;
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly at: string;
	readonly faults: readonly string[];
	readonly bodyBytes: number;
	readonly status: number | undefined;
	readonly outcome: 'open' | 'answered' | 'dropped' | 'cut';
}

export interface UnexpectedRequest {
	readonly network: string;
	readonly method: string;
	readonly path: string;
	readonly why: string;
}

const REQUESTS_KEPT = 5000;
const UNEXPECTED_KEPT = 1000;

export class Journal {
	private readonly recorded: Collection<JournalPost>;
	private readonly ring: JournalRequest[] = [];
	private readonly strays: UnexpectedRequest[] = [];
	private lastRequest = 0;

	constructor(private readonly store: Store) {
		this.recorded = store.collection<JournalPost>('journal');
	}

	get posts(): readonly JournalPost[] {
		return this.recorded.values().sort((a, b) => a.seq - b.seq);
	}

	get requests(): readonly JournalRequest[] {
		return this.ring;
	}

	/** Paths nobody should have called, and defects of the sandbox itself. Tests assert that it is empty. */
	get unexpected(): readonly UnexpectedRequest[] {
		return this.strays;
	}

	find(network: string, platformPostId: string): JournalPost | undefined {
		return this.recorded.get(`${network}:${platformPostId}`);
	}

	addPost(post: Omit<JournalPost, 'seq' | 'mediaSha256' | 'mediaSizeBytes'>): void {
		const [first] = post.media;
		this.recorded.set(`${post.network}:${post.platformPostId}`, {
			...post,
			seq: this.store.next('journal'),
			mediaSha256: first?.sha256,
			mediaSizeBytes: first?.sizeBytes,
		});
	}

	changePost(
		network: string,
		platformPostId: string,
		change: Partial<Pick<JournalPost, 'deletedAt' | 'title' | 'text' | 'visibility'>>,
	): void {
		const post = this.find(network, platformPostId);
		if (post !== undefined) this.recorded.set(`${network}:${platformPostId}`, { ...post, ...change });
	}

	openRequest(request: Omit<JournalRequest, 'seq' | 'bodyBytes' | 'status' | 'outcome'>): number {
		this.lastRequest += 1;
		this.ring.push({ ...request, seq: this.lastRequest, bodyBytes: 0, status: undefined, outcome: 'open' });
		if (this.ring.length > REQUESTS_KEPT) this.ring.shift();
		return this.lastRequest;
	}

	closeRequest(seq: number, end: Pick<JournalRequest, 'bodyBytes' | 'status' | 'outcome'>): void {
		const index = seq - (this.ring[0]?.seq ?? 0);
		const entry = this.ring[index];
		if (entry !== undefined) this.ring[index] = { ...entry, ...end };
	}

	addUnexpected(stray: UnexpectedRequest): void {
		this.strays.push(stray);
		if (this.strays.length > UNEXPECTED_KEPT) this.strays.shift();
	}
}
