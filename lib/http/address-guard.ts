// Which addresses a machine may be asked to visit by an address that came out of an item, that is from a
// stranger. To be wrong on the generous side hands out what only this machine can reach: databases, n8n
// itself, the keys that a cloud gives to whoever asks from inside.
import { BlockList, isIP, isIPv6 } from 'node:net';

/** IANA's special-purpose registry, and the metadata addresses that lie outside of it. */
const closedV4: readonly (readonly [string, number])[] = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	// Azure's own host, reachable from every machine there.
	['168.63.129.16', 32],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4],
	['240.0.0.0', 4],
];

/** Inside 2000::/3, the only part of IPv6 that is handed out to the public. */
const closedV6: readonly (readonly [string, number])[] = [
	// Protocol assignments with Teredo, and 6to4: both carry an IPv4 address that nobody checked.
	['2001::', 23],
	['2001:db8::', 32],
	['2002::', 16],
	['3fff::', 20],
];

const closed = new BlockList();
for (const [net, prefix] of closedV4) closed.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of closedV6) closed.addSubnet(net, prefix, 'ipv6');
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');

/** @param address as numbers; a name is never public, because it says nothing about where it leads. */
export function isPublicAddress(address: string): boolean {
	switch (isIP(address)) {
		case 4:
			return !closed.check(address, 'ipv4');
		case 6:
			// Leaves out loopback, link-local with its zone, unique local, multicast, mapped and translated IPv4.
			return !address.includes('%') && publicV6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
		default:
			return false;
	}
}

export class RefusedAddressError extends Error {
	override readonly name = 'RefusedAddressError';

	constructor(
		/** Host alone: no path, no query. */
		readonly host: string,
	) {
		super(`${host} leads to an address that is not public.`);
	}
}

export class AllowedHostsError extends Error {
	override readonly name = 'AllowedHostsError';
}

export type IsAllowedHost = (hostname: string, port: number) => boolean;

/**
 * Exceptions that the operator makes: `host`, `host:port`, `[ipv6]:port`, separated by commas. Without a port
 * all ports of the host are meant. By the name in the address, never by what the name resolves to.
 */
export function allowedHosts(setting: string): IsAllowedHost {
	const entries = setting
		.split(',')
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '')
		.map(parseEntry);
	return (hostname, port) =>
		entries.some((entry) => entry.host === plainHost(hostname) && (entry.port ?? port) === port);
}

function parseEntry(entry: string): { host: string; port: number | undefined } {
	const [, host, port] = /^(\[[^\]]+\]|[^:/@\s]+)(?::(\d{1,5}))?$/.exec(entry) ?? [];
	// Through URL, so that every spelling of an address is compared in the one form that requests use.
	if (!host || !URL.canParse(`http://${host}`)) {
		throw new AllowedHostsError(`“${entry}” is not a host or host:port.`);
	}
	return { host: plainHost(new URL(`http://${host}`).hostname), port: port ? Number(port) : undefined };
}

function plainHost(hostname: string): string {
	const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
	return isIPv6(bare) ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare.toLowerCase();
}
