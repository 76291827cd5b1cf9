import { bindCredentials, bindWorkflow, ImportError } from '../../../scripts/workflows/bind-workflow';
import { compareWorkflow } from '../../../scripts/workflows/compare-workflow';
import type { Manifest } from '../../../scripts/workflows/manifest';
import { normalizeWorkflow } from '../../../scripts/workflows/normalize';
import type { Workflow } from '../../../scripts/workflows/workflow-file';
import { sampleEntry, sampleWorkflow } from './sample';

const manifest: Manifest = { tag: 'stackkraft', minN8nVersion: '2.8.0', workflows: [sampleEntry] };
const credential = { id: 'c1', name: 'Sample', type: 'sampleApi' };

function bound(): Workflow {
	return bindWorkflow(normalizeWorkflow(sampleWorkflow(), 'sample'), {
		credentials: bindCredentials(manifest, [credential], {}),
		workflowIds: new Map([['errors', 'w9']]),
	});
}

/** What n8n would hold after it was written: with things of its own around it. */
function heldBy(workflow: Workflow): Parameters<typeof compareWorkflow>[1] {
	const copy = structuredClone(workflow);
	return {
		...copy,
		nodes: copy.nodes.map((node) => ({ ...node, createdAt: 'x', webhookId: `hook-${node.name}` })),
		settings: { ...copy.settings, callerPolicy: 'workflowsFromSameOwner', availableInMCP: false },
	};
}

describe('binding', () => {
	it('puts this instance’s ids where the file has names', () => {
		const workflow = bound();
		expect(workflow.settings.errorWorkflow).toBe('w9');
		expect(workflow.nodes.find(({ name }) => name === 'Claim')?.credentials).toEqual({
			sampleApi: { id: 'c1', name: 'Sample' },
		});
	});

	it('takes another name or an id from the map', () => {
		const others = [credential, { ...credential, id: 'c2', name: 'Mine' }];
		expect(bindCredentials(manifest, others, { Sample: 'Mine' }).get('sampleApi/Sample')?.id).toBe('c2');
		expect(bindCredentials(manifest, others, { Sample: 'c2' }).get('sampleApi/Sample')?.id).toBe('c2');
	});

	it('offers what there is when the credential is missing', () => {
		const other = { ...credential, name: 'Mine' };
		expect(() => bindCredentials(manifest, [other], {})).toThrow(
			/no credential “Sample” of type sampleApi: create it in n8n[^]*“Mine”/,
		);
	});

	it('does not choose between two of one name', () => {
		const twins = [credential, { ...credential, id: 'c2' }];
		expect(() => bindCredentials(manifest, twins, {})).toThrow(/2 credentials named “Sample”/);
	});

	it('does not bind a credential of another type that has the right name', () => {
		expect(() => bindCredentials(manifest, [{ ...credential, type: 'otherApi' }], {})).toThrow(ImportError);
	});

	it('takes ids on trust where credentials cannot be listed, and asks for them', () => {
		expect(() => bindCredentials(manifest, undefined, {})).toThrow(/give the id of “Sample”/);
		const map = bindCredentials(manifest, undefined, { Sample: 'c7' });
		expect(map.get('sampleApi/Sample')).toEqual({ id: 'c7', name: 'Sample' });
	});
});

describe('comparing', () => {
	it('sees no difference in what n8n adds by itself', () => {
		expect(compareWorkflow(bound(), heldBy(bound()), 'sample')).toEqual([]);
	});

	it.each<[string, (workflow: Workflow) => void, RegExp]>([
		[
			'a parameter',
			({ nodes }) => void Object.assign(nodes[2]!.parameters, { operation: 'add' }),
			/^node "Claim"\.parameters\.operation: "add" → "claim"$/,
		],
		[
			'a credential',
			({ nodes }) => void (nodes[2]!.credentials = { sampleApi: { id: 'c3', name: 'Sample' } }),
			/credentials\.sampleApi: "c3" → "c1"/,
		],
		['a place', ({ nodes }) => void (nodes[2]!.position = [900, 0]), /position\.0: 900 → 200/],
		['a removed node', ({ nodes }) => void nodes.pop(), /^\+ node "/],
		[
			'an added node',
			({ nodes }) => void nodes.push({ ...nodes[2]!, id: 'n', name: 'New' }),
			/^- node "New"$/,
		],
		['a wire', ({ connections }) => void delete connections['Every Hour'], /^connections\.Every Hour/],
		['a setting', ({ settings }) => void (settings.timezone = 'Europe/Berlin'), /^settings\.timezone/],
		['a switched off node', ({ nodes }) => void (nodes[2]!.disabled = true), /disabled: true → nothing/],
	])('sees %s', (_what, change, line) => {
		const changed = bound();
		expect(changed.nodes[2]?.name).toBe('Claim');
		change(changed);
		expect(compareWorkflow(bound(), heldBy(changed), 'sample')).toContainEqual(expect.stringMatching(line));
	});

	it('does not mind that the credential was renamed in n8n', () => {
		const renamed = bound();
		renamed.nodes[2]!.credentials = { sampleApi: { id: 'c1', name: 'Renamed' } };
		expect(compareWorkflow(bound(), heldBy(renamed), 'sample')).toEqual([]);
	});
});
