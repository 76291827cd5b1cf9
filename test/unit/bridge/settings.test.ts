import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bridgeHelp, bridgeSettings } from '../../../lib/command-line/bridge-settings';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';

const enough = {
	BRIDGE_WEBHOOK_URL: 'https://n8n.example.org/webhook/abc',
	BRIDGE_SECRET: 'x'.repeat(32),
};

let folder: TemporaryFolder;
beforeEach(() => (folder = createTemporaryFolder('bridge-settings')));
afterEach(() => folder.remove());

it('needs an address and a secret, and treats the stream as the trigger does', () => {
	expect(bridgeSettings(enough)).toMatchObject({
		nats: { servers: ['nats://127.0.0.1:4222'], authentication: { kind: 'none' } },
		consume: {
			stream: { name: 'CONTENT_EXTRACT', keep: 'until-done' },
			concurrency: 5,
			ackWaitMs: 60_000,
			retry: { maxAttempts: 8, firstDelayMs: 5_000 },
		},
		webhook: { url: enough.BRIDGE_WEBHOOK_URL, deadlineMs: 3_600_000 },
		shutdownMs: 30_000,
	});
});

it('names everything that is wrong at once, and quotes no value', () => {
	const wrong = {
		BRIDGE_WEBHOOK_URL: 'ftp://s3cret',
		BRIDGE_SECRET: 's3cret',
		BRIDGE_CONCURRENCY: '1e9 s3cret',
		BRIDGE_CHECK_MESSAGES: 's3cret',
	};
	const read = () => bridgeSettings(wrong);
	for (const name of Object.keys(wrong)) expect(read).toThrow(name);
	expect(read).not.toThrow(/s3cret/);
});

it('refuses an address with a login in it, which would end up in logs', () => {
	const url = 'https://user:s3cret@n8n.example.org/webhook/abc';
	expect(() => bridgeSettings({ ...enough, BRIDGE_WEBHOOK_URL: url })).toThrow(/without a login/);
});

it('reads any variable from a file, and refuses two sources for one', () => {
	const file = join(folder.path, 'secret');
	writeFileSync(file, `${'f'.repeat(40)}\n`);
	const { BRIDGE_WEBHOOK_URL } = enough;
	const fromFile = { BRIDGE_WEBHOOK_URL, BRIDGE_SECRET_FILE: file };
	expect(bridgeSettings(fromFile).webhook.secret).toBe('f'.repeat(40));
	expect(() => bridgeSettings({ ...fromFile, BRIDGE_SECRET: 'x'.repeat(32) })).toThrow(/not both/);
	const missing = { ...fromFile, BRIDGE_SECRET_FILE: join(folder.path, 'nowhere') };
	expect(() => bridgeSettings(missing)).toThrow(/cannot be read/);
});

it.each([
	[{ NATS_TOKEN: 't' }, { kind: 'token', token: 't' }],
	[
		{ NATS_USER: 'u', NATS_PASSWORD: 'p' },
		{ kind: 'userPassword', user: 'u', password: 'p' },
	],
	[{ NATS_CREDS: 'c' }, { kind: 'creds', creds: 'c' }],
	[{ NATS_NKEY_SEED: 's' }, { kind: 'nkey', seed: 's' }],
])('logs in to NATS with %j', (login, authentication) => {
	expect(bridgeSettings({ ...enough, ...login }).nats.authentication).toEqual(authentication);
});

it('does not choose between two logins', () => {
	expect(() => bridgeSettings({ ...enough, NATS_TOKEN: 't', NATS_USER: 'u' })).toThrow(/Several logins/);
});

it('explains every variable that it reads', () => {
	const folderOfSource = join(__dirname, '../../../lib/command-line');
	const sources = ['bridge-settings.ts', 'nats-environment.ts'].map((name) =>
		readFileSync(join(folderOfSource, name), 'utf8'),
	);
	const read = sources.join('').match(/^\t(BRIDGE|NATS)_[A-Z_]+(?=:)/gm) ?? [];
	expect(read.length).toBeGreaterThan(20);
	for (const name of read) expect(bridgeHelp).toContain(name.trim());
});

it('is in the package under the package’s own name, ready to be executed', () => {
	const root = join(__dirname, '../../..');
	const schema = z.object({ name: z.string(), bin: z.record(z.string(), z.string()) });
	const { name, bin } = schema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
	expect(Object.keys(bin)).toEqual([name]);
	const source = (bin[name] ?? '').replace(/^dist\/(.*)\.js$/, '$1.ts');
	expect(readFileSync(join(root, source), 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
});
