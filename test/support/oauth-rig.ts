// Credentials in a real n8n as a person handles them: made, connected by the Connect button, tested, and used by a
// node. Everything goes through the calls that the editor makes.
import { z } from 'zod';

import { credentialDataOf } from '../../scripts/stack/connect/credential-data';
import { connectOAuth } from '../../scripts/stack/connect/oauth-consent';
import { N8nSession } from '../../scripts/stack/n8n/session';
import type { Stack } from '../../scripts/stack/stack';
import { waitFor } from '../../scripts/stack/wait-for';
import { bootN8n } from './n8n';

export const oAuthNetworks = {
	youtube: 'YouTube',
	tiktok: 'TikTok',
	instagram: 'Instagram',
	x: 'X',
	linkedin: 'LinkedIn',
	facebook: 'Facebook',
	threads: 'Threads',
} as const;

export type OAuthNetwork = keyof typeof oAuthNetworks;

const nodeNames: Readonly<Record<OAuthNetwork, string>> = {
	youtube: 'youTubePublisher',
	tiktok: 'tikTokPublisher',
	instagram: 'instagramPublisher',
	x: 'xPublisher',
	linkedin: 'linkedInPublisher',
	facebook: 'facebookPublisher',
	threads: 'threadsPublisher',
};

/** Where a post's id is no bare number. None of them is there. */
const postIds: Partial<Record<OAuthNetwork, string>> = { linkedin: 'urn:li:share:7000000000000000001' };

export interface Credential {
	readonly id: string;
	readonly name: string;
	readonly type: string;
}

export interface SeenRequest {
	readonly seq: number;
	readonly method: string;
	readonly path: string;
	readonly status: number | undefined;
}

export interface Execution {
	readonly status: string;
	/** n8n's whole record of it. */
	readonly text: string;
}

const createdSchema = z.object({ data: z.object({ id: z.string() }) });
const consentUrlSchema = z.object({ data: z.url() });
const heldSchema = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()) }) });
const verdictSchema = z.object({ data: z.object({ status: z.string(), message: z.string() }) });
const startedSchema = z.object({ data: z.object({ executionId: z.string() }) });
const executionSchema = z.object({ data: z.object({ status: z.string(), data: z.string() }) });
const executionsSchema = z.object({
	data: z.object({ results: z.array(z.object({ status: z.string() })) }),
});
const requestsSchema = z.object({
	requests: z.array(
		z.object({
			seq: z.number(),
			method: z.string(),
			path: z.string(),
			status: z.number().optional(),
		}),
	),
});

const journalSchema = z.object({ unexpected: z.array(z.unknown()) });

const runDeadlineMs = 60_000;

export class OAuthRig {
	private made = 0;
	private readonly owners = new Map<string, string>();

	private constructor(
		readonly stack: Stack,
		private readonly session: N8nSession,
		readonly stop: () => Promise<void>,
	) {}

	static async start(): Promise<OAuthRig> {
		const { stack, stop } = await bootN8n({ isPrepared: false });
		try {
			const { url: baseUrl, ownerEmail: email, ownerPassword: password } = stack.n8n;
			return new OAuthRig(stack, await N8nSession.open({ baseUrl, email, password }), stop);
		} catch (error) {
			await stop();
			throw error;
		}
	}

	/** Filled in, not connected yet. */
	async createAccount(
		network: OAuthNetwork,
		more: Readonly<Record<string, unknown>> = {},
	): Promise<Credential> {
		const type = `stackKraft${oAuthNetworks[network]}OAuth2Api`;
		return await this.createCredential(type, more);
	}

	async createPostgres(): Promise<Credential> {
		return await this.createCredential('stackKraftPostgresApi', {});
	}

	/** Where the Connect button leads. */
	async consentUrl({ id }: Credential): Promise<URL> {
		const answer = await this.session.send('GET', `/rest/oauth2-credential/auth?id=${id}`);
		return new URL(consentUrlSchema.parse(answer.body).data);
	}

	async connect(credential: Credential): Promise<void> {
		await connectOAuth(this.session, credential);
	}

	/** @param owner the account of the network that consents; each has its own, so that tests do not meet. */
	async connectedAccount(network: OAuthNetwork, owner: string): Promise<Credential> {
		const credential = await this.createAccount(network);
		await this.control(network, 'consent', { account: owner });
		await this.connect(credential);
		this.owners.set(credential.id, owner);
		return credential;
	}

