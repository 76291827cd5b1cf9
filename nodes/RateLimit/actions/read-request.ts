// How the fields become windows and costs.
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { chooseWindows, type CountedWindow, type ReserveRequest } from '../../../lib/limits';
import { platformAdapters } from '../../../lib/platforms/registry';
import type { LimitWindow, PlatformAdapter } from '../../../lib/publishing/adapter';
import { platformSchema } from '../../../lib/publishing/platform';
import { mediaRefSchema, postContentSchema } from '../../../lib/publishing/post';
import { readText } from '../../shared/postgres-fields';
import { mediaKindOf, mimeTypeOf } from '../../shared/publisher/mime-type';

const microsPerUsd = 1_000_000;
const spendingEndpoint = 'spending in micro-dollars';

const ownLimitSchema = z
	.object({
		endpoint: z.string().min(1, 'an own limit needs the name of an endpoint'),
		limitTotal: z.coerce.number().int().min(0),
		cost: z.coerce.number().int().min(0).default(0),
		scope: z.enum(['account', 'app']).default('account'),
		kind: z.enum(['rolling', 'calendar-day', 'calendar-month']).default('rolling'),
		lengthMinutes: z.coerce.number().positive().default(15),
		timeZone: z.string().default('UTC'),
	})
	.transform(({ kind, lengthMinutes, timeZone, cost, ...limit }) => {
		const window =
			kind === 'rolling'
				? { kind, lengthSec: Math.max(1, Math.round(lengthMinutes * 60)) }
				: { kind, timeZone };
		const counted: CountedWindow = { ...limit, window, source: 'set in the node' };
		return { cost, counted };
	});

const budgetSchema = z.object({
	amountUsd: z.coerce.number().min(0),
	per: z.enum(['day', 'month']).default('month'),
	priceUsd: z.coerce.number().min(0).default(0),
	timeZone: z.string().default('UTC'),
});

const optionsSchema = z.object({
	appId: z.string().optional(),
	cost: z.coerce.number().int().min(1).default(1),
	countsAsPost: z.boolean().default(true),
	ownLimits: z.object({ limit: z.array(ownLimitSchema).default([]) }).default({ limit: [] }),
	spending: z.object({ budget: budgetSchema.optional() }).default({}),
});

export interface Account {
	readonly platform: z.infer<typeof platformSchema>;
	readonly accountId: string;
}

export function readAccount(context: IExecuteFunctions, itemIndex: number): Account {
	return {
		platform: platformSchema.parse(context.getNodeParameter('platform', itemIndex)),
		accountId: z
			.string()
			.min(1, 'the Account ID is missing')
			.parse(readText(context, 'accountId', itemIndex).trim()),
	};
}

export function readRequest(context: IExecuteFunctions, itemIndex: number): ReserveRequest {
	const { platform, accountId } = readAccount(context, itemIndex);
	const options = optionsSchema.parse(context.getNodeParameter('options', itemIndex, {}));
	const adapter = platformAdapters.get(platform);
	const item = context.getInputData()[itemIndex]?.json ?? {};
	const { appId, cost: costOfAll } = options;
	const known = options.countsAsPost ? windowsOf(adapter, item) : [];
	const own = options.ownLimits.limit;
	const costs: Record<string, number> = {};
	for (const { endpoint, calls } of known) if (calls > 1) costs[endpoint] = calls * costOfAll;
	for (const { counted, cost } of own) if (cost > 0) costs[counted.endpoint] = cost;
	const windows = [
		...chooseWindows(
			known,
			own.map(({ counted }) => counted),
		),
	];
	const { budget } = options.spending;
	if (budget) {
		const priceMicros = priceOf(budget, adapter, item);
		if (priceMicros > 0) windows.push(spendingWindow(budget));
		costs[spendingEndpoint] = priceMicros;
	}
	return { platform, accountId, ...(appId && { appId }), cost: costOfAll, costs, windows };
}

/** False for other calls about a post, such as one for its numbers. */
export function isForPost(context: IExecuteFunctions, itemIndex: number): boolean {
	return optionsSchema.parse(context.getNodeParameter('options', itemIndex, {})).countsAsPost;
}

/** Also when the options are wrong: as they stand in the node, for an expression may be what broke. */
export function isForOtherCall(context: IExecuteFunctions, itemIndex: number): boolean {
	const options: unknown = context.getNodeParameter('options', itemIndex, {}, { rawExpressions: true });
	return z.object({ countsAsPost: z.literal(false) }).safeParse(options).success;
}

/** Without the post itself every window counts, once: which windows it spares is not known, nor how it is made. */
function windowsOf(
	adapter: PlatformAdapter | undefined,
	item: IDataObject,
): ReadonlyArray<LimitWindow & { readonly calls: number }> {
	const limits = adapter?.description.limits ?? [];
	const content = postContentSchema.safeParse(item['content']);
	const refs = z.array(mediaRefSchema).safeParse(item['media']);
	if (!content.success || !refs.success) return limits.map((window) => ({ ...window, calls: 1 }));
	const media = refs.data.map(({ ref }) => {
		const mimeType = mimeTypeOf(ref);
		return { facts: { kind: mediaKindOf(mimeType), mimeType, sizeBytes: 0 } };
	});
	return limits
		.filter(({ counts }) => counts?.(content.data, media) ?? true)
		.map((window) => ({ ...window, calls: window.callsOf?.(content.data, media) ?? 1 }));
}

function spendingWindow({ amountUsd, per, timeZone }: z.infer<typeof budgetSchema>): CountedWindow {
	return {
		endpoint: spendingEndpoint,
		limitTotal: Math.round(amountUsd * microsPerUsd),
		// The network bills the app, whichever account it posts for.
		scope: 'app',
		window: { kind: per === 'day' ? 'calendar-day' : 'calendar-month', timeZone },
		source: 'set in the node',
	};
}

/** In whole millionths, rounded up: a budget is a promise. 0 where posting is free. */
function priceOf(
	{ priceUsd }: z.infer<typeof budgetSchema>,
	adapter: PlatformAdapter | undefined,
	item: IDataObject,
): number {
	if (priceUsd > 0) return Math.ceil(Number((priceUsd * microsPerUsd).toFixed(3)));
	if (!adapter?.costMicrosUsd) return 0;
	const content = postContentSchema.safeParse(item['content']);
	if (!content.success) {
		throw Object.assign(new Error('The item has no content whose price could be known.'), {
			remedy: 'Set Price of the Call in the Spending Limit, or reserve after Post Queue → Claim.',
		});
	}
	const media = z.array(mediaRefSchema).safeParse(item['media']).data ?? [];
	// What it is does not matter for the price, or matters only downwards.
	const facts = { kind: 'image', mimeType: 'image/jpeg', sizeBytes: 0 } as const;
	return adapter.costMicrosUsd(
		content.data,
		media.map(({ altText }) => ({ facts, ...(altText !== undefined && { altText }) })),
	);
}
