import type { IDataObject, IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { AdapterContext, PlatformAdapter } from '../../../lib/publishing/adapter';
import type { Authorizer } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';

/** Reads a parameter of the item that is worked on. */
export type ReadParameter = (name: string, fallback?: unknown) => unknown;

/** Something that only this network can do, such as telling what a creator may post. Runs once per item. */
export interface ExtraOperation {
	readonly option: INodePropertyOptions;
	/** Its fields; each says by `displayOptions` that it belongs to this operation. */
	readonly properties: readonly INodeProperties[];
	run(input: ItemInput): Promise<IDataObject>;
}

export interface ItemInput {
	readonly context: IExecuteFunctions;
	readonly itemIndex: number;
	readonly surroundings: AdapterContext;
}

/** What a network's node adds to the shared publisher: its adapter, its credential and its own fields. */
export interface PublisherWiring {
	readonly adapter: PlatformAdapter;
	readonly credentialType: string;
	/** Where the token comes from when n8n's own OAuth 2 cannot keep it alive; n8n's when left out. */
	readonly authorizerOf?: (context: IExecuteFunctions, itemIndex: number) => Authorizer;
	readonly extraOperations?: readonly ExtraOperation[];
	/** The fields that say what is posted; shown for Publish and Validate. */
	readonly contentProperties: readonly INodeProperties[];
	/** @param timeZone the workflow's: what the editor's date fields mean. */
	readContent(read: ReadParameter, timeZone: string): PostContent;
}
