// Who posts: a page is named in the options, a member is asked for. LinkedIn throttles that question by the day
// (facts 5.1), so one token asks once per process, and the answer is kept in the post's handle.
import { createHash } from 'node:crypto';
import type { AdapterContext } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { linkedInRead } from './call';
import { linkedInPaths } from './constants';
import { linkedInOptionsSchema } from './text';
import { organizationUrnPrefix, userInfoSchema } from './types';

const maxRemembered = 200;
/** By a hash of address and token: a token itself is nothing to keep. */
const remembered = new Map<string, string>();

export async function authorOf(context: AdapterContext, content: PostContent): Promise<string> {
	const { author } = linkedInOptionsSchema.parse(content.options ?? {});
	if (author !== undefined) return author;
	const token = await context.authorizer.getToken(context.signal);
	const key = createHash('sha256')
		.update(`${context.apiBaseUrl ?? ''} ${token}`)
		.digest('hex');
	const known = remembered.get(key);
	if (known !== undefined) return known;
	const { sub } = await linkedInRead(context, userInfoSchema, {
		path: linkedInPaths.userInfo,
		doing: 'Asking for the account',
	});
	const [oldest] = remembered.keys();
	if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest);
	const urn = `urn:li:person:${sub}`;
	remembered.set(key, urn);
	return urn;
}

export function isOrganization(author: string): boolean {
	return author.startsWith(organizationUrnPrefix);
}
