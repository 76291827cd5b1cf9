import { buildAsideLetter } from '../../../lib/queue';

const received = {
	message: { version: 1, requestId: 'talk' },
	subject: 'content.extract.demo',
	stream: 'CONTENT_EXTRACT',
	streamSequence: 7,
	deliveryCount: 2,
	headers: { 'Nats-Msg-Id': 'talk-1' },
	publishedAt: '2026-11-20T06:00:00.000Z',
};
const cause = { errorClass: 'validation', reason: 'No sound.', failedAt: new Date('2026-11-20T06:01:00Z') };

it('keeps all that is needed to do the work again once it is mended', () => {
	expect(buildAsideLetter(received, cause)).toMatchObject({
		subject: 'content.dead.extract',
		payload: {
			version: 1,
			subject: 'content.extract.demo',
			payload: '{"version":1,"requestId":"talk"}',
			headers: { 'Nats-Msg-Id': 'talk-1' },
			errorClass: 'validation',
			reason: 'No sound.',
			attempts: 2,
			failedAt: '2026-11-20T06:01:00.000Z',
		},
	});
});

it('gives the same message the same id, so that a repeated run puts one letter aside', () => {
	const again = buildAsideLetter({ ...received, deliveryCount: 3 }, { ...cause, reason: 'Other words.' });
	expect(again.messageId).toBe(buildAsideLetter(received, cause).messageId);
	const other = buildAsideLetter({ ...received, streamSequence: 8 }, cause);
	expect(other.messageId).not.toBe(again.messageId);
});

it('names the post that the message was about', () => {
	const postId = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
	const letter = buildAsideLetter({ ...received, message: { postId } }, cause).payload;
	expect(letter).toMatchObject({ postId });
});

it('refuses what the trigger did not give', () => {
	expect(() => buildAsideLetter({ message: {} }, cause)).toThrow();
});
