declare module '@20minutes/s3rver' {
	import type { IncomingMessage, ServerResponse } from 'node:http';

	export default class S3rver {
		constructor(options: {
			readonly directory: string;
			readonly silent: boolean;
			readonly vhostBuckets: boolean;
			readonly configureBuckets: readonly { readonly name: string }[];
		});
		configureBuckets(): Promise<void>;
		callback(): (request: IncomingMessage, response: ServerResponse) => void;
	}
}
