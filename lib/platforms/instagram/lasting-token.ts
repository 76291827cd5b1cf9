import type { LastingTokenRules } from '../lasting-token';
import { instagramPaths, instagramUrl } from './constants';

/** Facts 3.1: with the token, and for the exchange the app's secret, in the address. There is no other way. */
export const instagramLastingToken: LastingTokenRules = {
	platform: 'instagram',
	exchange: ({ token, clientSecret, apiBaseUrl }) => {
		const query = { grant_type: 'ig_exchange_token', client_secret: clientSecret, access_token: token };
		return { method: 'GET', url: withQuery(instagramPaths.exchangeToken, query, apiBaseUrl) };
	},
	renew: ({ token, apiBaseUrl }) => {
		const query = { grant_type: 'ig_refresh_token', access_token: token };
		return { method: 'GET', url: withQuery(instagramPaths.refreshToken, query, apiBaseUrl) };
	},
};

function withQuery(path: string, query: Record<string, string>, apiBaseUrl: string | undefined): string {
	return `${instagramUrl('graph', path, apiBaseUrl)}?${new URLSearchParams(query).toString()}`;
}
