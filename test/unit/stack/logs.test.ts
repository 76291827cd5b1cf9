import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rotateLogs } from '../../../scripts/stack/logs';

it('keeps at most one old log beside a log that grew too large, and leaves the others alone', () => {
	const folder = mkdtempSync(join(tmpdir(), 'stackkraft-logs-'));
	writeFileSync(join(folder, 'n8n.log.old'), 'older');
	writeFileSync(join(folder, 'n8n.log'), 'old'.repeat(10));
	writeFileSync(join(folder, 'nats-server.log'), 'short');
	rotateLogs(folder, 20);
	expect(readdirSync(folder).sort()).toEqual(['n8n.log.old', 'nats-server.log']);
	expect(readFileSync(join(folder, 'n8n.log.old'), 'utf8')).toBe('old'.repeat(10));
	rmSync(folder, { recursive: true });
});
