import { Refusal, type Answer, type Exchange } from '../core/answer';
import { chargePost, checkOrganizationReader, checkWriter, enter } from './access';
import { accessDenied, duplicateOf, errorForStatus, invalidField } from './errors';
import { shownText } from './little-text';
import { ORGANIZATION, PERSON, type Asset, type LinkedIn, type Post } from './model';
import { parseBody, rawQuery, readUrn } from './parse';
import { checkPost, postSchema, type PostBody } from './post-body';

/** The one irreversible call of a post on LinkedIn (facts 5.3): 201, no body, the id in a header. */
export async function createPost(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	const caller = enter(linkedIn, exchange);
	chargePost(linkedIn, exchange, caller);
	const body = await parseBody(exchange, postSchema);
	checkWriter(caller, body.author);
	const assets = checkPost(linkedIn, body);
	const original = duplicate(linkedIn, body);
	if (original !== undefined) throw new Refusal(duplicateOf(original.urn));
	const post = buildPost(linkedIn, body, { account: caller.member.account, assets });
	keep(linkedIn, post, assets);
	return { status: 201, headers: { 'x-restli-id': post.urn } };
}

function duplicate({ posts, frame, settings }: LinkedIn, body: PostBody): Post | undefined {
	const sinceMs = frame.clock.nowMs() - settings.duplicateWindowMs;
	const content = JSON.stringify(body.content);
	return posts
		.values()
		.find(
			(post) =>
				post.author === body.author &&
				post.createdAtMs > sinceMs &&
				post.commentary === body.commentary &&
				JSON.stringify(post.content) === content,
		);
}

function buildPost(
	{ frame }: LinkedIn,
	body: PostBody,
	{ account, assets }: { readonly account: string; readonly assets: readonly Asset[] },
): Post {
	const createdAtMs = frame.clock.nowMs();
	const kind = assets[0]?.kind === 'video' ? 'ugcPost' : 'share';
	return {
		urn: `urn:li:${kind}:${frame.ids.snowflake(createdAtMs)}`,
		author: body.author,
		account,
		createdAtMs,
		commentary: body.commentary,
		visibility: body.visibility,
		isReshareDisabledByAuthor: body.isReshareDisabledByAuthor,
		...(body.content === undefined ? {} : { content: body.content as NonNullable<Post['content']> }),
	};
}

function keep({ frame, posts }: LinkedIn, post: Post, assets: readonly Asset[]): void {
	const title = post.content?.media?.title ?? post.content?.article?.title ?? '';
	frame.store.batch(() => {
		posts.set(post.urn, post);
		frame.journal.addPost({
			network: 'linkedin',
			account: post.account,
			accountId: post.author.replace(PERSON, '').replace(ORGANIZATION, ''),
			platformPostId: post.urn,
			url: `${frame.baseUrl()}/feed/update/${post.urn}`,
			createdAt: new Date(post.createdAtMs).toISOString(),
			title,
			text: shownText(post.commentary),
			visibility: post.visibility.toLowerCase(),
			media: assets.map(({ finished, sizeBytes }) => ({ sha256: finished?.sha256 ?? '', sizeBytes })),
		});
	});
}

/** `GET /rest/posts/{urn}`: posts of pages only, because a member's own cannot be read (facts 5.8). */
export function readPost(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const caller = enter(linkedIn, exchange);
	const urn = exchange.params['urn'] ?? '';
	const post = linkedIn.posts.get(urn);
	if (post === undefined) {
		// Whose post it would be, nobody can say: without any page it is forbidden like everything else.
		if (caller.member.organizationIds.length === 0) throw accessDenied('partnerApiPosts.GET');
		throw new Refusal(errorForStatus(404));
	}
	checkOrganizationReader(caller, post.author, 'r_organization_social');
	return { status: 200, body: postData(post) };
}

function postData(post: Post): Record<string, unknown> {
	return {
		id: post.urn,
		author: post.author,
		commentary: post.commentary,
		visibility: post.visibility,
		...(post.content === undefined ? {} : { content: post.content }),
		lifecycleState: 'PUBLISHED',
		isReshareDisabledByAuthor: post.isReshareDisabledByAuthor,
		createdAt: post.createdAtMs,
		publishedAt: post.createdAtMs,
		lastModifiedAt: post.createdAtMs,
	};
}

/** `GET /rest/posts?q=author`: how the posts of a page are found again (facts 5.8). Newest first. */
export function listPosts(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const caller = enter(linkedIn, exchange);
	const query = rawQuery(exchange.url);
	if (query.get('q') !== 'author') throw invalidField('q', 'must be author');
	const author = readUrn(query.get('author') ?? '', 'author');
	checkOrganizationReader(caller, author, 'r_organization_social');
	const count = wholeNumber(query.get('count') ?? '10', 'count');
	const start = wholeNumber(query.get('start') ?? '0', 'start');
	if (count < 1 || count > 100) throw invalidField('count', 'must be 1 to 100');
	const sorted = linkedIn.posts
		.values()
		.filter((post) => post.author === author)
		.sort((a, b) => b.createdAtMs - a.createdAtMs);
	const elements = sorted.slice(start, start + count).map(postData);
	return { status: 200, body: { elements, paging: { start, count, links: [] } } };
}

function wholeNumber(text: string, name: string): number {
	if (!/^\d{1,6}$/.test(text)) throw invalidField(name, 'must be a number');
	return Number(text);
}
