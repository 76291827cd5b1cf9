import type { IDataObject } from 'n8n-workflow';

/** What n8n stores of an item is JSON: dates as text, no class instances, nothing undefined. */
export function asJson(value: object): IDataObject {
	return JSON.parse(JSON.stringify(value)) as IDataObject;
}
