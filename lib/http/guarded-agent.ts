// Connections to public addresses only. The check stands where the socket is opened: a name that was public
// when somebody looked it up first, and is not when it is used (DNS rebinding), finds the same guard.
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isPublicAddress, RefusedAddressError, type IsAllowedHost } from './address-guard';

export interface GuardedAgentOptions {
	readonly isAllowed: IsAllowedHost;
	readonly connectTimeoutMs: number;
	/** The host's own way to resolve names, which may be stricter than ours. */
	readonly lookup?: LookupFunction | undefined;
}

/** The caller destroys it. */
export function guardedAgent(options: GuardedAgentOptions): Agent {
	// Timeouts are the caller's, per request.
	return new Agent({ connect: guardedConnector(options), pipelining: 1 });
}

function guardedConnector({
	isAllowed,
	connectTimeoutMs,
	lookup = systemLookup,
}: GuardedAgentOptions): buildConnector.connector {
	const toAnywhere = buildConnector({ timeout: connectTimeoutMs, lookup });
	const toPublic = buildConnector({ timeout: connectTimeoutMs, lookup: publicLookup(lookup) });
	return (target, callback) => {
		const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
		if (isAllowed(target.hostname, port)) {
			toAnywhere(target, callback);
			return;
		}
		// Nothing is looked up for an address in numbers.
		if (isIP(target.hostname) !== 0 && !isPublicAddress(target.hostname)) {
			callback(new RefusedAddressError(target.hostname), null);
			return;
		}
		toPublic(target, callback);
	};
}

function publicLookup(lookup: LookupFunction): LookupFunction {
	return (hostname, options, callback) => {
		lookup(hostname, { ...options, all: true }, (error, found, family) => {
			if (error) {
				callback(error, []);
				return;
			}
			// A lookup that was replaced may answer with one address although all were asked for.
			const all: LookupAddress[] = Array.isArray(found) ? found : [{ address: found, family: family ?? 0 }];
			const addresses = all.filter(({ address }) => isPublicAddress(address));
			const [first] = addresses;
			if (!first) callback(new RefusedAddressError(hostname), []);
			else if (options.all) callback(null, addresses);
			else callback(null, first.address, first.family);
		});
	};
}
