import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

export interface Collection<T> {
	get(id: string): T | undefined;
	set(id: string, value: T): void;
	delete(id: string): void;
	values(): T[];
}

const lineSchema = z.object({ collection: z.string(), id: z.string(), value: z.unknown().optional() });

/**
 * Everything that must survive a restart: named collections, each change one appended line. A line is written
 * before the answer leaves, so what a client was told is also on disk; a half-written last line (the process
 * was killed) is a change nobody was told about, and is dropped. Opening compacts the file.
 */
export class Store {
	private readonly collections = new Map<string, Map<string, unknown>>();
	private fileDescriptor: number | undefined;
	private pendingLines: string[] | undefined;

	constructor(readonly statePath?: string) {
		if (statePath === undefined) return;
		mkdirSync(dirname(statePath), { recursive: true });
		if (existsSync(statePath)) this.load(readFileSync(statePath, 'utf8'));
		this.fileDescriptor = this.compactInto(statePath);
	}

	collection<T>(name: string): Collection<T> {
		const entries = this.entriesOf(name) as Map<string, T>;
		return {
			get: (id) => entries.get(id),
			set: (id, value) => {
				entries.set(id, value);
				this.append(JSON.stringify({ collection: name, id, value }));
			},
			delete: (id) => {
				if (entries.delete(id)) this.append(JSON.stringify({ collection: name, id }));
			},
			values: () => [...entries.values()],
		};
	}

	/** All changes inside reach the disk in one write: a video without its journal row cannot happen. */
	batch(changes: () => void): void {
		this.pendingLines = [];
		try {
			changes();
		} finally {
			const lines = this.pendingLines;
			this.pendingLines = undefined;
			if (lines.length > 0) this.append(lines.join('\n'));
		}
	}

	/** A number that never repeats, not even after a restart. */
	next(counter: string): number {
		const counters = this.collection<number>('counters');
		const value = (counters.get(counter) ?? 0) + 1;
		counters.set(counter, value);
		return value;
	}

	close(): void {
		if (this.fileDescriptor !== undefined) closeSync(this.fileDescriptor);
		this.fileDescriptor = undefined;
	}

	private append(line: string): void {
		if (this.pendingLines !== undefined) this.pendingLines.push(line);
		else if (this.fileDescriptor !== undefined) writeSync(this.fileDescriptor, `${line}\n`);
	}

	private entriesOf(name: string): Map<string, unknown> {
		const existing = this.collections.get(name);
		if (existing !== undefined) return existing;
		const created = new Map<string, unknown>();
		this.collections.set(name, created);
		return created;
	}

	private load(text: string): void {
		const lines = text.split('\n');
		for (const [index, line] of lines.entries()) {
			if (line === '') continue;
			const parsed = parseLine(line);
			if (parsed === undefined) {
				if (index === lines.length - 1) return;
				throw new Error(`sandbox state ${this.statePath}: line ${index + 1} is damaged; move the file away`);
			}
			const entries = this.entriesOf(parsed.collection);
			if (parsed.value === undefined) entries.delete(parsed.id);
			else entries.set(parsed.id, parsed.value);
		}
	}

	private compactInto(statePath: string): number {
		const temporaryPath = `${statePath}.new`;
		const fileDescriptor = openSync(temporaryPath, 'w', 0o600);
		for (const [collection, entries] of this.collections) {
			for (const [id, value] of entries) {
				writeSync(fileDescriptor, `${JSON.stringify({ collection, id, value })}\n`);
			}
		}
		fsyncSync(fileDescriptor);
		renameSync(temporaryPath, statePath);
		return fileDescriptor;
	}
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
	try {
		return lineSchema.parse(JSON.parse(line));
	} catch {
		return undefined;
	}
}
