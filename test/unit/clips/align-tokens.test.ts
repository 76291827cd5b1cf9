import * as fc from 'fast-check';

import { firstFrames } from '../../../lib/clips/speech/align-tokens';
import { withInnerOutputs } from '../../../lib/clips/speech/attention-outputs';

/** A head that listens to each token from its first frame until the next one begins. */
function listening(starts: readonly number[], frames: number, noise: (at: number) => number): Float32Array[] {
	return starts.map((start, token) =>
		Float32Array.from({ length: frames }, (_, frame) => {
			const isHeard = frame >= start && frame < (starts[token + 1] ?? frames);
			return (isHeard ? 1 : 0) + noise(token * frames + frame);
		}),
	);
}

const talks = fc.array(fc.integer({ min: 3, max: 20 }), { minLength: 2, maxLength: 20 }).map((lengths) => {
	const starts = lengths.map((_, index) => lengths.slice(0, index).reduce((a, b) => a + b, 0));
	return { starts, frames: lengths.reduce((a, b) => a + b, 0) };
});

it('finds where each token begins, also when one head of two is disturbed', () => {
	fc.assert(
		fc.property(talks, fc.integer({ min: 1, max: 1_000 }), ({ starts, frames }, seed) => {
			const disturbed = (at: number): number => (((at + 1) * seed * 7_919) % 100) / 1_000;
			const heads = [listening(starts, frames, disturbed), listening(starts, frames, () => 0)];
			firstFrames(heads).forEach((frame, token) => {
				expect(Math.abs(frame - (starts[token] ?? 0))).toBeLessThanOrEqual(1);
			});
		}),
	);
});

it('ignores a frame that every token listens to', () => {
	const [starts, frames] = [[0, 8, 16], 24];
	const loudEnd = listening(starts, frames, (at) => (at % frames === frames - 1 ? 9 : 0));
	expect(firstFrames([loudEnd])).toEqual(starts);
});

it('gives nothing for nothing', () => {
	expect(firstFrames([])).toEqual([]);
	expect(firstFrames([[]])).toEqual([]);
});

describe('the outputs that are added to a model', () => {
	const message = (number: number, ...parts: (Buffer | string)[]): Buffer => {
		const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
		return Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
	};
	const branch = message(5, message(1, 'a branch'), message(6, message(2, 'inside')));
	const model = (...branches: Buffer[]): Buffer =>
		Buffer.concat([
			Buffer.from([8, 10]),
			message(7, message(1, message(4, 'If'), ...branches), message(12, message(1, 'out'))),
		]);

	it('stand in both branches, at the If node and at the end', () => {
		const widened = withInnerOutputs(model(branch, branch), ['inner.0'], ['outer.0']);
		expect(widened.toString('latin1').split('inner.0')).toHaveLength(3);
		expect(widened.toString('latin1').split('outer.0')).toHaveLength(3);
		// The model's version, which stands in front, is untouched.
		expect([...widened.subarray(0, 2)]).toEqual([8, 10]);
	});

	it.each([
		['of another model', model(branch)],
		['of a damaged file', model(branch, branch).subarray(0, 40)],
		['of a text', Buffer.from('not a model at all')],
	])('are refused for the bytes %s', (_what, bytes) => {
		expect(() => withInnerOutputs(bytes, ['inner.0'], ['outer.0'])).toThrow(/speech model/);
	});
});
