import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Its name cannot be guessed; a web server that runs as another user may still have to read below it. */
export async function temporaryFolder(publicParent: string | undefined): Promise<string> {
	const folder = await mkdtemp(path.join(publicParent ?? tmpdir(), 'stackkraft-media-'));
	if (publicParent) await chmod(folder, 0o755);
	return folder;
}
