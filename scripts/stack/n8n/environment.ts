import { delimiter, dirname } from 'node:path';

import type { StackSecrets } from '../state';

export const OWNER_EMAIL = 'owner@stackkraft.example';

export interface N8nSettings {
	readonly userFolder: string;
	readonly mediaFolder: string;
	readonly port: number;
	readonly brokerPort: number;
	readonly databaseUrl: string;
	readonly secrets: StackSecrets;
	readonly nodeBinary: string;
	/** Wins over everything below; for tests and for what a person wants to try. */
	readonly extra?: Readonly<Record<string, string>> | undefined;
}

// An own list instead of the whole environment: a stray N8N_* or DB_* of the user's other n8n would
// silently turn this one into something else.
const PASSED_ON =
	/^(HOME|USER|LANG|LC_.*|TMPDIR|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|https?_proxy|HTTPS?_PROXY|FFMPEG_PATH|FFPROBE_PATH)$/;

// Executions of triggers and webhooks at one time. Each may hold an upload or an FFmpeg; what is beyond
// waits in line inside n8n.
const MAX_CONCURRENT_EXECUTIONS = 20;

function passedOn(): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));
}

function database(databaseUrl: string): Record<string, string> {
	const url = new URL(databaseUrl);
	return {
		DB_TYPE: 'postgresdb',
		// Its default of two makes executions that run side by side wait for each other.
		DB_POSTGRESDB_POOL_SIZE: '10',
		DB_POSTGRESDB_HOST: url.hostname,
		DB_POSTGRESDB_PORT: url.port,
		DB_POSTGRESDB_DATABASE: url.pathname.slice(1),
		DB_POSTGRESDB_USER: decodeURIComponent(url.username),
		DB_POSTGRESDB_PASSWORD: decodeURIComponent(url.password),
	};
}

export function n8nEnvironment(settings: N8nSettings): NodeJS.ProcessEnv {
	const { secrets } = settings;
	return {
		...passedOn(),
		NO_PROXY: ['127.0.0.1', 'localhost', process.env['NO_PROXY'] ?? process.env['no_proxy'] ?? '']
			.filter((host) => host !== '')
			.join(','),
		PATH: `${dirname(settings.nodeBinary)}${delimiter}${process.env['PATH'] ?? ''}`,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: settings.userFolder,
		N8N_PORT: String(settings.port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${settings.port}/`,
		WEBHOOK_URL: `http://127.0.0.1:${settings.port}/`,
		N8N_RUNNERS_BROKER_PORT: String(settings.brokerPort),
		N8N_ENCRYPTION_KEY: secrets.n8nEncryptionKey,
		// Plain HTTP on the loopback: a secure cookie would never come back.
		N8N_SECURE_COOKIE: 'false',
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: OWNER_EMAIL,
		N8N_INSTANCE_OWNER_FIRST_NAME: 'Stack',
		N8N_INSTANCE_OWNER_LAST_NAME: 'Kraft',
		N8N_INSTANCE_OWNER_PASSWORD_HASH: secrets.ownerPasswordHash,
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		// These two call out to the internet by themselves.
		N8N_DISABLED_MODULES: 'mcp-registry,instance-ai',
		// Four to five times the executions per second of the default isolated-vm engine.
		N8N_EXPRESSION_ENGINE: 'legacy',
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		N8N_RESTRICT_FILE_ACCESS_TO: settings.mediaFolder,
		N8N_CONCURRENCY_PRODUCTION_LIMIT: String(MAX_CONCURRENT_EXECUTIONS),
		EXECUTIONS_DATA_SAVE_ON_ERROR: 'all',
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'true',
		// Somebody who types Ctrl-C waits for this; what is cut short is resumed, as after any crash.
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '15',
		GENERIC_TIMEZONE: 'UTC',
		TZ: 'UTC',
		...database(settings.databaseUrl),
		...settings.extra,
	};
}
