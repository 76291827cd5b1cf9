import { readS3Settings, StorageError } from '../../../lib/storage';
import { objectUrl } from '../../../lib/storage/s3-settings';

const least = { bucket: 'clips', accessKeyId: 'id', secretAccessKey: 'planted-secret' };

it('means Amazon by an empty endpoint', () => {
	const { endpoint, publicEndpoint } = readS3Settings({ ...least, endpoint: '', region: 'eu-central-1' });
	expect(endpoint.href).toBe('https://s3.eu-central-1.amazonaws.com/');
	expect(publicEndpoint.href).toBe(endpoint.href);
});

it.each([
	['', ''],
	['clips', 'clips/'],
	['clips/', 'clips/'],
	['/clips/2026/', 'clips/2026/'],
])('puts the prefix %j in front of a key as %j', (keyPrefix, expected) => {
	expect(readS3Settings({ ...least, keyPrefix }).keyPrefix).toBe(expected);
});

it.each([
	[{ isPathStyle: true }, 'https://s3.example.com', 'https://s3.example.com/clips/a.mp4'],
	[{ isPathStyle: true }, 'https://example.com/storage/s3/', 'https://example.com/storage/s3/clips/a.mp4'],
	[{ isPathStyle: false }, 'https://s3.example.com:9000', 'https://clips.s3.example.com:9000/a.mp4'],
])('builds the address of an object with %j at %s', (style, endpoint, expected) => {
	expect(objectUrl({ bucket: 'clips', ...style }, new URL(endpoint), 'a.mp4').href).toBe(expected);
});

it.each([
	[{ endpoint: 's3.example.com' }, 'endpoint'],
	[{ endpoint: 'https://s3.example.com/?x=1' }, 'endpoint'],
	[{ endpoint: 'https://id:key@s3.example.com' }, 'endpoint'],
	[{ publicEndpoint: 'ftp://s3.example.com' }, 'publicEndpoint'],
	[{ bucket: 'Clips' }, 'bucket'],
	[{ bucket: '../other' }, 'bucket'],
	[{ accessKeyId: ' ' }, 'accessKeyId'],
	[{ region: 'eu/../x' }, 'region'],
	[{ keyPrefix: 'ä' }, 'keyPrefix'],
	[{ keyPrefix: 'a b' }, 'keyPrefix'],
	[{ keyPrefix: 'a/../b' }, 'keyPrefix'],
	[{ addressLifetimeHours: 169 }, 'addressLifetimeHours'],
	[{ addressLifetimeHours: 0 }, 'addressLifetimeHours'],
])('refuses %j by the name of the field, without showing the secret', (fields, name) => {
	const read = (): unknown => readS3Settings({ ...least, ...fields });
	expect(read).toThrow(StorageError);
	expect(read).toThrow(name);
	expect(read).not.toThrow('planted');
});
