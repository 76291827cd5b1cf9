// A misspelt parameter is not refused by n8n: it is ignored, and the default runs instead. So every name and
// every option value is held against the node's own description before a workflow leaves this repository.
import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { NodeDescription } from './node-description';
import type { WorkflowNode } from './workflow-file';

export interface ParameterProblem {
	readonly parameter: string;
	readonly message: string;
}

interface Level {
	readonly properties: readonly INodeProperties[];
	/** Values of this level with the defaults filled in: what is shown depends on them. */
	readonly current: INodeParameters;
	readonly root: INodeParameters;
	readonly place: string;
	readonly node: INode;
	readonly description: INodeTypeDescription;
}

export function checkParameters(node: WorkflowNode, description: NodeDescription): ParameterProblem[] {
	const level = rootLevel(node, description);
	return [...checkLevel(node.parameters, level), ...missing(level)];
}

/** The credential types that this node takes with its present parameters. */
export function credentialsShown(
	node: WorkflowNode,
	description: NodeDescription,
): Array<{ name: string; isRequired: boolean }> {
	const { current, root, node: asNode, description: asDescription } = rootLevel(node, description);
	return (asDescription.credentials ?? [])
		.filter((use) => NodeHelpers.displayParameter(current, use, asNode, asDescription, root))
		.map((use) => ({ name: use.name, isRequired: use.required === true }));
}

function rootLevel(node: WorkflowNode, description: NodeDescription): Level {
	const bare: Level = {
		properties: description.properties,
		current: {},
		root: {},
		place: '',
		node: node as unknown as INode,
		description: { ...description, version: description.versions } as unknown as INodeTypeDescription,
	};
	const root = withDefaults(node.parameters, bare);
	return { ...bare, current: root, root };
}

/** In the order of the description, because a later property is shown or not by the earlier ones. */
function withDefaults(values: Readonly<Record<string, unknown>>, level: Level): INodeParameters {
	const isRoot = level.place === '';
	const filled = { ...values } as INodeParameters;
	for (const property of level.properties) {
		const seen = { ...level, current: filled, root: isRoot ? filled : level.root };
		if (!(property.name in filled) && isShown(property, seen)) filled[property.name] = property.default;
	}
	return filled;
}

function checkLevel(values: Readonly<Record<string, unknown>>, level: Level): ParameterProblem[] {
	return Object.entries(values).flatMap(([name, value]) => {
		const place = level.place === '' ? name : `${level.place}.${name}`;
		const candidates = level.properties.filter((property) => property.name === name);
		if (candidates.length === 0) return [{ parameter: place, message: unknownName(name, level) }];
		const shown = candidates.filter((property) => isShown(property, level));
		if (shown.length === 0) {
			return [{ parameter: place, message: `is never read with ${settingOf(candidates[0], level)}` }];
		}
		const results = shown.map((property) => checkValue(value, property, { ...level, place }));
		return results.find((problems) => problems.length === 0) ?? results[0] ?? [];
	});
}

function isShown(property: INodeProperties, level: Level): boolean {
	const { current, node, description, root } = level;
	return NodeHelpers.displayParameter(current, property, node, description, root);
}

function settingOf(property: INodeProperties | undefined, level: Level): string {
	const keys = Object.keys({ ...property?.displayOptions?.show, ...property?.displayOptions?.hide });
	const settings = keys
		.filter((key) => !key.startsWith('@'))
		.map((key) => {
			const value = key.startsWith('/') ? level.root[key.slice(1)] : level.current[key];
			return `${key} = ${JSON.stringify(value)}`;
		});
	return settings.join(' and ') || 'this type version';
}

function unknownName(name: string, level: Level): string {
	const names = [...new Set(level.properties.filter((p) => isShown(p, level)).map((p) => p.name))];
	return `the node has no parameter "${name}" (it has: ${names.join(', ') || 'none'})`;
}

function checkValue(value: unknown, property: INodeProperties, level: Level): ParameterProblem[] {
	if (isExpression(value)) return [];
	switch (property.type) {
		case 'options':
			return checkOption(value, property, level.place);
		case 'multiOptions':
			return asArray(value).flatMap((one) => checkOption(one, property, level.place));
		case 'collection':
			return checkCollection(value, property, level);
		case 'fixedCollection':
			return checkFixedCollection(value, property, level);
		case 'resourceLocator':
			return isRecord(value) && value['__rl'] === true && 'value' in value && 'mode' in value
				? []
				: [{ parameter: level.place, message: 'must be { "__rl": true, "mode": …, "value": … }' }];
		case 'number':
		case 'boolean':
		case 'string':
			return checkPrimitive(value, property, level.place);
		default:
			return [];
	}
}

function checkPrimitive(value: unknown, property: INodeProperties, place: string): ParameterProblem[] {
	const several = property.typeOptions?.multipleValues === true;
	const values = several ? asArray(value) : [value];
	return values
		.filter((one) => !isExpression(one) && typeof one !== property.type)
		.map((one) => ({
			parameter: place,
			message: `must be a ${property.type}, not ${JSON.stringify(one)}`,
		}));
}

function checkOption(value: unknown, property: INodeProperties, place: string): ParameterProblem[] {
	const options = (property.options ?? []) as INodePropertyOptions[];
	// No list in the description: the editor loads it from the far side.
	if (options.length === 0 || isExpression(value)) return [];
	if (options.some((option) => option.value === value)) return [];
	const known = options.map((option) => JSON.stringify(option.value)).join(', ');
	return [{ parameter: place, message: `${JSON.stringify(value)} is no option (known: ${known})` }];
}

function checkCollection(value: unknown, property: INodeProperties, level: Level): ParameterProblem[] {
	const properties = (property.options ?? []) as INodeProperties[];
	return asArray(value).flatMap((one) => {
		if (!isRecord(one)) return [{ parameter: level.place, message: 'must be an object' }];
		const inner = { ...level, properties };
		return checkLevel(one, { ...inner, current: withDefaults(one, inner) });
	});
}

function checkFixedCollection(value: unknown, property: INodeProperties, level: Level): ParameterProblem[] {
	if (!isRecord(value)) return [{ parameter: level.place, message: 'must be an object' }];
	const groups = (property.options ?? []) as INodePropertyCollection[];
	return Object.entries(value).flatMap(([groupName, groupValue]) => {
		const place = `${level.place}.${groupName}`;
		const group = groups.find((candidate) => candidate.name === groupName);
		if (!group) {
			const known = groups.map((candidate) => candidate.name).join(', ');
			return [{ parameter: place, message: `the node has no group "${groupName}" (it has: ${known})` }];
		}
		return asArray(groupValue).flatMap((one) => {
			if (!isRecord(one)) return [{ parameter: place, message: 'must be an object' }];
			const inner = { ...level, properties: group.values, place };
			return checkLevel(one, { ...inner, current: withDefaults(one, inner) });
		});
	});
}

/** Required fields that are shown, empty, and would fail only when the workflow runs. */
function missing(level: Level): ParameterProblem[] {
	return level.properties
		.filter((property) => property.required === true && isShown(property, level))
		.filter((property) => isEmpty(level.current[property.name]))
		.map((property) => ({ parameter: property.name, message: 'is required and empty' }));
}

function isEmpty(value: unknown): boolean {
	if (isRecord(value) && value['__rl'] === true) return isEmpty(value['value']);
	return value === undefined || value === null || value === '';
}

/** Starts with `=`: n8n evaluates it when the workflow runs, so nothing about its value is known here. */
export function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

function asArray(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
