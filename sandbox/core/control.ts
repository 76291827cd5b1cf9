import { z } from 'zod';
import type { Answer } from './answer';
import type { Clock } from './clock';
import { faultSchema, type Faults } from './faults';
import type { Journal } from './journal';
import type { Network } from './network';

export interface ControlContext {
	readonly name: string;
	readonly network: Network;
	readonly journal: Journal;
	readonly faults: Faults;
	readonly clock: Clock;
}

const clockSchema = z.union([
	z.strictObject({ advanceMs: z.number() }),
	z.strictObject({ setTo: z.iso.datetime({ offset: true }) }),
]);
const faultsSchema = z.strictObject({
	/** One order or several; each is read by faultSchema alone, whose complaint names the key. */
	add: z.unknown().optional(),
	remove: z.int().optional(),
	clear: z.boolean().optional(),
});
const tokensSchema = z.strictObject({
	account: z.string().min(1),
	expiresInSeconds: z.int().optional(),
	scopes: z.array(z.string()).optional(),
	clientId: z.string().optional(),
});
const accountSchema = z.looseObject({ account: z.string().min(1) });
const consentSchema = z.strictObject({ account: z.string().optional(), deny: z.boolean().optional() });
const clientSchema = z.strictObject({
	clientId: z.string().min(1),
	clientSecret: z.string().default(''),
	redirectUris: z.array(z.url()).min(1),
	kind: z.enum(['confidential', 'public']).default('confidential'),
});

type Action = (context: ControlContext, body: unknown, url: URL) => unknown;

const ACTIONS: Readonly<Record<string, Action>> = {
	'GET health': ({ clock }) => ({ ok: true, now: clock.nowIso(), rssBytes: process.memoryUsage().rss }),
	'GET journal': ({ journal }, _body, url) => ({
		posts: ofNetwork(journal.posts, url),
		unexpected: ofNetwork(journal.unexpected, url),
	}),
	'GET requests': ({ journal }, _body, url) => ({ requests: ofNetwork(journal.requests, url) }),
	'GET faults': ({ faults }) => ({ faults: faults.list() }),
	'DELETE faults': ({ faults }) => {
		faults.clear();
		return { faults: [] };
	},
	'POST faults': changeFaults,
	'POST clock': ({ clock }, body) => {
		const change = clockSchema.parse(body);
		if ('advanceMs' in change) clock.advance(change.advanceMs);
		else clock.setTo(change.setTo);
		return { now: clock.nowIso() };
	},
	'POST tokens': ({ network }, body) => {
		const { account, expiresInSeconds, scopes, clientId } = tokensSchema.parse(body);
		const { accountId } = network.account(account);
		const tokens = network.oauth.issue({
			account,
			...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
			...(scopes === undefined ? {} : { scopes }),
			...(clientId === undefined ? {} : { clientId }),
		});
		return { ...tokens, account, accountId };
	},
	'POST accounts': ({ network }, body) => {
		const { account, ...switches } = accountSchema.parse(body);
		return network.account(account, switches);
	},
	'POST clients': ({ network }, body) => {
		const client = clientSchema.parse(body);
		network.oauth.addClient(client);
		return client;
	},
	'POST consent': ({ network }, body) => {
		const { account, deny } = consentSchema.parse(body);
		network.oauth.nextConsent = { ...(account ? { account } : {}), ...(deny ? { deny } : {}) };
		return network.oauth.nextConsent;
	},
	'POST revoke': ({ network }, body) => ({
		revokedGrants: network.oauth.revokeAccount(accountSchema.parse(body).account),
	}),
	'POST settings': ({ network }, body) => network.configure(z.record(z.string(), z.unknown()).parse(body)),
};

/** The control plane under `/_sandbox/…`: the same on every server, acting on that server's network. */
export function controlAnswer(context: ControlContext, method: string, url: URL, text: string): Answer {
	const action = ACTIONS[`${method} ${url.pathname.slice('/_sandbox/'.length)}`];
	if (action === undefined)
		return { status: 404, body: { sandbox: 'no such control', paths: Object.keys(ACTIONS) } };
	try {
		const body: unknown = text === '' ? {} : JSON.parse(text);
		return { status: 200, body: action(context, body, url) };
	} catch (error) {
		const why =
			error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : '';
		return { status: 400, body: { sandbox: why } };
	}
}

function changeFaults({ faults, name }: ControlContext, body: unknown): unknown {
	const change = faultsSchema.parse(body);
	const added = change.add === undefined ? [] : [change.add].flat();
	const orders = added.map((order) => faultSchema.parse(order));
	if (change.clear === true) faults.clear();
	if (change.remove !== undefined) faults.remove(change.remove);
	const ids = orders.map((order) => faults.add({ network: name, ...order }));
	return { added: ids, faults: faults.list() };
}

function ofNetwork<T extends { network: string }>(entries: readonly T[], url: URL): readonly T[] {
	const wanted = url.searchParams.get('network');
	return wanted === null ? entries : entries.filter((entry) => entry.network === wanted);
}
