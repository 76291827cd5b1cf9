// Brings workflows/*.json into an n8n. Doing it twice changes nothing, and what was written is read back:
// n8n is known to answer 200 while the published version stays the old one (n8n issue 36662).
import { setTimeout as delay } from 'node:timers/promises';
import {
	bindCredentials,
	bindWorkflow,
	ImportError,
	type Binding,
	type CredentialMap,
} from './bind-workflow';
import { compareWorkflow } from './compare-workflow';
import { inImportOrder, readManifest, type ManifestEntry } from './manifest';
import { N8nApi, N8nApiError, type RemoteTag, type RemoteWorkflow } from './n8n-api';
import { normalizeWorkflow } from './normalize';
import { readWorkflow, workflowsFolder, type Workflow } from './workflow-file';

export interface ImportOptions {
	readonly n8nUrl: string;
	readonly apiKey: string;
	/** Only for credentials that are named differently in this instance. */
	readonly credentials?: CredentialMap | undefined;
	readonly log?: ((line: string) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Say what would change and change nothing. */
	readonly isDryRun?: boolean | undefined;
	readonly folder?: string | undefined;
}

/** Names of workflows, by what happened to them. */
export interface ImportReport {
	readonly created: string[];
	readonly updated: string[];
	readonly unchanged: string[];
	readonly activated: string[];
}

const activationDeadlineMs = 60_000;
const pollMs = 250;
/** Stands for the id of a workflow that a dry run did not create. */
const notYetCreated = '(new)';

interface Run {
	readonly api: N8nApi;
	readonly options: ImportOptions;
	readonly report: ImportReport;
	readonly binding: Binding & { readonly workflowIds: Map<string, string> };
	readonly tags: RemoteTag[];
	readonly tag: string;
}

export async function importWorkflows(options: ImportOptions): Promise<ImportReport> {
	const manifest = await readManifest(options.folder);
	const api = new N8nApi(options);
	const credentials = bindCredentials(manifest, await api.listCredentials(), options.credentials ?? {});
	const run: Run = {
		api,
		options,
		report: { created: [], updated: [], unchanged: [], activated: [] },
		binding: { credentials, workflowIds: new Map() },
		tags: await api.listTags(),
		tag: manifest.tag,
	};
	for (const entry of inImportOrder(manifest)) {
		options.signal?.throwIfAborted();
		await importOne(entry, run);
	}
	return run.report;
}

async function importOne(entry: ManifestEntry, run: Run): Promise<void> {
	const file = await readWorkflow(entry.file, run.options.folder ?? workflowsFolder);
	const normal = normalizeWorkflow(file, entry.slug);
	const held = await findHeld(entry, normal, run);
	run.binding.workflowIds.set(entry.slug, held?.id ?? notYetCreated);
	const wanted = bindWorkflow(normal, run.binding);
	if (run.options.isDryRun) return sayDifference(entry, wanted, held, run);
	const { id, happened } = await write(entry, wanted, held, run);
	run.binding.workflowIds.set(entry.slug, id);
	run.report[happened].push(entry.name);
	await ensureTags(id, entry, held, run);
	const wasActivated = await ensureActive(id, entry, wanted, run);
	run.options.log?.(`${happened.padEnd(9)} ${entry.name}${wasActivated ? ' (activated)' : ''}`);
}

/** Ours by name and tag; an import that died before it could tag is known by its node ids. */
async function findHeld(
	entry: ManifestEntry,
	normal: Workflow,
	run: Run,
): Promise<RemoteWorkflow | undefined> {
	const ids = new Set(normal.nodes.map((node) => node.id));
	const candidates = (await run.api.listWorkflows(entry.name)).filter(
		(workflow) =>
			workflow.tags?.some((tag) => tag.name === run.tag) === true ||
			workflow.nodes.some((node) => node.id !== undefined && ids.has(node.id)),
	);
	if (candidates.length > 1) {
		throw new ImportError(
			`There are ${candidates.length} workflows named “${entry.name}” with the tag “${run.tag}” (ids ${candidates
				.map((workflow) => workflow.id)
				.join(', ')}): archive or rename all but one.`,
		);
	}
	return candidates[0];
}

function sayDifference(
	entry: ManifestEntry,
	wanted: Workflow,
	held: RemoteWorkflow | undefined,
	run: Run,
): void {
	const changes = held ? compareWorkflow(wanted, held, entry.slug) : [];
	const outcome = !held ? 'created' : changes.length > 0 ? 'updated' : 'unchanged';
	run.report[outcome].push(entry.name);
	run.options.log?.(`${outcome.padEnd(9)} ${entry.name}`);
	for (const change of changes) run.options.log?.(`  ${change}`);
	if (held && !isLive(held)) {
		run.report.activated.push(entry.name);
		run.options.log?.('  is not active in its newest version');
	}
}

async function write(
	entry: ManifestEntry,
	wanted: Workflow,
	held: RemoteWorkflow | undefined,
	run: Run,
): Promise<{ id: string; happened: 'created' | 'updated' | 'unchanged' }> {
	if (held && compareWorkflow(wanted, held, entry.slug).length === 0) {
		return { id: held.id, happened: 'unchanged' };
	}
	const written = held ? await run.api.updateWorkflow(held.id, wanted) : await run.api.createWorkflow(wanted);
	const stored = await run.api.getWorkflow(written.id);
	const lost = compareWorkflow(wanted, stored, entry.slug);
	if (lost.length > 0) {
		throw new ImportError(`n8n stored “${entry.name}” differently:\n  ${lost.join('\n  ')}`);
	}
	return { id: written.id, happened: held ? 'updated' : 'created' };
}

async function ensureTags(
	id: string,
	entry: ManifestEntry,
	held: RemoteWorkflow | undefined,
	run: Run,
): Promise<void> {
	const present = held?.tags ?? [];
	const absent = entry.tags.filter((name) => !present.some((tag) => tag.name === name));
	if (absent.length === 0) return;
	for (const name of absent) {
		if (!run.tags.some((tag) => tag.name === name)) run.tags.push(await run.api.createTag(name));
	}
	// What a person added stays.
	const names = new Set([...present.map((tag) => tag.name), ...entry.tags]);
	await run.api.setTags(
		id,
		run.tags.filter((tag) => names.has(tag.name)).map((tag) => tag.id),
	);
}

/** True when it had to be activated. Also an error workflow has to be: n8n 2 calls published ones only. */
async function ensureActive(id: string, entry: ManifestEntry, wanted: Workflow, run: Run): Promise<boolean> {
	const before = await run.api.getWorkflow(id);
	const needsActivation = !isLive(before);
	if (needsActivation) await activate(id, entry, run);
	const live = needsActivation ? await waitUntilLive(id, entry, run) : before;
	const stale = live.activeVersion ? compareWorkflow(wanted, live.activeVersion, entry.slug) : [];
	if (stale.length > 0) {
		throw new ImportError(`n8n runs an older version of “${entry.name}”:\n  ${stale.join('\n  ')}`);
	}
	if (needsActivation) run.report.activated.push(entry.name);
	return needsActivation;
}

async function activate(id: string, entry: ManifestEntry, run: Run): Promise<void> {
	try {
		await run.api.activateWorkflow(id);
	} catch (error) {
		if (!(error instanceof N8nApiError) || error.status === 0) throw error;
		throw new ImportError(`“${entry.name}” was imported but cannot be activated. ${error.message}`);
	}
}

async function waitUntilLive(id: string, entry: ManifestEntry, run: Run): Promise<RemoteWorkflow> {
	const giveUpAt = Date.now() + activationDeadlineMs;
	while (Date.now() < giveUpAt) {
		const workflow = await run.api.getWorkflow(id);
		if (isLive(workflow)) return workflow;
		await delay(pollMs, undefined, { signal: run.options.signal });
	}
	throw new ImportError(`“${entry.name}” did not become active within ${activationDeadlineMs / 1000} s.`);
}

function isLive(workflow: RemoteWorkflow): boolean {
	const { active, versionId, activeVersionId } = workflow;
	// Before n8n 2 there was one version only.
	return active && (activeVersionId == null || activeVersionId === versionId);
}
