// A canvas is documentation: nodes that lie on each other, or a flow without a note, teach nobody.
import { z } from 'zod';
import type { Workflow, WorkflowNode } from './workflow-file';

const stickyNote = 'n8n-nodes-base.stickyNote';
const gridPx = 20;
/** A node with the two lines of its name below it. */
const nodeWidthPx = 180;
const nodeHeightPx = 140;

/** What the note of every workflow has to say. */
export const noteTopics = ['Purpose', 'Trigger', 'Inputs', 'Outputs', 'Switches'] as const;

interface Box {
	readonly name: string;
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export interface LayoutProblem {
	readonly node?: string;
	readonly message: string;
}

export function checkLayout(workflow: Workflow): LayoutProblem[] {
	const boxes = workflow.nodes.map(boxOf);
	const overlaps = boxes.flatMap((box, index) =>
		boxes
			.slice(index + 1)
			.filter((other) => overlap(box, other))
			.map((other) => ({ node: box.name, message: `lies on "${other.name}"` })),
	);
	const offGrid = workflow.nodes
		.filter((node) => node.position.some((px) => px % gridPx !== 0))
		.map((node) => ({ node: node.name, message: `is not on the ${gridPx}-px grid` }));
	return [...overlaps, ...offGrid, ...checkNotes(workflow)];
}

function checkNotes(workflow: Workflow): LayoutProblem[] {
	const text = workflow.nodes
		.filter((node) => node.type === stickyNote)
		.map((node) => String(node.parameters['content'] ?? ''))
		.join('\n');
	const absent = noteTopics.filter((topic) => !text.includes(`**${topic}`));
	if (absent.length === 0) return [];
	return [{ message: `its sticky notes do not say: ${absent.join(', ')}` }];
}

const noteSizeSchema = z.looseObject({ width: z.number().default(240), height: z.number().default(160) });

function boxOf(node: WorkflowNode): Box {
	const [left, top] = node.position;
	if (node.type === stickyNote) {
		const { width, height } = noteSizeSchema.parse(node.parameters);
		return { name: node.name, left, top, right: left + width, bottom: top + height };
	}
	// The name is centred below the node and wider than the node itself.
	const overhangPx = (nodeWidthPx - 100) / 2;
	const right = left - overhangPx + nodeWidthPx;
	return { name: node.name, left: left - overhangPx, top, right, bottom: top + nodeHeightPx };
}

function overlap(a: Box, b: Box): boolean {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
