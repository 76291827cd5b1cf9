// Signed requests to one bucket. aws4fetch signs; sending, patience and deadlines are ours, as everywhere.
import { AwsV4Signer } from 'aws4fetch';
import { patientSend, readPatience, type Patience } from '../http';
import {
	TransportError,
	type Clock,
	type HttpClient,
	type HttpRequest,
	type HttpResponse,
} from '../publishing/ports';
import { objectUrl, type S3Settings } from './s3-settings';
import { StorageError } from './storage-error';

export interface S3Surroundings {
	readonly http: HttpClient;
	readonly clock: Clock;
}

export interface S3Request {
	readonly method: HttpRequest['method'];
	readonly key: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly headers?: Readonly<Record<string, string>>;
	/** Anew for each try. */
	readonly body?: () => NonNullable<HttpRequest['body']>;
	readonly deadlineMs?: number;
	readonly patience?: Patience;
}

const smallDeadlineMs = 30_000;

export class S3Bucket {
	constructor(
		readonly settings: S3Settings,
		readonly surroundings: S3Surroundings,
	) {}

	/** What we send may be repeated: the same bytes under the same key are the same object. */
	async send(request: S3Request, signal: AbortSignal): Promise<HttpResponse> {
		const { patience = readPatience } = request;
		try {
			const { clock } = this.surroundings;
			return await patientSend({ clock, signal }, () => this.sendOnce(request, signal), patience);
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof TransportError)) throw error;
			throw new StorageError(
				'network',
				`The S3 storage did not answer: ${error.message}`,
				'Check the endpoint in the S3 credential, and that this machine can reach it.',
				'unreachable',
			);
		}
	}

	/** An address that anybody can read the object at until it ends. It is a secret until then. */
	async presign(key: string): Promise<string> {
		const { publicEndpoint, addressLifetimeSec } = this.settings;
		const url = objectUrl(this.settings, publicEndpoint, key);
		url.searchParams.set('X-Amz-Expires', String(addressLifetimeSec));
		const signed = await this.signer({ method: 'GET', url, signQuery: true }).sign();
		return signed.url.href;
	}

	private async sendOnce(request: S3Request, signal: AbortSignal): Promise<HttpResponse> {
		const { method, key, query = {}, headers = {}, body, deadlineMs = smallDeadlineMs } = request;
		const url = objectUrl(this.settings, this.settings.endpoint, key);
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		// Signed anew for each try: a signature is refused after a quarter of an hour.
		const signed = await this.signer({ method, url, headers }).sign();
		return await this.surroundings.http.send(
			{
				method,
				url: signed.url.href,
				headers: { ...Object.fromEntries(signed.headers) },
				...(body && { body: body() }),
				deadlineMs,
			},
			signal,
		);
	}

	private signer(request: {
		method: string;
		url: URL;
		headers?: Readonly<Record<string, string>>;
		signQuery?: boolean;
	}): AwsV4Signer {
		const { accessKeyId, secretAccessKey, region } = this.settings;
		const { url, ...rest } = request;
		// The payload stays unsigned: to sign it, each byte would have to be read before the first is sent.
		return new AwsV4Signer({
			...rest,
			url: url.href,
			accessKeyId,
			secretAccessKey,
			region,
			service: 's3',
			datetime: this.surroundings.clock
				.now()
				.toISOString()
				.replace(/[:-]|\.\d{3}/g, ''),
		});
	}
}
