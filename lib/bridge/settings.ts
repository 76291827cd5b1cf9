import type { ConsumeSettings, NatsSettings } from '../queue';

export interface WebhookSettings {
	readonly url: string;
	/** Signs every request. */
	readonly secret: string;
	/** Value of the Authorization header, for the Webhook node's own authentication. */
	readonly authorization?: string | undefined;
	/** The longest that a workflow may take. */
	readonly deadlineMs: number;
}

export interface BridgeSettings {
	readonly nats: NatsSettings;
	readonly consume: ConsumeSettings;
	readonly webhook: WebhookSettings;
	/** On 127.0.0.1; no port, no endpoint. */
	readonly healthPort?: number | undefined;
}
