// The NATS credential as a connection. Nodes of one process share it; the trigger has one of its own.
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import type { NatsConnection } from 'nats';
import { z } from 'zod';
import {
	connectNats,
	QueueError,
	withConnection,
	type NatsAuthentication,
	type NatsSettings,
} from '../../lib/queue';

export const natsCredential = 'stackKraftNatsApi';

const text = z.string().default('');

const credentialSchema = z.object({
	servers: z.string().min(1),
	authentication: z.enum(['none', 'userPassword', 'token', 'creds', 'nkey']).default('none'),
	user: text,
	password: text,
	token: text,
	creds: text,
	nkeySeed: text,
	tls: z.boolean().default(false),
	caCertificate: text,
	clientCertificate: text,
	clientKey: text,
});

type NatsCredential = z.infer<typeof credentialSchema>;

/** `purpose` is what the server's monitoring shows. */
export function natsSettings(credential: ICredentialDataDecryptedObject, purpose: string): NatsSettings {
	const values = credentialSchema.parse(credential);
	const { caCertificate: ca, clientCertificate: cert, clientKey: key } = values;
	return {
		servers: values.servers.split(/[\s,]+/).filter((server) => server !== ''),
		authentication: authenticationOf(values),
		...(values.tls && { tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } }),
		name: `stackkraft ${purpose}`,
	};
}

function authenticationOf(values: NatsCredential): NatsAuthentication {
	switch (values.authentication) {
		case 'none':
			return { kind: 'none' };
		case 'userPassword':
			return { kind: 'userPassword', user: values.user, password: values.password };
		case 'token':
			return { kind: 'token', token: values.token };
		case 'creds':
			return { kind: 'creds', creds: values.creds };
		case 'nkey':
			return { kind: 'nkey', seed: values.nkeySeed };
		default:
			return values.authentication satisfies never;
	}
}

export interface NatsUse {
	readonly connection: NatsConnection;
	/** Aborts when a person stops the execution. */
	readonly signal: AbortSignal | undefined;
}

type NatsContext = Pick<IExecuteFunctions, 'getCredentials' | 'getExecutionCancelSignal'>;

/** Runs `work` on the connection of the node's NATS credential; the connection stays open for the next one. */
export async function withJetStream<T>(context: NatsContext, work: (use: NatsUse) => Promise<T>): Promise<T> {
	const settings = natsSettings(await context.getCredentials(natsCredential), 'nodes');
	const signal = context.getExecutionCancelSignal();
	return await withConnection(settings, async (connection) => await work({ connection, signal }));
}

/** For `methods.credentialTest`. */
export async function testNatsCredential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const settings = natsSettings(credential.data ?? {}, 'credential test');
		const connection = await connectNats(settings, { deadlineMs: 5_000 });
		try {
			const manager = await connection.jetstreamManager({ checkAPI: false, timeout: 3_000 });
			await manager.getAccountInfo();
			return { status: 'OK', message: `Connected to NATS ${connection.info?.version ?? ''} with JetStream` };
		} catch {
			const message =
				'Connected, but JetStream does not answer: start nats-server with -js, or check the rights.';
			return { status: 'Error', message };
		} finally {
			await connection.close();
		}
	} catch (error) {
		return { status: 'Error', message: describe(error) };
	}
}

function describe(error: unknown): string {
	if (error instanceof QueueError) return `${error.message} ${error.remedy}`.trim();
	return 'Servers is needed, for example nats://localhost:4222.';
}
