// Lists that the editor asks the network for, such as the pages of an account, while somebody looks at the panel.
import type { IExecuteFunctions, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import type { AdapterContext } from '../../../lib/publishing/adapter';
import { toNodeError } from '../errors';
import { adapterContext } from './surroundings';
import type { PublisherWiring } from './wiring';

/** Somebody is waiting: rather an error that can be tried again than a panel that hangs. */
const listDeadlineMs = 20_000;

export type OptionList = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;

export function optionList(
	wiring: PublisherWiring,
	list: (surroundings: AdapterContext) => Promise<INodePropertyOptions[]>,
): OptionList {
	return async function (this: ILoadOptionsFunctions) {
		// The value can be typed as an expression.
		if (!hasAccount(this, wiring)) return [];
		try {
			return await list(await adapterContext(asExecution(this), wiring, 0));
		} catch (thrown) {
			throw toNodeError(this.getNode(), thrown, 0);
		}
	};
}

/** Validate needs no account: its panel hides the credential, and n8n then gives none to its lists. */
export function hasAccount(context: ILoadOptionsFunctions, { credentialType }: PublisherWiring): boolean {
	const isChosen = context.getNode().credentials?.[credentialType] !== undefined;
	return isChosen && context.getCurrentNodeParameter('operation') !== 'validate';
}

/** What a list needs of an execution the editor's context has too, but for the signal that ends it. */
function asExecution(context: ILoadOptionsFunctions): IExecuteFunctions {
	const signal = AbortSignal.timeout(listDeadlineMs);
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as IExecuteFunctions;
}
