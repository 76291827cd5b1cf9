import type { HeldToken, LastingTokenRules } from '../lasting-token';
import { facebookPaths, facebookUrl } from './constants';

/**
 * Facts 6.1: the exchange is all there is. Asked with a token of sixty days that still lives, Facebook gives that one
 * or a younger one; sent as a form, so that neither the token nor the secret stands in an address.
 */
const exchange = ({ token, clientId, clientSecret, apiBaseUrl }: HeldToken) => ({
	method: 'POST' as const,
	url: facebookUrl('graph', facebookPaths.token, apiBaseUrl),
	headers: { 'content-type': 'application/x-www-form-urlencoded' },
	body: new URLSearchParams({
		grant_type: 'fb_exchange_token',
		client_id: clientId,
		client_secret: clientSecret,
		fb_exchange_token: token,
	}).toString(),
});

export const facebookLastingToken: LastingTokenRules = { platform: 'facebook', exchange, renew: exchange };
