import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

import { StackFailure } from '../stack-failure';
import { writePrivateFile } from '../state';
import { callN8n } from './http';
import { signIn } from './session';

export interface ApiKeyOptions {
	readonly baseUrl: string;
	readonly email: string;
	readonly password: string;
	readonly path: string;
	readonly logPath: string;
	readonly signal?: AbortSignal | undefined;
}

const scopesSchema = z.object({ data: z.array(z.string()) });
const keySchema = z.object({ data: z.object({ rawApiKey: z.string().min(1) }) });

function readKey(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8').trim() || undefined;
	} catch {
		return undefined;
	}
}

async function isAccepted(key: string, options: ApiKeyOptions): Promise<boolean> {
	const answer = await callN8n({
		method: 'GET',
		url: `${options.baseUrl}/api/v1/workflows?limit=1`,
		headers: { 'X-N8N-API-KEY': key },
		signal: options.signal,
	});
	return answer.status === 200;
}

async function createKey(options: ApiKeyOptions): Promise<string> {
	const { baseUrl, signal, logPath } = options;
	const headers = await signIn(options);
	const scopes = await callN8n({ method: 'GET', url: `${baseUrl}/rest/api-keys/scopes`, headers, signal });
	const created = await callN8n({
		method: 'POST',
		url: `${baseUrl}/rest/api-keys`,
		headers,
		// The label must be unique, and an earlier key may have been lost with its file.
		body: {
			label: `stackkraft ${randomBytes(4).toString('hex')}`,
			expiresAt: null,
			scopes: scopesSchema.parse(scopes.body).data,
		},
		signal,
	});
	const key = keySchema.safeParse(created.body);
	if (!key.success) throw new StackFailure(`n8n made no API key (HTTP ${created.status})`, { logPath });
	return key.data.data.rawApiKey;
}

/** The key kept in the data folder, or a new one when n8n no longer takes it. */
export async function ensureApiKey(options: ApiKeyOptions): Promise<string> {
	const known = readKey(options.path);
	if (known !== undefined && (await isAccepted(known, options))) return known;
	const key = await createKey(options);
	writePrivateFile(options.path, key);
	return key;
}
