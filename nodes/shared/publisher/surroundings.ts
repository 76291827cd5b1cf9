// What an adapter needs from n8n: transport, token, clock, log, a way to be stopped, and the credential's base URL.
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { systemClock, UndiciClient } from '../../../lib/http';
import type { AdapterContext } from '../../../lib/publishing/adapter';
import type { HttpClient, Logger } from '../../../lib/publishing/ports';
import { N8nAuthorizer } from '../authorizer';
import type { PublisherWiring } from './wiring';

/** One for the process: connections to a network are worth keeping between executions. */
let sharedClient: UndiciClient | undefined;

export function networkClient(): HttpClient {
	return (sharedClient ??= new UndiciClient());
}

/** Absent in runs that nobody can stop. */
export function stopSignal(context: Pick<IExecuteFunctions, 'getExecutionCancelSignal'>): AbortSignal {
	return context.getExecutionCancelSignal() ?? new AbortController().signal;
}

const credentialSchema = z.object({
	apiBaseUrl: z
		.union([z.literal(''), z.url({ protocol: /^https?$/, error: 'API Base URL is not a web address' })])
		.optional(),
	apiVersion: z.string().trim().optional(),
});

export async function adapterContext(
	context: IExecuteFunctions,
	wiring: PublisherWiring,
	itemIndex: number,
): Promise<AdapterContext> {
	const { apiBaseUrl, apiVersion } = credentialSchema.parse(
		await context.getCredentials(wiring.credentialType, itemIndex),
	);
	return {
		http: networkClient(),
		authorizer:
			wiring.authorizerOf?.(context, itemIndex) ??
			new N8nAuthorizer(context, wiring.credentialType, itemIndex),
		clock: systemClock,
		log: nodeLogger(context),
		signal: stopSignal(context),
		...(apiBaseUrl && { apiBaseUrl }),
		...(apiVersion && { apiVersion }),
	};
}

export function nodeLogger(context: Pick<IExecuteFunctions, 'logger' | 'getNode'>): Logger {
	// n8n's methods need their context: taken out of it, getNode fails.
	const { logger } = context;
	const node = context.getNode().name;
	return {
		info: (message, fields) => logger.info(message, { node, ...fields }),
		warn: (message, fields) => logger.warn(message, { node, ...fields }),
	};
}
