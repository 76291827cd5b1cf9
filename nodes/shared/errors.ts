// The border where our errors become n8n's: what happened as the title, what to do as the description.
import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type JsonObject,
} from 'n8n-workflow';
import { ZodError } from 'zod';
import { PublishError } from '../../lib/publishing/errors';

/** The item that stands for a failure under “Continue”; otherwise the failure stops the node. */
export function failedItem(
	context: Pick<IExecuteFunctions, 'getNode' | 'continueOnFail'>,
	thrown: unknown,
	itemIndex: number,
): INodeExecutionData {
	const node = context.getNode();
	const error = toNodeError(node, thrown, itemIndex);
	// n8n hands the model of an agent the message and nothing else: without the way out it can only try the same again.
	if (isTool(node) && error.description && !error.message.includes(error.description)) {
		error.message = `${error.message} ${error.description}`;
	}
	if (!context.continueOnFail()) throw error;
	return {
		json: { error: error.message, remedy: error.description ?? '' },
		error,
		pairedItem: { item: itemIndex },
	};
}

/** n8n makes the tool of a node by itself and adds this to the name of its type. */
export const isTool = ({ type }: INode): boolean => type.endsWith('Tool');

export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const nodeError = asNodeError(node, error, itemIndex);
	// For a workflow that has to tell “mend it first” from “try again”: `$input.item.error.context.errorClass`.
	const errorClass = fieldOf(error, 'class');
	if (errorClass) nodeError.context.errorClass = errorClass;
	return nodeError;
}

function asNodeError(node: INode, error: unknown, itemIndex: number): NodeApiError | NodeOperationError {
	if (error instanceof PublishError && error.httpStatus) {
		// `toJSON` leaves the cause out: it can hold a request with its headers.
		return new NodeApiError(node, error.toJSON() as unknown as JsonObject, {
			message: error.message,
			description: error.remedy ?? '',
			httpCode: String(error.httpStatus),
			itemIndex,
		});
	}
	return new NodeOperationError(node, messageOf(error), { description: fieldOf(error, 'remedy'), itemIndex });
}

function messageOf(error: unknown): string {
	if (error instanceof ZodError) {
		const found = error.issues.map(({ path, message }) => `${path.join('.') || 'value'}: ${message}`);
		return `Not what this needs: ${found.slice(0, 5).join('; ')}`;
	}
	return error instanceof Error ? error.message || error.name : String(error);
}

/** Every error class of ours that knows a way out carries it as `remedy`, and what to do next as `class`. */
function fieldOf(error: unknown, field: 'class' | 'remedy'): string {
	const value = ((error ?? {}) as Record<string, unknown>)[field];
	return typeof value === 'string' ? value : '';
}
