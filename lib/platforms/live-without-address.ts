import type { AdapterContext } from '../publishing/adapter';
import type { Platform } from '../publishing/platform';
import type { LivePost } from '../publishing/post';

/**
 * The network answered the publishing call with the id, and then the connection of the account ended. Every look for the
 * post would end the same way and call a person in the end, although there is nothing left to find out but the address.
 */
export function liveWithoutAddress(
	{ log }: Pick<AdapterContext, 'log'>,
	platform: Platform,
	platformPostId: string,
): LivePost {
	log.warn('The post is live, and its address could not be read because the account is no longer connected', {
		platform,
		platformPostId,
	});
	return { platformPostId, url: '' };
}
