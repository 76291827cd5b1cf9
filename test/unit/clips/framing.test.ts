import { chooseFraming } from '../../../lib/clips/framing';
import { clipIdentity } from '../../../lib/clips/clip-identity';

it.each([
	[1080, 1920, 'crop', 'upright already'],
	[360, 640, 'crop', 'upright already'],
	[1920, 1080, 'crop', 'middle'],
	[1280, 720, 'crop', 'middle'],
	[480, 352, 'fit-blur', 'too small'],
	[2560, 1080, 'fit-blur', 'so wide'],
])('brings %i×%i into the upright frame by %s and says why', (width, height, mode, why) => {
	const framing = chooseFraming({ width, height });
	expect(framing.mode).toBe(mode);
	expect(framing.reason).toContain(why);
});

it('gives one content one name, and any other content another', () => {
	const base = { sourceSha256: 'a'.repeat(64), startSec: 1, endSec: 20.5, framing: 'crop', captions: 'x' };
	const others = [
		{ ...base, sourceSha256: 'b'.repeat(64) },
		{ ...base, startSec: 1.001 },
		{ ...base, endSec: 20.501 },
		{ ...base, framing: 'fit-blur' },
		{ ...base, captions: 'y' },
		{ ...base, captions: undefined },
	];
	expect(clipIdentity({ ...base })).toBe(clipIdentity(base));
	expect(new Set([base, ...others].map(clipIdentity)).size).toBe(others.length + 1);
});
