import fc from 'fast-check';
import { allowedHosts, isPublicAddress } from '../../../lib/http';

const byte = fc.nat(255);
const group = fc.nat(0xffff);

type Bytes = [number, number, number, number];

/** Written down a second time, as conditions on bytes: the product holds a list of networks. */
const closed: readonly ((bytes: Bytes) => boolean)[] = [
	([a]) => [0, 10, 127].includes(a) || a >= 224,
	([a, b]) => a === 100 && b >= 64 && b <= 127,
	([a, b]) => a === 169 && b === 254,
	([a, b]) => a === 172 && b >= 16 && b <= 31,
	([a, b, c]) => a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100)),
	([a, b, c]) => a === 203 && b === 0 && c === 113,
	([a, b]) => a === 192 && b === 168,
	([a, b, c]) => a === 192 && [0, 88].includes(b) && (b === 88 ? c === 99 : c === 0 || c === 2),
	(bytes) => bytes.join('.') === '168.63.129.16',
];

/** As likely inside a closed network as outside of all. */
const fourBytes: fc.Arbitrary<Bytes> = fc.oneof(
	fc.tuple(byte, byte, byte, byte),
	fc.tuple(fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 224, 255), byte, byte, byte),
	fc.tuple(
		fc.constantFrom(192, 198, 203),
		fc.constantFrom(0, 18, 51, 88),
		fc.constantFrom(0, 2, 99, 100, 113),
		byte,
	),
);

it('opens an IPv4 address exactly when it lies in none of the closed networks', () => {
	fc.assert(
		fc.property(fourBytes, (bytes) => {
			expect(isPublicAddress(bytes.join('.'))).toBe(!closed.some((isIn) => isIn(bytes)));
		}),
		{ numRuns: 2000 },
	);
});

it('never opens an IPv6 address outside the part that is handed out to the public', () => {
	fc.assert(
		fc.property(fc.tuple(group, group, group, group, group, group, group, group), (groups) => {
			const [first] = groups;
			const address = groups.map((value) => value.toString(16)).join(':');
			if (first < 0x2000 || first > 0x3fff) expect(isPublicAddress(address)).toBe(false);
		}),
	);
});

it('opens no IPv4 address that hides in an IPv6 one, whichever it is', () => {
	fc.assert(
		fc.property(fourBytes, fc.constantFrom('::ffff:', '::', '64:ff9b::'), ([a, b, c, d], prefix) => {
			expect(isPublicAddress(`${prefix}${a}.${b}.${c}.${d}`)).toBe(false);
			const hex = [a * 256 + b, c * 256 + d].map((value) => value.toString(16)).join(':');
			expect(isPublicAddress(`2002:${hex}::1`)).toBe(false);
		}),
	);
});

it('never takes a name for an address', () => {
	fc.assert(
		fc.property(fc.domain(), (name) => {
			expect(isPublicAddress(name)).toBe(false);
		}),
	);
});

it('allows exactly the hosts and ports that the operator named', () => {
	const port = fc.integer({ min: 1, max: 65_535 });
	fc.assert(
		fc.property(fc.domain(), fc.domain(), port, port, (named, other, namedPort, otherPort) => {
			const isAllowed = allowedHosts(` ${named.toUpperCase()}:${namedPort} ,`);
			expect(isAllowed(named, namedPort)).toBe(true);
			expect(isAllowed(named, otherPort)).toBe(otherPort === namedPort);
			expect(isAllowed(other, namedPort)).toBe(other === named);
			expect(allowedHosts(named)(named, otherPort)).toBe(true);
		}),
	);
});
