import type { LastingTokenRules } from '../lasting-token';
import { threadsPaths, threadsUrl } from './constants';

/** Facts 7.1: with the token, and for the exchange the app's secret, in the address. There is no other way. */
export const threadsLastingToken: LastingTokenRules = {
	platform: 'threads',
	exchange: ({ token, clientSecret, apiBaseUrl }) => {
		const query = { grant_type: 'th_exchange_token', client_secret: clientSecret, access_token: token };
		return { method: 'GET', url: withQuery(threadsPaths.longLivedToken, query, apiBaseUrl) };
	},
	renew: ({ token, apiBaseUrl }) => {
		const query = { grant_type: 'th_refresh_token', access_token: token };
		return { method: 'GET', url: withQuery(threadsPaths.refreshToken, query, apiBaseUrl) };
	},
};

function withQuery(path: string, query: Record<string, string>, apiBaseUrl: string | undefined): string {
	return `${threadsUrl('api', path, apiBaseUrl)}?${new URLSearchParams(query).toString()}`;
}