	ownerOf({ id }: Credential): string {
		return this.owners.get(id) ?? '';
	}

	/** What n8n itself says of the credential. */
	async verdict(credential: Credential): Promise<{ readonly status: string; readonly message: string }> {
		const held = await this.session.send('GET', `/rest/credentials/${credential.id}?includeData=true`);
		const { data } = heldSchema.parse(held.body).data;
		const credentials = { ...credential, data };
		const answer = await this.session.send('POST', '/rest/credentials/test', { credentials });
		return verdictSchema.parse(answer.body).data;
	}

	/** One execution of the network's node in a workflow of its own; it asks for the state of a post. */
	async run(network: OAuthNetwork, credentials: readonly Credential[]): Promise<Execution> {
		return await this.execute(await this.createWorkflow(network, credentials));
	}

	async execute(workflowId: string): Promise<Execution> {
		const started = await this.session.send('POST', `/rest/workflows/${workflowId}/run`, {
			triggerToStartFrom: { name: 'Start' },
		});
		const { executionId } = startedSchema.parse(started.body).data;
		const ended = await waitFor(
			async () => {
				const answer = await this.session.send('GET', `/rest/executions/${executionId}`);
				const { data } = executionSchema.parse(answer.body);
				return ['new', 'running'].includes(data.status) ? undefined : data;
			},
			{ deadlineMs: runDeadlineMs, pollMs: 100 },
		);
		if (!ended) throw new Error(`the execution did not end within ${runDeadlineMs} ms`);
		return { status: ended.status, text: ended.data };
	}

	/** How the newest execution of a workflow ended, whichever process it ran in. */
	async lastStatus(workflowId: string): Promise<string | undefined> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const answer = await this.session.send('GET', `/rest/executions?filter=${filter}`);
		return executionsSchema.parse(answer.body).data.results[0]?.status;
	}

	async control(network: OAuthNetwork, action: string, body?: unknown): Promise<unknown> {
		const answer = await fetch(`${this.stack.sandbox[network]}/_sandbox/${action}`, {
			...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(10_000),
		});
		if (!answer.ok) throw new Error(`the sandbox refused ${action}: ${await answer.text()}`);
		return await answer.json();
	}

	async unexpected(network: OAuthNetwork): Promise<readonly unknown[]> {
		return journalSchema.parse(await this.control(network, `journal?network=${network}`)).unexpected;
	}

	/** What arrived at the network since it had seen `seq` requests. */
	async requestsSince(network: OAuthNetwork, seq = 0): Promise<readonly SeenRequest[]> {
		const { requests } = requestsSchema.parse(await this.control(network, `requests?network=${network}`));
		return requests.filter((seen) => seen.seq > seq).map((seen) => ({ ...seen, status: seen.status }));
	}

	/** What arrived at the network while `work` ran. */
	async requestsDuring(network: OAuthNetwork, work: () => Promise<unknown>): Promise<readonly SeenRequest[]> {
		const last = (await this.requestsSince(network)).at(-1)?.seq ?? 0;
		await work();
		return await this.requestsSince(network, last);
	}

	private async createCredential(type: string, more: Readonly<Record<string, unknown>>): Promise<Credential> {
		const name = `${type} ${++this.made}`;
		const { address, rest } = credentialDataOf(type, this.stack);
		const body = { name, type, data: { ...address, ...rest, ...more } };
		const answer = await this.session.send('POST', '/rest/credentials', body);
		return { id: createdSchema.parse(answer.body).data.id, name, type };
	}

	async createWorkflow(network: OAuthNetwork, credentials: readonly Credential[]): Promise<string> {
		const node = {
			id: 'node',
			name: 'Publisher',
			type: `n8n-nodes-stackkraft.${nodeNames[network]}`,
			typeVersion: 1,
			position: [200, 0],
			parameters: { operation: 'getStatus', platformPostId: postIds[network] ?? '7000000000000000001' },
			credentials: Object.fromEntries(credentials.map(({ id, name, type }) => [type, { id, name }])),
		};
		const start = {
			id: 'start',
			name: 'Start',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		};
		const answer = await this.session.send('POST', '/rest/workflows', {
			name: `account of ${network} ${++this.made}`,
			nodes: [start, node],
			connections: { Start: { main: [[{ node: 'Publisher', type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		});
		return createdSchema.parse(answer.body).data.id;
	}
}
