// The shape of a workflow as this repository keeps it. Strict on purpose: a key that n8n's public API
// refuses (`id`, `active`, `tags`, `versionId` …) must fail here and not in somebody's import.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

export const connectionSchema = z.strictObject({
	node: z.string(),
	type: z.string(),
	index: z.number().int().min(0),
});

export type WorkflowConnection = z.infer<typeof connectionSchema>;

/** node name → connection type → output index → where it leads. */
export const connectionsSchema = z.record(
	z.string(),
	z.record(z.string(), z.array(z.array(connectionSchema).nullable())),
);

export const credentialReferenceSchema = z.strictObject({
	/** Only ever set on the way to one instance; a committed file names a credential, never an id. */
	id: z.string().optional(),
	name: z.string().min(1),
});

export const workflowNodeSchema = z.strictObject({
	id: z.string(),
	name: z.string().min(1),
	type: z.string(),
	typeVersion: z.number(),
	position: z.tuple([z.number(), z.number()]),
	disabled: z.boolean().optional(),
	notes: z.string().optional(),
	notesInFlow: z.boolean().optional(),
	webhookId: z.string().optional(),
	parameters: z.record(z.string(), z.unknown()),
	credentials: z.record(z.string(), credentialReferenceSchema).optional(),
	onError: z.enum(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput']).optional(),
	retryOnFail: z.boolean().optional(),
	maxTries: z.number().int().optional(),
	waitBetweenTries: z.number().int().optional(),
	executeOnce: z.boolean().optional(),
	alwaysOutputData: z.boolean().optional(),
});

export type WorkflowNode = z.infer<typeof workflowNodeSchema>;

export const workflowSettingsSchema = z.strictObject({
	executionOrder: z.string().optional(),
	timezone: z.string().optional(),
	/** In a committed file: the slug of the error workflow. In n8n: its id. */
	errorWorkflow: z.string().optional(),
	executionTimeout: z.number().optional(),
	saveDataErrorExecution: z.enum(['all', 'none']).optional(),
	saveDataSuccessExecution: z.enum(['all', 'none']).optional(),
	saveExecutionProgress: z.boolean().optional(),
	saveManualExecutions: z.boolean().optional(),
	callerPolicy: z.string().optional(),
});

export const workflowSchema = z.strictObject({
	name: z.string().min(1),
	nodes: z.array(workflowNodeSchema).min(1),
	connections: connectionsSchema,
	settings: workflowSettingsSchema,
});

export type Workflow = z.infer<typeof workflowSchema>;

/** A file on disk that cannot be read as a workflow; the message names file and place. */
export class WorkflowFileError extends Error {
	override readonly name = 'WorkflowFileError';
}

export const workflowsFolder = path.resolve(__dirname, '../../workflows');

export function parseWorkflow(text: string, file: string): Workflow {
	return parseJson(text, file, workflowSchema);
}

export async function readWorkflow(file: string, folder = workflowsFolder): Promise<Workflow> {
	return parseWorkflow(await readFile(path.join(folder, file), 'utf8'), file);
}

/** JSON text to a checked value; every error names the file and the path inside it. */
export function parseJson<T>(text: string, file: string, schema: z.ZodType<T>): T {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new WorkflowFileError(`${file}: not JSON: ${error instanceof Error ? error.message : ''}`);
	}
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const lines = parsed.error.issues.map(
		(issue) => `${file}: ${placeOf(value, issue.path)}: ${issue.message}`,
	);
	throw new WorkflowFileError(lines.join('\n'));
}

/** `nodes[3] "Publish on X".position` instead of a bare index that nobody can find in the editor. */
function placeOf(value: unknown, keys: readonly PropertyKey[]): string {
	const [first, second, ...rest] = keys;
	if (first !== 'nodes' || typeof second !== 'number') return keys.map(String).join('.') || 'file';
	const nodes = z.object({ nodes: z.array(z.unknown()) }).safeParse(value);
	const node = nodes.success ? z.object({ name: z.string() }).safeParse(nodes.data.nodes[second]) : undefined;
	const label = node?.success ? `node "${node.data.name}"` : `nodes[${second}]`;
	return [label, ...rest.map(String)].join(', ');
}
