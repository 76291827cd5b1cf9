import { allOrNothing } from '../../../scripts/stack/all-or-nothing';
import { readPackageManifest } from '../../../scripts/stack/package/media-packages';
import { createProgress, describeFailure } from '../../../scripts/stack/progress';
import { StackFailure } from '../../../scripts/stack/stack-failure';
import { countResults } from '../../../scripts/test/run-jest';

describe('what a person reads', () => {
	it('is a sentence and the log of a step that failed, without a stack trace', () => {
		const text = describeFailure(
			new StackFailure('n8n ended while it started', { logPath: '/logs/n8n.log' }),
		);
		expect(text).toBe('n8n ended while it started\n    log: /logs/n8n.log');
	});

	it('is the whole story of a defect of ours', () => {
		expect(describeFailure(new TypeError('x is undefined'))).toContain(__filename);
	});

	it('is one line with what came out and how long it took', async () => {
		const lines: string[] = [];
		const progress = createProgress((line) => lines.push(line));
		await progress.step(
			'NATS',
			() => Promise.resolve(4222),
			(port) => `port ${port}`,
		);
		expect(lines).toEqual([expect.stringMatching(/^ {2}✔ NATS: port 4222 \(\d+\.\d s\)$/)]);
	});
});

describe('the closing line of npm test', () => {
	const result = { numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0, success: true };

	it('counts a test file that could not be loaded as a failure', () => {
		expect(countResults({ ...result, numRuntimeErrorTestSuites: 2, success: false })).toEqual({
			passed: 7,
			failed: 2,
		});
	});

	it('never says that nothing failed when jest says that something did', () => {
		expect(countResults({ ...result, success: false }).failed).toBe(1);
	});

	it('says what jest counted', () => {
		expect(countResults({ ...result, numFailedTests: 3, success: false })).toEqual({ passed: 7, failed: 3 });
		expect(countResults(result)).toEqual({ passed: 7, failed: 0 });
	});
});

describe('works side by side', () => {
	it('answer their results in order', async () => {
		const results = await allOrNothing(undefined, [() => Promise.resolve(1), () => Promise.resolve('two')]);
		expect(results).toEqual([1, 'two']);
	});

	it('abort each other when one fails, and the error comes only when all have ended', async () => {
		const ended: string[] = [];
		const untilAborted = (signal: AbortSignal) =>
			new Promise<void>((_resolve, reject) => {
				signal.addEventListener('abort', () => {
					ended.push('the other');
					reject(new Error('aborted'));
				});
			});
		const run = allOrNothing(undefined, [() => Promise.reject(new Error('first')), untilAborted]);
		await expect(run).rejects.toThrow('first');
		expect(ended).toEqual(['the other']);
	});
});

describe('the optional media packages', () => {
	it('are pinned to the versions that the tests run with', () => {
		const { mediaPackages, overrides } = readPackageManifest();
		expect(Object.keys(mediaPackages)).toEqual(
			expect.arrayContaining(['@moonshine-ai/moonshine-js', 'onnxruntime-web']),
		);
		for (const version of Object.values(mediaPackages)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
		expect(overrides).toHaveProperty('@moonshine-ai/moonshine-js');
	});
});
