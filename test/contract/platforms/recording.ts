// What leaves this machine, for tests that show the exact sequence of requests. Streams and tokens are only named.
import type { PublishJob } from '../../../lib/publishing/publish';

export interface Sent {
	readonly call: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

export function recordingJson(job: PublishJob): { job: PublishJob; sent: Sent[] } {
	const sent: Sent[] = [];
	const http: PublishJob['context']['http'] = {
		send: async (message, abort) => {
			const { method, url, headers = {}, body } = message;
			const { pathname, search } = new URL(url);
			const { authorization = '', ...shown } = headers;
			sent.push({
				call: `${method} ${withoutIds(decodeURIComponent(pathname + search))}`,
				headers: { ...shown, authorization: authorization.split(' ')[0] ?? '' },
				body: typeof body === 'string' ? (JSON.parse(withoutIds(body)) as unknown) : body && 'bytes',
			});
			return await job.context.http.send(message, abort);
		},
	};
	return { job: { ...job, context: { ...job.context, http } }, sent };
}

function withoutIds(text: string): string {
	return text.replace(/\d{10,}/g, 'ID');
}

/** A network is asked several times whether it is ready; how often is not the point. */
export function withoutRepeats<T extends { readonly call: string }>(sent: readonly T[]): readonly T[] {
	return sent.filter(({ call }, index) => call !== sent[index - 1]?.call);
}
