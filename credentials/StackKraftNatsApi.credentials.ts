import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** Tested by the NATS JetStream node, which also says whether JetStream is switched on. */
export class StackKraftNatsApi implements ICredentialType {
	name = 'stackKraftNatsApi';

	displayName = 'StackKraft NATS API';

	documentationUrl = 'https://docs.nats.io/using-nats/developer/connecting';

	icon: Icon = {
		light: 'file:../nodes/NatsJetStream/nats-jet-stream.svg',
		dark: 'file:../nodes/NatsJetStream/nats-jet-stream.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Servers',
			name: 'servers',
			type: 'string',
			default: 'nats://localhost:4222',
			required: true,
			description: 'One address, or those of a cluster separated by commas',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			default: 'none',
			options: [
				{
					name: 'Credentials File',
					value: 'creds',
					description: 'JWT and seed, as Synadia Cloud gives them',
				},
				{ name: 'NKey', value: 'nkey' },
				{ name: 'None', value: 'none' },
				{ name: 'Token', value: 'token' },
				{ name: 'User and Password', value: 'userPassword' },
			],
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			displayOptions: { show: { authentication: ['userPassword'] } },
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { authentication: ['userPassword'] } },
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { authentication: ['token'] } },
		},
		{
			displayName: 'Credentials File',
			name: 'creds',
			type: 'string',
			typeOptions: { rows: 6, password: true },
			default: '',
			placeholder: '-----BEGIN NATS USER JWT-----',
			description: 'The whole text of the .creds file',
			displayOptions: { show: { authentication: ['creds'] } },
		},
		{
			displayName: 'NKey Seed',
			name: 'nkeySeed',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'SU…',
			displayOptions: { show: { authentication: ['nkey'] } },
		},
		{
			displayName: 'TLS',
			name: 'tls',
			type: 'boolean',
			default: false,
			description: 'Whether the connection must be encrypted and the server’s certificate verified',
		},
		{
			displayName: 'CA Certificate',
			name: 'caCertificate',
			type: 'string',
			typeOptions: { rows: 4, password: true },
			default: '',
			placeholder: '-----BEGIN CERTIFICATE-----',
			description: 'The authority that signed the server’s certificate. Leave empty for a public authority.',
			displayOptions: { show: { tls: [true] } },
		},
		{
			displayName: 'Client Certificate',
			name: 'clientCertificate',
			type: 'string',
			typeOptions: { rows: 4, password: true },
			default: '',
			placeholder: '-----BEGIN CERTIFICATE-----',
			description: 'Only when the server asks for one',
			displayOptions: { show: { tls: [true] } },
		},
		{
			displayName: 'Client Key',
			name: 'clientKey',
			type: 'string',
			typeOptions: { rows: 4, password: true },
			default: '',
			placeholder: '-----BEGIN PRIVATE KEY-----',
			description: 'Only when the server asks for a client certificate',
			displayOptions: { show: { tls: [true] } },
		},
	];
}
