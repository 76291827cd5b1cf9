// What a claimed post reserves: the windows that it counts in, and no other.
import type { IDataObject } from 'n8n-workflow';
import { readRequest } from '../../../nodes/RateLimit/actions/read-request';
import { RateLimit } from '../../../nodes/RateLimit/RateLimit.node';
import { executionContext } from './fake-execution';

function windowsOf(item: IDataObject): readonly string[] {
	const parameters = { operation: 'reserve', platform: 'facebook', accountId: 'main' };
	const context = executionContext({ node: new RateLimit(), items: [item], parameters });
	return readRequest(context, 0).windows.map(({ endpoint }) => endpoint);
}

const reels = ['POST /{page}/video_reels'];
const clip = [{ ref: '/media/clip.mp4' }];

describe('a slot for a post on Facebook', () => {
	it('is one of the thirty reels for a reel', () => {
		expect(windowsOf({ content: { text: 'x' }, media: clip })).toEqual(reels);
	});

	it.each<[string, IDataObject]>([
		['a video', { content: { options: { videoType: 'video' } }, media: clip }],
		['a story', { content: { options: { placement: 'story' } }, media: clip }],
		['photos', { content: { text: 'x' }, media: [{ ref: '/a.jpg' }, { ref: '/b.png' }] }],
		['words', { content: { text: 'x' }, media: [] }],
	])('costs no reel for %s', (_, item) => {
		expect(windowsOf(item)).toEqual([]);
	});

	it('is one of them when the post is not known', () => {
		expect(windowsOf({})).toEqual(reels);
	});
});
