import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where bytes wait that cannot be hashed as they come: segments that may arrive in any order, and uploads that
 * must outlive this process. With a state file the folder stands beside it and survives; otherwise it is temporary.
 */
export class Spool {
	private folder: string | undefined;
	readonly survivesRestart: boolean;

	constructor(private readonly statePath?: string) {
		this.survivesRestart = statePath !== undefined;
	}

	path(name: string): string {
		if (this.folder === undefined) {
			this.folder =
				this.statePath === undefined
					? mkdtempSync(join(tmpdir(), 'stackkraft-sandbox-'))
					: `${this.statePath}.spool`;
			mkdirSync(this.folder, { recursive: true });
		}
		return join(this.folder, name);
	}

	remove(name: string): void {
		if (this.folder !== undefined || this.survivesRestart) rmSync(this.path(name), { force: true });
	}

	close(): void {
		if (this.folder !== undefined && !this.survivesRestart)
			rmSync(this.folder, { recursive: true, force: true });
		this.folder = undefined;
	}
}
