import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** Tested by the nodes that use it: a small object is written, read, read by a signed address and removed. */
export class StackKraftS3Api implements ICredentialType {
	name = 'stackKraftS3Api';

	displayName = 'StackKraft S3 API';

	documentationUrl = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html';

	icon: Icon = { light: 'file:stack-kraft-s3.svg', dark: 'file:stack-kraft-s3.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName:
				'Media is put into this bucket, and the network gets a signed address that ends by itself. Files are not removed: give the bucket a lifecycle rule, for example 7 days.',
			name: 'lifecycleNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://s3.eu-central-003.backblazeb2.com',
			description:
				'Leave empty for Amazon S3. Fill in for MinIO, Cloudflare R2, Backblaze B2, Garage and others.',
		},
		{
			displayName: 'Public Endpoint',
			name: 'publicEndpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://media.example.com',
			description:
				'Only when the networks reach the same server under another address than n8n does: signed addresses begin with it',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'string',
			default: 'us-east-1',
			required: true,
			description: 'The region of the bucket; “auto” for Cloudflare R2',
		},
		{
			displayName: 'Bucket',
			name: 'bucket',
			type: 'string',
			default: '',
			required: true,
			description: 'It may stay private',
		},
		{
			displayName: 'Access Key ID',
			name: 'accessKeyId',
			type: 'string',
			default: '',
			required: true,
		},
		{
			displayName: 'Secret Access Key',
			name: 'secretAccessKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The key needs s3:PutObject, s3:GetObject, s3:DeleteObject and s3:AbortMultipartUpload on the bucket',
		},
		{
			displayName: 'Force Path Style',
			name: 'forcePathStyle',
			type: 'boolean',
			default: true,
			description:
				'Whether the bucket stands in the path of addresses. Turn off where it has to be in the host name.',
		},
		{
			displayName: 'Key Prefix',
			name: 'keyPrefix',
			type: 'string',
			default: '',
			placeholder: 'e.g. stackkraft/',
			description: 'A folder in the bucket for everything that is put there',
		},
		{
			displayName: 'Address Lifetime (Hours)',
			name: 'addressLifetimeHours',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 168 },
			default: 24,
			description:
				'How long a signed address can be read. Networks fetch within minutes, but may try again for a day.',
		},
	];
}
