// Connects an OAuth credential the way a person does: n8n makes the consent address, the network (here the
// sandbox, which consents by itself) sends the browser back with a code, n8n exchanges it for tokens.
import { z } from 'zod';

import type { N8nSession } from '../n8n/session';
import { StackFailure } from '../stack-failure';

const consentUrlSchema = z.object({ data: z.url() });

export async function connectOAuth(
	session: N8nSession,
	credential: { readonly id: string; readonly name: string },
): Promise<void> {
	const refuse = (reason: string): StackFailure =>
		new StackFailure(`The credential “${credential.name}” could not be connected: ${reason}.`);
	const started = await session.send('GET', `/rest/oauth2-credential/auth?id=${credential.id}`);
	const consentUrl = consentUrlSchema.safeParse(started.body);
	if (!consentUrl.success) throw refuse(`n8n made no consent address (HTTP ${started.status})`);
	const consent = await session.send('GET', consentUrl.data.data);
	if (!consent.location) throw refuse(`the consent page answered HTTP ${consent.status}`);
	const callback = await session.send('GET', consent.location);
	// n8n answers 200 for its error page too; the headline is what tells them apart.
	if (!callback.text.includes('Connection successful')) {
		throw refuse('n8n could not exchange the code for tokens');
	}
}
