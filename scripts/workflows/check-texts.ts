// Expressions that do not parse, references to nodes that are not there, and strings that look like secrets.
import { Script } from 'node:vm';
import { ExpressionParser } from 'n8n-workflow';
import { isExpression } from './check-parameters';
import type { WorkflowNode } from './workflow-file';

export interface TextProblem {
	readonly parameter: string;
	readonly message: string;
}

const stickyNote = 'n8n-nodes-base.stickyNote';

export function checkTexts(node: WorkflowNode, nodeNames: ReadonlySet<string>): TextProblem[] {
	return textsOf(node.parameters).flatMap(({ place, text }) => {
		const messages = [
			...secretsIn(text),
			...(isExpression(text) ? expressionProblems(text.slice(1), nodeNames) : []),
			...(!isExpression(text) && node.type !== stickyNote && text.includes('{{')
				? ['has {{ }} but does not start with "=": n8n would take it as plain text']
				: []),
		];
		return messages.map((message) => ({ parameter: place, message }));
	});
}

function textsOf(value: unknown, place = ''): Array<{ place: string; text: string }> {
	if (typeof value === 'string') return [{ place, text: value }];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		textsOf(inner, place === '' ? key : `${place}.${key}`),
	);
}

function expressionProblems(expression: string, nodeNames: ReadonlySet<string>): string[] {
	return ExpressionParser.splitExpression(expression).flatMap((chunk) => {
		if (chunk.type !== 'code') return [];
		if (!chunk.hasClosingBrackets) return ['the expression has no closing }}'];
		const references = [...chunk.text.matchAll(/\$\(\s*(['"`])(.+?)\1\s*\)/g)].map((match) => match[2] ?? '');
		const lost = references.filter((name) => !nodeNames.has(name));
		return [
			...syntaxError(chunk.text),
			...lost.map((name) => `refers to node "${name}", which is not in this workflow`),
			...(chunk.text.includes('$getPairedItem') ? ['$getPairedItem is gone in n8n 3.0'] : []),
			...(/\$env\b/.test(chunk.text) ? ['$env is denied by default in n8n 2'] : []),
		];
	});
}

/** Compiled, never run. */
function syntaxError(code: string): string[] {
	try {
		new Script(`(${code}\n)`);
		return [];
	} catch (error) {
		return [`the expression does not parse: ${error instanceof Error ? error.message : 'unknown reason'}`];
	}
}

const secretShapes: ReadonlyArray<readonly [string, RegExp]> = [
	['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
	['a bearer token', /\bBearer\s+[\w.~+/-]{16,}/i],
	['a JSON web token', /\beyJ[\w-]{10,}\.[\w-]{10,}/],
	['a Google API key', /\bAIza[\w-]{30,}/],
	['a Google OAuth token', /\bya29\.[\w-]{20,}/],
	['an AWS access key', /\bAKIA[0-9A-Z]{16}\b/],
	['a GitHub token', /\bgh[pousr]_\w{30,}/],
	['a Slack token', /\bxox[abprs]-[\w-]{10,}/],
	['an OpenAI-style key', /\bsk-[\w-]{20,}/],
	['a password in a URL', /:\/\/[^\s/:@]+:[^\s/@]+@/],
	// Long, unbroken, and of mixed kind: nobody writes this by hand.
	['a token', /(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*\d)[\w+/=-]{40,}/],
];

export function secretsIn(text: string): string[] {
	return secretShapes
		.filter(([, shape]) => shape.test(text))
		.map(([what]) => `looks like ${what}; secrets live in credentials`);
}
