// What a claimed post reserves: the windows that it counts in, and no other.
import type { IDataObject } from 'n8n-workflow';
import type { ReserveRequest } from '../../../lib/limits';
import { readRequest } from '../../../nodes/RateLimit/actions/read-request';
import { RateLimit } from '../../../nodes/RateLimit/RateLimit.node';
import { executionContext } from './fake-execution';

function requestOf(item: IDataObject, platform: string): ReserveRequest {
	const parameters = { operation: 'reserve', platform, accountId: 'main' };
	return readRequest(executionContext({ node: new RateLimit(), items: [item], parameters }), 0);
}

function windowsOf(item: IDataObject, platform = 'facebook'): readonly string[] {
	return requestOf(item, platform).windows.map(({ endpoint }) => endpoint);
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

describe('a slot for a post on Instagram', () => {
	const media = (...refs: string[]): IDataObject[] => refs.map((ref) => ({ ref }));

	it.each([
		['a reel', media('/a.mp4'), {}],
		[
			'a carousel of three, which is one post of four containers',
			media('/a.mp4', '/b.jpg', '/c.jpg'),
			{
				'POST /media': 4,
			},
		],
	])('has room for the containers of %s', (_, refs, costs) => {
		const request = requestOf({ content: { text: 'x' }, media: refs }, 'instagram');
		expect(request.windows.map(({ endpoint }) => endpoint)).toEqual(['POST /media_publish', 'POST /media']);
		expect(request.costs).toEqual(costs);
	});
});

describe('a slot for a post on Threads', () => {
	it.each([
		['a post', {}, 'POST /threads_publish'],
		['a reply', { replyToId: '178' }, 'POST /threads_publish (replies)'],
	])('is taken from the window of its kind for %s', (_, options, window) => {
		expect(windowsOf({ content: { text: 'x', options }, media: [] }, 'threads')).toEqual([window]);
	});
});
