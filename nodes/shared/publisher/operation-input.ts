import type { IExecuteFunctions } from 'n8n-workflow';
import type { PublisherWiring } from './wiring';

/** What one operation gets for one item. */
export interface OperationInput {
	readonly context: IExecuteFunctions;
	readonly wiring: PublisherWiring;
	readonly itemIndex: number;
}
