import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** Tested by the Post Queue node, which also says whether the tables are there. */
export class StackKraftPostgresApi implements ICredentialType {
	name = 'stackKraftPostgresApi';

	displayName = 'StackKraft PostgreSQL API';

	documentationUrl = 'https://www.postgresql.org/docs/current/libpq-connect.html';

	icon: Icon = {
		light: 'file:../nodes/PostQueue/post-queue.svg',
		dark: 'file:../nodes/PostQueue/post-queue.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Host',
			name: 'host',
			type: 'string',
			default: 'localhost',
			required: true,
		},
		{
			displayName: 'Port',
			name: 'port',
			type: 'number',
			default: 5432,
			required: true,
		},
		{
			displayName: 'Database',
			name: 'database',
			type: 'string',
			default: 'stackkraft',
			required: true,
			description:
				'StackKraft keeps everything in the schema “stackkraft” of this database. Post Queue → Set Up Database creates it.',
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: 'stackkraft',
			required: true,
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'SSL',
			name: 'ssl',
			type: 'options',
			default: 'disable',
			options: [
				{
					name: 'Off',
					value: 'disable',
					description: 'For a server on this machine or in a private network',
				},
				{ name: 'On, Any Certificate', value: 'require', description: 'Encrypted, without knowing to whom' },
				{
					name: 'On, Verified Certificate',
					value: 'verify-full',
					description: 'What managed servers should use',
				},
			],
		},
		{
			displayName: 'CA Certificate',
			name: 'caCertificate',
			type: 'string',
			typeOptions: { rows: 4, password: true },
			default: '',
			placeholder: '-----BEGIN CERTIFICATE-----',
			description: 'The authority that signed the server’s certificate. Leave empty for a public authority.',
			displayOptions: { show: { ssl: ['verify-full'] } },
		},
	];
}
