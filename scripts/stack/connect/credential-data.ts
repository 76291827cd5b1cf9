import { StackFailure } from '../stack-failure';
import type { Stack } from '../stack';

export interface CredentialData {
	/** Where it leads: what tells a credential of ours from one that a person has changed. */
	readonly address: Readonly<Record<string, string | number>>;
	readonly rest: Readonly<Record<string, string | number | boolean>>;
	readonly needsConsent: boolean;
}

interface SandboxClient {
	readonly network: string;
	readonly clientId: string;
	readonly clientSecret: string;
	/** The credential's own switches: the sandbox's app has been granted everything. */
	readonly switches?: Readonly<Record<string, boolean>>;
	/** The network fetches media by itself: the credential says where from. */
	readonly fetchesMedia?: boolean;
}

// The sandbox's own clients (sandbox/README.md): pretend secrets of pretend networks.
const sandboxClients: Readonly<Record<string, SandboxClient>> = {
	stackKraftYouTubeOAuth2Api: {
		network: 'youtube',
		clientId: 'sandbox-google.apps.googleusercontent.com',
		clientSecret: 'sandbox-google-secret',
	},
	stackKraftInstagramOAuth2Api: {
		network: 'instagram',
		clientId: '990000000000001',
		clientSecret: 'sandbox-instagram-secret',
	},
	stackKraftLinkedInOAuth2Api: {
		network: 'linkedin',
		clientId: 'sandbox-linkedin-client',
		clientSecret: 'sandbox-linkedin-secret',
		switches: { memberAnalytics: true, organizationAccess: true },
	},
	stackKraftFacebookOAuth2Api: {
		network: 'facebook',
		clientId: '100200300400500',
		clientSecret: 'sandbox-facebook-secret',
	},
	stackKraftThreadsOAuth2Api: {
		network: 'threads',
		clientId: 'sandbox-threads-app',
		clientSecret: 'sandbox-threads-secret',
		fetchesMedia: true,
	},
	stackKraftTikTokOAuth2Api: {
		network: 'tiktok',
		clientId: 'sandbox-tiktok-key',
		clientSecret: 'sandbox-tiktok-secret',
	},
	stackKraftXOAuth2Api: { network: 'x', clientId: 'sandbox-x-client', clientSecret: 'sandbox-x-secret' },
};

export function credentialDataOf(type: string, stack: Stack): CredentialData {
	if (type === 'stackKraftPostgresApi') return postgresData(new URL(stack.postgresUrl));
	if (type === 'stackKraftNatsApi') {
		return { address: { servers: stack.natsUrl }, rest: {}, needsConsent: false };
	}
	const client = sandboxClients[type];
	const apiBaseUrl = client && stack.sandbox[client.network];
	if (!apiBaseUrl) {
		throw new StackFailure(`The workflows need a credential of type ${type}, which this stack cannot fill.`);
	}
	const { clientId, clientSecret, switches, fetchesMedia } = client;
	const address = { apiBaseUrl, ...(fetchesMedia && { publicBaseUrl: stack.mediaUrl }) };
	const media = fetchesMedia ? { mediaFolder: stack.mediaFolder } : {};
	return { address, rest: { clientId, clientSecret, ...switches, ...media }, needsConsent: true };
}

function postgresData(url: URL): CredentialData {
	return {
		address: { host: url.hostname, port: Number(url.port) },
		rest: {
			database: url.pathname.slice(1),
			user: decodeURIComponent(url.username),
			password: decodeURIComponent(url.password),
			ssl: 'disable',
		},
		needsConsent: false,
	};
}
