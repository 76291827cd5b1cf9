import type { NodeCatalog } from '../../../scripts/workflows/node-description';
import { countOutputs } from '../../../scripts/workflows/node-outputs';
import { describeProblem, validateWorkflow, validateWorkflows } from '../../../scripts/workflows/validate';
import {
	parseWorkflow,
	WorkflowFileError,
	type Workflow,
	type WorkflowNode,
} from '../../../scripts/workflows/workflow-file';
import { sampleCatalog, sampleEntry, sampleQueue, sampleWorkflow } from './sample';

let catalog: NodeCatalog;

beforeAll(async () => {
	catalog = await sampleCatalog();
});

function problemsOf(workflow: Workflow): string[] {
	return validateWorkflow(workflow, sampleEntry, catalog).map(describeProblem);
}

function nodeNamed(workflow: Workflow, name: string): WorkflowNode {
	const node = workflow.nodes.find((candidate) => candidate.name === name);
	if (!node) throw new Error(`no node ${name}`);
	return node;
}

/** What the validator says when exactly one thing is wrong with an otherwise correct workflow. */
function breaking(change: (workflow: Workflow) => void): string[] {
	const workflow = sampleWorkflow();
	change(workflow);
	return problemsOf(workflow);
}

it('accepts a correct workflow without a word', () => {
	expect(problemsOf(sampleWorkflow())).toEqual([]);
});

describe('parameters', () => {
	it('names file, node and parameter of an unknown parameter', () => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Claim').parameters['postIdd'] = 'x';
		});
		expect(problems).toEqual([
			expect.stringMatching(
				/^sample\.json, node "Claim", parameter "postIdd": the node has no parameter "postIdd"/,
			),
		]);
	});

	it('names file, node and parameter of an unknown option value, and what would be known', () => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Claim').parameters['operation'] = 'clame';
		});
		expect(problems.join('\n')).toMatch(
			/sample\.json, node "Claim", parameter "operation": "clame" is no option \(known: "add", "claim"\)/,
		);
	});

	it('refuses a parameter that the chosen operation never reads', () => {
		const problems = breaking((workflow) => {
			const claim = nodeNamed(workflow, 'Claim');
			claim.parameters['operation'] = 'add';
			workflow.connections['Claim'] = {
				main: [[{ node: 'Claimed', type: 'main', index: 0 }], [{ node: 'Say Why', type: 'main', index: 0 }]],
			};
			workflow.nodes = workflow.nodes.filter((node) => node.name !== 'Taken');
		});
		expect(problems).toEqual([
			'sample.json, node "Claim", parameter "postId": is never read with operation = "add"',
		]);
	});

	it.each([
		['a collection', { leaseMinuts: 3 }, 'options.leaseMinuts'],
		['a fixed collection', { tags: { tag: [{ nme: 'a' }] } }, 'options.tags.tag.nme'],
		['a fixed collection group', { tags: { tagg: [] } }, 'options.tags.tagg'],
		['a wrongly typed value', { leaseMinutes: '3' }, 'options.leaseMinutes'],
	])('finds a slip inside %s', (_what, options, place) => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Claim').parameters['options'] = options;
		});
		expect(problems).toHaveLength(1);
		expect(problems[0]).toContain(`parameter "${place}"`);
	});

	it('refuses a required parameter that is empty', () => {
		const problems = breaking((workflow) => {
			delete nodeNamed(workflow, 'Claim').parameters['postId'];
		});
		expect(problems).toEqual(['sample.json, node "Claim", parameter "postId": is required and empty']);
	});

	it('holds the parameters of built-in nodes to the same rule', () => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Every Hour').parameters = { rule: { interval: [{ field: 'hourz' }] } };
		});
		expect(problems[0]).toMatch(/node "Every Hour", parameter "rule.interval.field": "hourz" is no option/);
	});
});

describe('node types', () => {
	it.each([
		['n8n-nodes-base.executeCommand', 1, /neither ours nor on the list/],
		['n8n-nodes-base.cron', 1, /neither ours nor on the list/],
		['n8n-nodes-base.code', 2, /neither ours nor on the list/],
		['n8n-nodes-base.noOp', 7, /type version 7 is not allowed/],
	])('refuses %s version %d', (type, typeVersion, message) => {
		const problems = breaking((workflow) => {
			Object.assign(nodeNamed(workflow, 'Taken'), { type, typeVersion });
		});
		expect(problems.join('\n')).toMatch(message);
	});
});

