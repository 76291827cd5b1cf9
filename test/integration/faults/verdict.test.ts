// The count is worth as much as what it would notice: each way of losing and doubling a post is shown to it.
import type { PostKind } from '../../../bench/faults/kinds';
import type { Fault, Plan } from '../../../bench/faults/plan';
import { isExplained } from '../../../bench/faults/report';
import { judge, type PublicPost, type RecordedPost } from '../../../bench/faults/verdict';

const intended = { postId: 'p1', mark: 'Seed 1 post 1' };
const live: PublicPost = { platformPostId: '17', url: 'https://n/17', words: 'Seed 1 post 1\n' };
const recorded: RecordedPost = {
	postId: 'p1',
	state: 'posted',
	platformPostId: '17',
	url: 'https://n/17',
	errorClass: null,
	errorCode: null,
	isTold: false,
};
const failed: RecordedPost = { ...recorded, state: 'failed', platformPostId: null, isTold: true };

it.each([
	['what is public once and recorded as such is posted', recorded, [live], 'posted'],
	['what is public twice is duplicated', recorded, [live, { ...live, platformPostId: '18' }], 'duplicated'],
	['what is public twice is duplicated, whatever is recorded', undefined, [live, live], 'duplicated'],
	['what is recorded as posted and is not public is lost', recorded, [], 'lost'],
	['what is public under another id is lost', recorded, [{ ...live, platformPostId: '9' }], 'lost'],
	['what was accepted and is nowhere is lost', undefined, [], 'lost'],
	['what failed and nobody is told of is lost', { ...failed, isTold: false }, [], 'lost'],
	[
		'what failed for certain and is public will be doubled',
		{ ...failed, errorClass: 'auth' },
		[live],
		'duplicated',
	],
	['what failed and is told is a person’s task', { ...failed, errorClass: 'auth' }, [], 'person'],
	[
		'what may be public and is told is a person’s task',
		{ ...failed, errorClass: 'unknown' },
		[live],
		'person',
	],
	['what is in no end state is stuck', { ...recorded, state: 'unknown' }, [], 'stuck'],
] as const)('%s', (_name, record, seen, finding) => {
	expect(judge(intended, record, seen).finding).toBe(finding);
});

it('takes no other post’s words for its own', () => {
	expect(
		judge(intended, recorded, [live, { ...live, platformPostId: '18', words: 'Seed 2 post 1' }]).finding,
	).toBe('posted');
});

it('goes by the address where the record has another id, and by nothing else', () => {
	const byAddress = { ...intended, isKnownByAddress: true };
	const other = { ...recorded, platformPostId: 'publish-17' };
	expect(judge(byAddress, other, [live]).finding).toBe('posted');
	expect(judge(byAddress, { ...other, url: 'https://n/' }, [live]).finding).toBe('lost');
	expect(judge(intended, other, [live]).finding).toBe('lost');
});

it('knows a post without words by its bytes', () => {
	const story = { postId: 'p1', mark: 'a1b2' };
	const shown = { ...live, words: 'Story\n\na1b2' };
	expect(judge(story, recorded, [shown]).finding).toBe('posted');
	expect(judge(story, recorded, [shown, { ...shown, platformPostId: '18' }]).finding).toBe('duplicated');
	expect(judge(story, recorded, [live]).finding).toBe('lost');
});

const kill: Fault = { place: 'edge', kind: 'kill', at: 1 };
const duplicate: Fault = { place: 'edge', kind: 'duplicate', at: 1 };
const kind: PostKind = { name: 'x words', platform: 'x', media: [], contentOf: (text) => ({ text }) };
const openEnded: PostKind = { ...kind, isNeverRuledOut: true };

it.each([
	['a lost answer that nobody can look for', { why: 'unknown hidden', fault: kill, kind }, true],
	['a task without anything that loses an answer', { why: 'unknown hidden', fault: duplicate, kind }, false],
	['an answer that could have been looked for', { why: 'unknown', fault: kill, kind }, false],
	['an answer that no reader can rule out', { why: 'unknown', fault: kill, kind: openEnded }, true],
	['an ended token that no fault ended', { why: 'auth invalid_grant', fault: kill, kind }, false],
	['a refusal', { why: 'validation text', fault: kill, kind: openEnded }, false],
])('tells whether the fault explains a person’s task: %s', (_name, { why, fault, kind: posted }, isIt) => {
	const plan: Plan = { seed: 1, only: '', posts: [{ kind: posted, words: '' }], faults: [fault] };
	expect(isExplained({ why }, plan, posted)).toBe(isIt);
});
