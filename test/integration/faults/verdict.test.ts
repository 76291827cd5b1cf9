// The count is worth as much as what it would notice: each way of losing and doubling a post is shown to it.
import { judge, type PublicPost, type RecordedPost } from '../../../bench/faults/verdict';

const intended = { postId: 'p1', words: 'Seed 1 post 1' };
const live: PublicPost = { platformPostId: '17', words: 'Seed 1 post 1\n' };
const recorded: RecordedPost = {
	postId: 'p1',
	state: 'posted',
	platformPostId: '17',
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
	expect(judge(intended, recorded, [live, { platformPostId: '18', words: 'Seed 2 post 1' }]).finding).toBe(
		'posted',
	);
});
