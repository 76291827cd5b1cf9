// n8n lets workflows reach files only in certain folders. FFmpeg needs paths and not n8n's streams, so the rule is
// asked here, on the path with all its symbolic links resolved.
import os from 'node:os';
import path from 'node:path';
import { NodeOperationError, type IExecuteFunctions, type ResolvedFilePath } from 'n8n-workflow';
import { z } from 'zod';

const DEFAULT_FOLDER = path.join(os.homedir(), '.n8n-files');

/** Empty also where an expression found nothing: the fields read the item, and a tool of an agent has none. */
export const givenPath = (context: IExecuteFunctions, name: string, itemIndex: number): string =>
	z.string().trim().catch('').parse(context.getNodeParameter(name, itemIndex));

export async function allowedFile(context: IExecuteFunctions, filePath: string): Promise<string> {
	const resolved = await resolveExisting(context, filePath);
	if (context.helpers.isFilePathBlocked(resolved)) throw blocked(context, filePath);
	return resolved;
}

/** The folder that was asked for, else "clips" in the first folder that n8n allows. */
export async function allowedOutputFolder(context: IExecuteFunctions, wanted: string): Promise<string> {
	if (wanted) return await allowedFile(context, wanted);
	const allowed = (process.env['N8N_RESTRICT_FILE_ACCESS_TO'] ?? '')
		.split(';')
		.map((folder) => folder.trim().replace(/^~/, os.homedir()))
		.filter(Boolean);
	for (const folder of [...allowed, DEFAULT_FOLDER]) {
		const clips = await resolveExisting(context, path.join(folder, 'clips'));
		if (!context.helpers.isFilePathBlocked(clips)) return clips;
	}
	throw blocked(context, path.join(DEFAULT_FOLDER, 'clips'));
}

/** Resolves the part that is there: an output folder may not exist yet, and a link above it must still count. */
async function resolveExisting(context: IExecuteFunctions, filePath: string): Promise<ResolvedFilePath> {
	const absolute = path.resolve(filePath.replace(/^~(?=$|[/\\])/, os.homedir()));
	const missing: string[] = [];
	let folder = absolute;
	for (;;) {
		const resolved = await context.helpers.resolvePath(folder).catch(() => undefined);
		if (resolved !== undefined) return path.join(resolved, ...missing) as ResolvedFilePath;
		const above = path.dirname(folder);
		if (above === folder) return absolute as ResolvedFilePath;
		missing.unshift(path.basename(folder));
		folder = above;
	}
}

function blocked(context: IExecuteFunctions, filePath: string): NodeOperationError {
	return new NodeOperationError(context.getNode(), `n8n does not allow access to "${filePath}".`, {
		description: `Use a path under ${process.env['N8N_RESTRICT_FILE_ACCESS_TO'] || DEFAULT_FOLDER}, or extend N8N_RESTRICT_FILE_ACCESS_TO.`,
	});
}
