// Some credentials take a token that a person copies from the network's own page. The sandbox's page for it is its
// control plane.
import { z } from 'zod';

import { StackFailure } from '../stack-failure';
import type { CredentialData } from './credential-data';

const issuedSchema = z.object({ accessToken: z.string().min(1) });
const deadlineMs = 10_000;

/** @returns the field and its token, or nothing for credentials that take none. */
export async function pastedToken({
	address,
	pastedTokenField,
}: CredentialData): Promise<Readonly<Record<string, string>>> {
	if (!pastedTokenField) return {};
	const answer = await fetch(`${String(address['apiBaseUrl'])}/_sandbox/tokens`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ account: 'demo' }),
		signal: AbortSignal.timeout(deadlineMs),
	});
	const issued = issuedSchema.safeParse(await answer.json().catch(() => undefined));
	if (!issued.success) throw new StackFailure(`The sandbox gave no token (HTTP ${answer.status}).`);
	return { [pastedTokenField]: issued.data.accessToken };
}
