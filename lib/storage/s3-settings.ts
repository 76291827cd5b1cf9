import { z } from 'zod';
import { StorageError } from './storage-error';

export interface S3Settings {
	/** Where we write. */
	readonly endpoint: URL;
	/** Where the networks read: another name of the same server when ours is not public. */
	readonly publicEndpoint: URL;
	readonly region: string;
	readonly bucket: string;
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly isPathStyle: boolean;
	readonly keyPrefix: string;
	readonly addressLifetimeSec: number;
}

/** A signature of version 4 lives a week at most. */
const maxLifetimeSec = 7 * 24 * 3600;

const webAddress = z
	.string()
	.trim()
	.refine((text) => text === '' || isPlainWebAddress(text), 'is not a plain web address');

const settingsSchema = z.object({
	endpoint: webAddress.default(''),
	publicEndpoint: webAddress.default(''),
	region: z
		.string()
		.trim()
		.regex(/^[a-z0-9-]+$/i, 'is not the name of a region')
		.default('us-east-1'),
	// The names that S3 allows; they end up in addresses and host names as they are.
	bucket: z
		.string()
		.trim()
		.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not the name of a bucket'),
	accessKeyId: z.string().trim().min(1, 'is empty'),
	secretAccessKey: z.string().trim().min(1, 'is empty'),
	forcePathStyle: z.boolean().default(true),
	// No character that has to be encoded: storage services disagree about how such a key is signed.
	keyPrefix: z
		.string()
		.trim()
		.regex(/^[\w.-]*(\/[\w.-]+)*\/?$/, 'may hold letters, digits, “-”, “_”, “.” and “/” only')
		.refine((prefix) => !/(^|\/)\.\.?(\/|$)/.test(prefix), 'must not hold “.” or “..” as a folder')
		.default(''),
	addressLifetimeHours: z
		.number()
		.min(1, 'is at least 1')
		.max(maxLifetimeSec / 3600, 'is at most 168')
		.default(24),
});

/** @param data the fields of the S3 credential. */
export function readS3Settings(data: unknown): S3Settings {
	const read = settingsSchema.safeParse(data);
	if (!read.success) throw unusable(read.error);
	const { endpoint, publicEndpoint, forcePathStyle, keyPrefix, addressLifetimeHours, ...rest } = read.data;
	const ours = new URL(endpoint || `https://s3.${rest.region}.amazonaws.com`);
	return {
		...rest,
		endpoint: ours,
		publicEndpoint: publicEndpoint ? new URL(publicEndpoint) : ours,
		isPathStyle: forcePathStyle,
		keyPrefix: keyPrefix.replace(/^\/+/, '').replace(/\/*$/, keyPrefix ? '/' : ''),
		addressLifetimeSec: Math.round(addressLifetimeHours * 3600),
	};
}

/** The address of an object, or of the bucket itself for an empty key. Without signature. */
export function objectUrl(
	{ bucket, isPathStyle }: Pick<S3Settings, 'bucket' | 'isPathStyle'>,
	endpoint: URL,
	key: string,
): URL {
	const url = new URL(endpoint);
	const folder = url.pathname.replace(/\/+$/, '');
	if (!isPathStyle) url.hostname = `${bucket}.${url.hostname}`;
	url.pathname = isPathStyle ? `${folder}/${bucket}/${key}` : `${folder}/${key}`;
	return url;
}

function isPlainWebAddress(text: string): boolean {
	const url = URL.canParse(text) ? new URL(text) : null;
	return !!url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
}

function unusable(error: z.ZodError): StorageError {
	const found = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
	return new StorageError(
		'validation',
		`The S3 credential cannot be used: ${found}.`,
		'Correct the S3 credential.',
		'settings',
	);
}
