import { allowedHosts, AllowedHostsError, isPublicAddress } from '../../../lib/http';

it.each([
	['127.0.0.1', 'loopback'],
	['::1', 'loopback'],
	['0.0.0.0', 'unspecified'],
	['::', 'unspecified'],
	['10.1.2.3', 'private'],
	['172.31.255.255', 'private'],
	['192.168.0.1', 'private'],
	['fd12:3456::1', 'private'],
	['100.64.0.1', 'carrier-grade NAT'],
	['169.254.169.254', 'metadata of a cloud'],
	['fd00:ec2::254', 'metadata of a cloud'],
	['100.100.100.200', 'metadata of a cloud'],
	['192.0.0.192', 'metadata of a cloud'],
	['168.63.129.16', 'metadata of a cloud'],
	['fe80::1', 'link-local'],
	['fe80::1%eth0', 'link-local with its zone'],
	['2600::1%eth0', 'an address with a zone'],
	['224.0.0.1', 'multicast'],
	['ff02::1', 'multicast'],
	['255.255.255.255', 'broadcast'],
	['::ffff:127.0.0.1', 'IPv4 in IPv6'],
	['::ffff:7f00:1', 'IPv4 in IPv6'],
	['2001:0:53aa:64c::1', 'Teredo'],
	['2001:db8::1', 'documentation'],
	['localhost', 'a name'],
	['', 'nothing'],
])('never opens %s: %s', (address) => {
	expect(isPublicAddress(address)).toBe(false);
});

it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::5'])(
	'opens %s',
	(address) => {
		expect(isPublicAddress(address)).toBe(true);
	},
);

it('knows an allowed host by every spelling of it', () => {
	const isAllowed = allowedHosts('Media.LAN.,127.0.0.1:9000,[::1]:9000,192.168.1.20');
	expect(isAllowed('media.lan', 80)).toBe(true);
	expect(isAllowed('media.lan.', 443)).toBe(true);
	expect(isAllowed('127.0.0.1', 9000)).toBe(true);
	expect(isAllowed('127.0.0.1', 5432)).toBe(false);
	expect(isAllowed('[::1]', 9000)).toBe(true);
	expect(isAllowed('0:0:0:0:0:0:0:1', 9000)).toBe(true);
	expect(isAllowed('evil.media.lan', 80)).toBe(false);
	expect(isAllowed('media.lan.evil.com', 80)).toBe(false);
	expect(allowedHosts('')('127.0.0.1', 80)).toBe(false);
});

it.each(['http://media.lan', 'media.lan/path', 'user@media.lan', '10.0.0.0/8', 'media.lan:99999999', '::1'])(
	'says that %s is not a host, instead of allowing something else',
	(entry) => {
		expect(() => allowedHosts(entry)).toThrow(AllowedHostsError);
	},
);
