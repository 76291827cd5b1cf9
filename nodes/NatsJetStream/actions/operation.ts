import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { NatsUse } from '../../shared/nats';

/** One operation: its fields, and what it does for one item. The router does the rest. */
export interface Operation {
	readonly properties: INodeProperties[];
	execute(context: IExecuteFunctions, itemIndex: number, use: NatsUse): Promise<IDataObject[]>;
}

export function shownFor(
	resource: string,
	operation: string,
	properties: INodeProperties[],
): INodeProperties[] {
	return properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...property.displayOptions?.show, resource: [resource], operation: [operation] },
		},
	}));
}
