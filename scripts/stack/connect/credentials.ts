// The credentials that the imported workflows name, filled with this stack's addresses. What a person has
// pointed at a real network is left alone: the stack must never take somebody's account away.
import { z } from 'zod';

import { readManifest, type CredentialNeed } from '../../workflows/manifest';
import { N8nSession } from '../n8n/session';
import { StackFailure } from '../stack-failure';
import type { Stack } from '../stack';
import { connectOAuth } from './oauth-consent';
import { credentialDataOf, type CredentialData } from './credential-data';

const createdSchema = z.object({ data: z.object({ id: z.string() }) });
const listSchema = z.object({
	data: z.array(z.object({ id: z.string(), name: z.string(), type: z.string() })),
});
const heldSchema = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()) }) });

export interface ConnectedCredential extends CredentialNeed {
	readonly id: string;
	/** False for one that a person has pointed elsewhere, e.g. at a real account. */
	readonly isOurs: boolean;
}

export async function connectCredentials(
	stack: Stack,
	signal: AbortSignal,
): Promise<readonly ConnectedCredential[]> {
	const { url: baseUrl, ownerEmail: email, ownerPassword: password } = stack.n8n;
	const session = await N8nSession.open({ baseUrl, email, password, signal });
	const needs = new Map<string, CredentialNeed>();
	for (const { credentials } of (await readManifest()).workflows) {
		for (const need of credentials) needs.set(need.name, need);
	}
	const { data: known } = listSchema.parse((await session.send('GET', '/rest/credentials')).body);
	const connected: ConnectedCredential[] = [];
	for (const need of needs.values()) {
		const wanted = credentialDataOf(need.type, stack);
		const held = known.find(({ name, type }) => name === need.name && type === need.type);
		connected.push(await ensureCredential(session, { need, wanted, heldId: held?.id }));
	}
	return connected;
}

interface Wish {
	readonly need: CredentialNeed;
	readonly wanted: CredentialData;
	readonly heldId: string | undefined;
}

async function ensureCredential(session: N8nSession, wish: Wish): Promise<ConnectedCredential> {
	const { need, wanted, heldId } = wish;
	const id = heldId ?? (await create(session, need, wanted));
	const held = heldId === undefined ? null : await read(session, heldId);
	if (held && !pointsHere(held, wanted)) return { ...need, id, isOurs: false };
	if (held && !isSame(held, wanted)) await update(session, { id, need, wanted });
	if (wanted.needsConsent && !(held && isSame(held, wanted) && held['oauthTokenData'])) {
		await connectOAuth(session, { id, name: need.name });
	}
	return { ...need, id, isOurs: true };
}

/** Ours, though perhaps with the port of an earlier run. */
function pointsHere(held: Readonly<Record<string, unknown>>, { address }: CredentialData): boolean {
	return Object.keys(address).every(
		(field) => String(held[field] ?? '').match(/127\.0\.0\.1|^\d+$/) !== null,
	);
}

function isSame(held: Readonly<Record<string, unknown>>, { address }: CredentialData): boolean {
	return Object.entries(address).every(([field, value]) => held[field] === value);
}

async function create(session: N8nSession, need: CredentialNeed, wanted: CredentialData): Promise<string> {
	const data = { ...wanted.address, ...wanted.rest };
	const body = { name: need.name, type: need.type, data };
	const answer = await session.send('POST', '/rest/credentials', body);
	const created = createdSchema.safeParse(answer.body);
	if (!created.success) throw refused(need, `HTTP ${answer.status}`);
	return created.data.data.id;
}

async function update(
	session: N8nSession,
	{ id, need, wanted }: { id: string; need: CredentialNeed; wanted: CredentialData },
): Promise<void> {
	const data = { ...wanted.address, ...wanted.rest };
	const body = { name: need.name, type: need.type, data };
	const answer = await session.send('PATCH', `/rest/credentials/${id}`, body);
	if (answer.status !== 200) throw refused(need, `HTTP ${answer.status}`);
}

/** Secrets come back blanked; the addresses do not. */
async function read(session: N8nSession, id: string): Promise<Readonly<Record<string, unknown>>> {
	const answer = await session.send('GET', `/rest/credentials/${id}?includeData=true`);
	return heldSchema.parse(answer.body).data.data;
}

function refused(need: CredentialNeed, reason: string): StackFailure {
	return new StackFailure(`n8n refused the credential “${need.name}” of type ${need.type} (${reason}).`);
}
