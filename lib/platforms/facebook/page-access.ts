// Everything on a page is done with the page's own token, which a person's token gives for each page (facts 6.1).
// It is never stored: whoever has the connection can ask for it again.
import type { AdapterContext } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { Authorizer } from '../../publishing/ports';
import { graphCall } from '../graph-call';
import { facebookPaths, facebookUrl } from './constants';
import { facebookNetwork } from './errors';
import { pagesSchema, type Page } from './types';

const pagesPerCall = 100;
/** Far more pages than one person manages. */
const maxCalls = 20;

interface HeldToken {
	readonly userToken: string;
	readonly pageToken: string;
}

/** One connection lives as long as one run; its page tokens go with it. */
const heldTokens = new WeakMap<Authorizer, Map<string, HeldToken>>();

function heldBy({ authorizer }: AdapterContext): Map<string, HeldToken> {
	const held = heldTokens.get(authorizer) ?? new Map<string, HeldToken>();
	heldTokens.set(authorizer, held);
	return held;
}

export interface PageAccess {
	readonly pageId: string;
	/** The same surroundings, acting as the page. */
	readonly context: AdapterContext;
}

/** @param pageId the page to act as; may be left out by who manages one page only. */
export async function actAsPage(context: AdapterContext, pageId: string | undefined): Promise<PageAccess> {
	const chosen = pageId ?? (await onlyPage(context)).id;
	return { pageId: chosen, context: { ...context, authorizer: new PageAuthorizer(context, chosen) } };
}

/** A post's id begins with its page: `{page}_{post}`. */
export function pageIdOf(platformPostId: string): string | undefined {
	return /^(\d+)_/.exec(platformPostId)?.[1];
}

class PageAuthorizer implements Authorizer {
	constructor(
		private readonly person: AdapterContext,
		private readonly pageId: string,
	) {}

	async getToken(signal: AbortSignal): Promise<string> {
		signal.throwIfAborted();
		const held = heldBy(this.person).get(this.pageId);
		return held ? held.pageToken : await this.ask();
	}

	async refreshToken(staleToken: string, signal: AbortSignal): Promise<string> {
		const held = heldBy(this.person).get(this.pageId);
		if (held && held.pageToken !== staleToken) return held.pageToken;
		// A page's token ends with the person's: a new one can come only from a new one of theirs.
		if (held) await this.person.authorizer.refreshToken(held.userToken, signal);
		return await this.ask();
	}

	private async ask(): Promise<string> {
		const pages = await listPages(this.person);
		const page = pages.find(({ id }) => id === this.pageId);
		if (page) return page.access_token;
		throw new PublishError('auth', `The connected account does not manage the page ${this.pageId}.`, {
			platform: 'facebook',
			code: 'page',
			scope: 'account',
			remedy: `Choose ${named(pages)}, or connect the account again and select the page.`,
		});
	}
}

async function onlyPage(context: AdapterContext): Promise<Page> {
	const pages = await listPages(context);
	const [page, ...others] = pages;
	if (page && others.length === 0) return page;
	if (page) {
		throw new PublishError('validation', 'The connected account manages several pages.', {
			platform: 'facebook',
			code: 'page',
			remedy: `Say which page: ${named(pages)}.`,
		});
	}
	throw new PublishError('auth', 'The connected account manages no page.', {
		platform: 'facebook',
		code: 'page',
		scope: 'account',
		remedy: 'Connect the account again and select a page that you manage.',
	});
}

function named(pages: readonly Page[]): string {
	if (pages.length === 0) return 'a page that you manage';
	return pages
		.slice(0, 10)
		.map(({ id, name }) => `${id} (${name ?? 'no name'})`)
		.join(', ');
}

/** All pages of the person: what a list to choose from shows. Their tokens are kept for the run that asked. */
export async function listPages(context: AdapterContext): Promise<readonly Page[]> {
	const pages: Page[] = [];
	let after: string | undefined;
	for (let call = 1; call <= maxCalls; call++) {
		const { data, paging } = await graphCall(facebookNetwork, context, pagesSchema, {
			method: 'GET',
			url: facebookUrl('graph', facebookPaths.pages, context.apiBaseUrl),
			query: { fields: 'id,name,access_token', limit: String(pagesPerCall), ...(after && { after }) },
			doing: 'Listing the pages',
		});
		pages.push(...data);
		// Its `next` is an address with the token in it; the cursor says the same.
		after = paging?.next ? paging.cursors?.after : undefined;
		if (!after) break;
	}
	// Asked for afterwards: the call itself may have refreshed it.
	const userToken = await context.authorizer.getToken(context.signal);
	const held = heldBy(context);
	for (const { id, access_token: pageToken } of pages) held.set(id, { userToken, pageToken });
	return pages;
}
