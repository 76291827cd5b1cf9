// `twitter-api-v2` knows the names and shapes of X's lists; it never speaks to X itself. Its hook for caches may
// answer a request in its place, and ours always does: by our own transport, with our token, deadline, patience
// and error table. So the library holds no token, opens no connection, and can be pointed at a sandbox.
import { TwitterApi, type ITwitterApiClientPlugin, type TwitterApiv2 } from 'twitter-api-v2';
import type { z } from 'zod';
import type { AdapterContext } from '../../publishing/adapter';
import type { HttpRequest } from '../../publishing/ports';
import { parseData, readJson } from '../parse-answer';
import { answerDeadlineMs, patientCall } from './call';
import { xUrl } from './constants';
import { xError } from './errors';

/** For what changes nothing that people see, and may therefore be repeated. */
export async function xAsk<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	{ ask, doing }: { ask: (x: TwitterApiv2) => Promise<unknown>; doing: string },
): Promise<z.infer<Schema>> {
	const { v2 } = new TwitterApi(undefined, { plugins: [ourTransport(context, doing)] });
	return parseData(schema, await ask(v2), { platform: 'x', ifUnreadable: 'platform' });
}

type Hook = NonNullable<ITwitterApiClientPlugin['onBeforeRequestConfig']>;
type LibraryRequest = Parameters<Hook>[0];

function ourTransport(context: AdapterContext, doing: string): ITwitterApiClientPlugin {
	return {
		async onBeforeRequestConfig(call) {
			const response = await patientCall(context, () => toRequest(call, context.apiBaseUrl));
			if (response.status !== 200) throw xError(response, context.clock.now(), doing);
			return { headers: {}, data: readJson(response.bodyText) };
		},
	};
}

function toRequest({ url, params }: LibraryRequest, apiBaseUrl: string | undefined): HttpRequest {
	const path = url.pathname.replace(/:(\w+)/g, (whole, name: string) => {
		const value = params.params?.[name];
		return value === undefined ? whole : encodeURIComponent(String(value));
	});
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(params.query ?? {})) {
		if (value !== undefined) query.set(name, Array.isArray(value) ? value.join(',') : String(value));
	}
	const search = query.toString();
	return {
		method: params.method === 'POST' ? 'POST' : 'GET',
		url: xUrl('api', path, apiBaseUrl) + (search && `?${search}`),
		...(params.method === 'POST' && {
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(params.body),
		}),
		deadlineMs: answerDeadlineMs,
	};
}
