// The process that is killed: what n8n with our nodes does between a due row and a public post, on the same library
// path. It works for one seed after another until somebody ends it.
import { numberedOrderSchema, type OpenOrder, type Order } from './messages';
import { openWork, type Work } from './work';

let work: Work | undefined;
let release = (): void => undefined;

/** Stands still at an edge until the supervisor says so, or kills. */
async function halt(edge: { readonly number: number; readonly label: string }): Promise<void> {
	const released = new Promise<void>((resolve) => (release = resolve));
	process.send?.({ edge });
	await released;
}

async function open(order: OpenOrder): Promise<void> {
	await work?.close();
	work = await openWork(order, halt);
}

async function obey(order: Order): Promise<unknown> {
	if (order.do === 'open') return await open(order);
	if (!work) throw new Error('nothing is open');
	switch (order.do) {
		case 'intake':
			return await work.intake(order.posts);
		case 'tick':
			return await work.tick(order.offsetMs);
		case 'settle':
			return await work.settle();
		case 'time':
			return work.setTime(order.offsetMs);
		case 'close': {
			const tally = work.tally();
			await work.close();
			work = undefined;
			return tally;
		}
		default:
			return order satisfies never;
	}
}

process.on('message', (message) => {
	const said = numberedOrderSchema.parse(message);
	if ('go' in said) return release();
	const { id, order } = said;
	void obey(order).then(
		(result) => process.send?.({ id, result }),
		(error: unknown) =>
			process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
	);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ isReady: true });
