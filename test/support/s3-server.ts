// An S3 server that shares no code with ours: it checks every signature, and the end of signed addresses.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import S3rver from '@20minutes/s3rver';
import { createTemporaryFolder } from './temporary-folder';

export type S3Fault = 'break' | 'lose-answer' | 'error-in-200' | 503;
export type S3FaultRule = (request: IncomingMessage, count: number) => S3Fault | undefined;

export interface S3Server {
	readonly url: string;
	/** Method and address of each request, in order. */
	readonly requests: readonly string[];
	readonly contentTypes: readonly string[];
	/** What the S3 credential holds for it. */
	credential(fields?: Readonly<Record<string, unknown>>): Record<string, unknown>;
	fault(rule: S3FaultRule): void;
	close(): Promise<void>;
}

export const s3Bucket = 'clips';

export async function startS3Server(): Promise<S3Server> {
	const folder = createTemporaryFolder('s3');
	const configureBuckets = [{ name: s3Bucket }];
	// It signs buckets in the host name in a way of its own; those are tested by the example of Amazon's guide.
	const options = { directory: folder.path, silent: true, vhostBuckets: false };
	const storage = new S3rver({ ...options, configureBuckets });
	await storage.configureBuckets();
	const answer = storage.callback();
	const requests: string[] = [];
	const contentTypes: string[] = [];
	let rule: S3FaultRule = () => undefined;
	const server = createServer((request, response) => {
		requests.push(`${request.method} ${request.url}`);
		contentTypes.push(request.headers['content-type'] ?? '');
		apply(rule(request, requests.length), request, response, answer);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url,
		requests,
		contentTypes,
		credential: (fields) => ({
			endpoint: url,
			bucket: s3Bucket,
			accessKeyId: 'S3RVER',
			secretAccessKey: 'S3RVER',
			...fields,
		}),
		fault: (next) => {
			rule = next;
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			folder.remove();
		},
	};
}

function apply(
	fault: S3Fault | undefined,
	request: IncomingMessage,
	response: ServerResponse,
	answer: (request: IncomingMessage, response: ServerResponse) => void,
): void {
	if (fault === 503) {
		request.resume().once('end', () => response.writeHead(503).end());
	} else if (fault === 'error-in-200') {
		const error =
			'<?xml version="1.0"?>\n<Error><Code>InternalError</Code><Message>planted</Message></Error>';
		request.resume().once('end', () => response.writeHead(200).end(error));
	} else if (fault === 'break') {
		request.once('data', () => request.socket.destroy());
	} else {
		if (fault === 'lose-answer') {
			response.end = () => {
				request.socket.destroy();
				return response;
			};
		}
		answer(request, response);
	}
}