describe('connections', () => {
	it('refuses a connection to a node that is not there', () => {
		const problems = breaking((workflow) => {
			workflow.connections['Every Hour'] = { main: [[{ node: 'Clame', type: 'main', index: 0 }]] };
		});
		expect(problems.join('\n')).toContain('is connected to "Clame"');
	});

	it('refuses a connection from an output that is not there', () => {
		const problems = breaking((workflow) => {
			const wire = [{ node: 'Taken', type: 'main', index: 0 }];
			workflow.connections['Every Hour'] = { main: [wire, wire] };
		});
		expect(problems.join('\n')).toContain('node "Every Hour": output 1 does not exist (it has 1)');
	});

	it('names the node type whose outputs n8n could not evaluate, where n8n itself shows no outputs', () => {
		const wrong = { ...sampleQueue, outputs: '={{ (($) => [$.operation])($parameter) }}' };
		const node = nodeNamed(sampleWorkflow(), 'Claim');
		expect(() => countOutputs(node, wrong)).toThrow(/sampleQueue: n8n cannot evaluate the outputs/);
	});

	it('refuses a node of ours whose error output leads nowhere', () => {
		const problems = breaking((workflow) => {
			workflow.connections['Claim']?.['main']?.pop();
		});
		expect(problems).toContain('sample.json, node "Claim": its error output leads nowhere');
	});

	it('refuses a node of ours without an error output', () => {
		const problems = breaking((workflow) => {
			delete nodeNamed(workflow, 'Claim').onError;
		});
		expect(problems.join('\n')).toContain('node "Claim": needs an error output');
	});

	it('refuses a loop without an exit', () => {
		const problems = breaking((workflow) => {
			workflow.connections['Taken'] = { main: [[{ node: 'Claim', type: 'main', index: 0 }]] };
		});
		expect(problems).toContain('sample.json, node "Taken": is part of a loop that has no exit');
	});

	it('refuses a node to which no trigger leads', () => {
		const problems = breaking((workflow) => {
			workflow.connections['Claim']?.['main']?.splice(1, 1, []);
		});
		expect(problems).toEqual(['sample.json, node "Taken": no trigger leads here']);
	});
});

describe('expressions and secrets', () => {
	it.each([
		['={{ $json.a + }}', /does not parse/],
		['={{ $json.a', /no closing/],
		["={{ $('Gone').item.json.a }}", /refers to node "Gone"/],
		['{{ $json.a }}', /does not start with "="/],
		['={{ $env.KEY }}', /\$env is denied/],
		['={{ $getPairedItem() }}', /\$getPairedItem is gone/],
		[`Bearer ${'abcdefgh12345678'}`, /looks like a bearer token/],
		[`https://me:${'hunter2'}@example.org/`, /a password in a URL/],
		[`eyJ${'hbGciOiJIUzI1'}.${'eyJzdWIiOiIx'}`, /JSON web token/],
	])('refuses %s', (text, message) => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Claim').parameters['postId'] = text;
		});
		expect(problems.join('\n')).toMatch(message);
	});
});

describe('credentials and settings', () => {
	it('refuses an id of somebody’s credential', () => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Claim').credentials = { sampleApi: { id: 'Zx81', name: 'Sample' } };
		});
		expect(problems.join('\n')).toContain('carries an id of some instance');
	});

	it('refuses a node without the credential that it requires', () => {
		const problems = breaking((workflow) => {
			delete nodeNamed(workflow, 'Claim').credentials;
		});
		expect(problems.join('\n')).toContain('needs a credential of type "sampleApi"');
	});

	it('refuses a credential that the manifest does not announce', () => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Claim').credentials = { sampleApi: { name: 'Other' } };
		});
		expect(problems.join('\n')).toContain('manifest.json does not list sampleApi "Other"');
	});

	it.each([
		['executionOrder', 'settings.executionOrder must be "v1"'],
		['timezone', 'settings.timezone must be set'],
		['errorWorkflow', 'settings.errorWorkflow must be "errors"'],
	] as const)('refuses settings without %s', (key, message) => {
		const problems = breaking((workflow) => {
			delete workflow.settings[key];
		});
		expect(problems.join('\n')).toContain(message);
	});
});

describe('the canvas', () => {
	it('refuses two nodes on one place', () => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Taken').position = [420, -140];
		});
		expect(problems.join('\n')).toContain('lies on');
	});

	it('refuses a workflow whose note does not say what switches it has', () => {
		const problems = breaking((workflow) => {
			nodeNamed(workflow, 'Note').parameters['content'] = '**Purpose** only';
		});
		expect(problems).toEqual([
			'sample.json: its sticky notes do not say: Trigger, Inputs, Outputs, Switches',
		]);
	});
});

describe('files', () => {
	it('names the file when it is not JSON', () => {
		expect(() => parseWorkflow('{ "name": ', 'broken.json')).toThrow(/^broken\.json: not JSON/);
	});

	it('names file, node and key when the public API would refuse a key', () => {
		const workflow = { ...sampleWorkflow(), active: true };
		expect(() => parseWorkflow(JSON.stringify(workflow), 'sample.json')).toThrow(/sample\.json: .*active/s);
		const [first, ...others] = sampleWorkflow().nodes;
		const odd = { ...sampleWorkflow(), nodes: [{ ...first, colour: 1 }, ...others] };
		expect(() => parseWorkflow(JSON.stringify(odd), 'sample.json')).toThrow(WorkflowFileError);
		expect(() => parseWorkflow(JSON.stringify(odd), 'sample.json')).toThrow(/node "Note".*colour/s);
	});

	it('refuses a file that the manifest does not list, and a listed one that is absent', () => {
		const manifest = { tag: 'stackkraft', minN8nVersion: '2.8.0', workflows: [sampleEntry] };
		const workflows = new Map([['other.json', sampleWorkflow()]]);
		const problems = validateWorkflows({ manifest, workflows, catalog }).map(describeProblem);
		expect(problems).toEqual(
			expect.arrayContaining([
				'other.json: is not listed in manifest.json',
				'sample.json: is listed in manifest.json but does not exist',
				'manifest.json: there is no error workflow "errors"',
			]),
		);
	});
});
