import type { HttpRequest } from '../../../lib/publishing/ports';
import { S3Bucket } from '../../../lib/storage/s3-bucket';
import { readS3Settings } from '../../../lib/storage';

// The examples of Amazon's guide, with its published keys:
// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html and sig-v4-header-based-auth.html
const example = {
	bucket: 'examplebucket',
	endpoint: 'https://s3.amazonaws.com',
	accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
	secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
	forcePathStyle: false,
	addressLifetimeHours: 24,
};
const clock = { now: () => new Date('2013-05-24T00:00:00Z'), sleep: async () => undefined };

function bucket(sent: HttpRequest[] = [], fields: Readonly<Record<string, unknown>> = {}): S3Bucket {
	const http = {
		send: async (request: HttpRequest) => {
			sent.push(request);
			return { status: 200, headers: {}, bodyText: '' };
		},
	};
	return new S3Bucket(readS3Settings({ ...example, ...fields }), { http, clock });
}

it('signs an address as the example of Amazon’s guide is signed', async () => {
	const address = new URL(await bucket().presign('test.txt'));
	expect(address.origin + address.pathname).toBe('https://examplebucket.s3.amazonaws.com/test.txt');
	expect(Object.fromEntries(address.searchParams)).toEqual({
		'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
		'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request',
		'X-Amz-Date': '20130524T000000Z',
		'X-Amz-Expires': '86400',
		'X-Amz-SignedHeaders': 'host',
		'X-Amz-Signature': 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
	});
});

it('signs a request as the example of Amazon’s guide is signed', async () => {
	const sent: HttpRequest[] = [];
	const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
	const headers = { 'x-amz-content-sha256': emptyHash };
	const { signal } = new AbortController();
	await bucket(sent).send(
		{ method: 'GET', key: '', query: { 'max-keys': '2', prefix: 'J' }, headers },
		signal,
	);
	expect(sent[0]?.url).toBe('https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J');
	expect(sent[0]?.headers?.['authorization']).toBe(
		'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
			'SignedHeaders=host;x-amz-content-sha256;x-amz-date, ' +
			'Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
	);
});

it('never puts the secret key into what it sends', async () => {
	const sent: HttpRequest[] = [];
	await bucket(sent).send({ method: 'GET', key: 'a' }, new AbortController().signal);
	expect(JSON.stringify(sent) + (await bucket().presign('a'))).not.toContain('EXAMPLEKEY');
});
