import {
	ManualExecutionCancelledError,
	SystemShutdownExecutionCancelledError,
	TimeoutExecutionCancelledError,
} from 'n8n-workflow';
import { outcomeOf, type ExecutionEnd } from '../../../nodes/NatsJetStreamTrigger/outcome';

const resolved = (run: unknown): ExecutionEnd => ({ kind: 'resolved', run });
const rejected = (error: unknown): ExecutionEnd => ({ kind: 'rejected', error });

const cases: ReadonlyArray<readonly [string, ExecutionEnd, object]> = [
	[
		'success in regular mode is done',
		resolved({ status: 'success', finished: true, data: {} }),
		{ kind: 'done' },
	],
	[
		'success in queue mode, where the data is empty, is done',
		resolved({ status: 'success', data: { resultData: { runData: {} } } }),
		{ kind: 'done' },
	],
	['a Wait node is done: n8n took the responsibility', resolved({ status: 'waiting' }), { kind: 'done' }],
	[
		'a Wait node in queue mode is done by its status, not by finished',
		resolved({ status: 'waiting', finished: true }),
		{ kind: 'done' },
	],
	[
		'an error is retried even when the run calls itself finished',
		resolved({ status: 'error', finished: true }),
		{ kind: 'retry', errorClass: 'workflow-error' },
	],
	[
		'an error names the node that failed when n8n says so',
		resolved({
			status: 'error',
			data: { resultData: { lastNodeExecuted: 'YouTube', error: { message: 'quota' } } },
		}),
		{ kind: 'retry', errorClass: 'workflow-error', reason: 'The node "YouTube" failed: quota' },
	],
	['a crashed run is retried', resolved({ status: 'crashed' }), { kind: 'retry', errorClass: 'crashed' }],
	[
		'a killed queue worker ends as error and is retried',
		resolved({ status: 'error', data: {} }),
		{ kind: 'retry' },
	],
	[
		'a cancelled run is not started again by itself',
		resolved({ status: 'canceled' }),
		{ kind: 'dead', errorClass: 'stopped' },
	],
	[
		'a workflow that was not started is retried',
		resolved(undefined),
		{ kind: 'retry', errorClass: 'not-run' },
	],
	['a run without a status is retried', resolved({}), { kind: 'retry', errorClass: 'no-answer' }],
	...['new', 'running', 'unknown', 'something-new'].map(
		(status) =>
			[
				`the status ${status} is no end and is retried`,
				resolved({ status, finished: true }),
				{ kind: 'retry', errorClass: 'no-answer' },
			] as const,
	),
	[
		'stopped by a person goes to the dead letters',
		rejected(new ManualExecutionCancelledError('1')),
		{ kind: 'dead', errorClass: 'stopped' },
	],
	[
		'the time limit of the workflow is retried',
		rejected(new TimeoutExecutionCancelledError('1')),
		{ kind: 'retry', errorClass: 'timeout' },
	],
	[
		'a shutdown is retried',
		rejected(new SystemShutdownExecutionCancelledError('1')),
		{ kind: 'retry', errorClass: 'shutdown' },
	],
	[
		'a workflow that could not be started is retried with the reason',
		rejected(new Error('database is away')),
		{ kind: 'retry', errorClass: 'not-run', reason: 'database is away' },
	],
	[
		'a rejection with nothing in it is retried',
		rejected(undefined),
		{ kind: 'retry', errorClass: 'not-run' },
	],
	[
		'no answer at all is retried',
		{ kind: 'gave-up', afterMinutes: 60 },
		{ kind: 'retry', errorClass: 'no-answer' },
	],
];

it.each(cases)('%s', (_name, end, expected) => {
	expect(outcomeOf(end)).toMatchObject(expected);
});

it('knows the cancellations of older versions by their class, which had no reason', () => {
	class ManualExecutionCancelledErrorOld extends Error {}
	Object.defineProperty(ManualExecutionCancelledErrorOld, 'name', { value: 'ManualExecutionCancelledError' });
	expect(outcomeOf(rejected(new ManualExecutionCancelledErrorOld()))).toMatchObject({ kind: 'dead' });
});

it('acknowledges for no other status than success and waiting', () => {
	const statuses = ['canceled', 'crashed', 'error', 'new', 'running', 'success', 'unknown', 'waiting'];
	const done = statuses.filter((status) => outcomeOf(resolved({ status })).kind === 'done');
	expect(done).toEqual(['success', 'waiting']);
});
