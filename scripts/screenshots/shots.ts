// The pictures of the documentation, each made from what it shows and never by hand.
import type { Browser, Locator, Page } from 'playwright-core';

import type { Stack } from '../stack/stack';
import { readManifest } from '../workflows/manifest';
import { N8nApi } from '../workflows/n8n-api';
import { readWorkflow } from '../workflows/workflow-file';
import { Editor } from './editor';

export interface Studio {
	readonly stack: Stack;
	readonly browser: Browser;
	readonly editor: Editor;
}

export interface Shot {
	/** File name without its ending. */
	readonly name: string;
	take(studio: Studio): Promise<Buffer>;
}

interface Size {
	readonly width: number;
	readonly height: number;
}

/** One sign-in for all pictures: n8n counts them and soon refuses. */
export async function openStudio(stack: Stack, browser: Browser): Promise<Studio> {
	return { stack, browser, editor: await Editor.open({ browser, n8n: stack.n8n }) };
}

async function openBySlug({ editor, stack }: Studio, slug: string, size: Size): Promise<void> {
	await editor.page.setViewportSize(size);
	const entry = (await readManifest()).workflows.find((candidate) => candidate.slug === slug);
	if (!entry) throw new Error(`the manifest has no workflow ${slug}`);
	const { nodes } = await readWorkflow(entry.file);
	const [held] = await new N8nApi({ n8nUrl: stack.n8n.url, apiKey: stack.n8n.apiKey }).listWorkflows(
		entry.name,
	);
	if (!held) throw new Error(`n8n holds no workflow ${entry.name}`);
	await editor.openWorkflow(held.id, nodes.filter(({ type }) => !type.endsWith('.stickyNote')).length);
}

/** The whole canvas with its notes; as tall as it takes for the names to be readable at this width. */
function canvas(slug: string, height: number): Shot {
	return {
		name: `editor-${slug}`,
		take: async (studio) => {
			await openBySlug(studio, slug, { width: 1600, height });
			// The pointer lies on the zoom button and would show its hint.
			await studio.editor.page.mouse.move(0, 0);
			return await photograph(studio.editor.page);
		},
	};
}

/** A node's panel as it stands in a workflow, with what an earlier run put into it. */
function panel(name: string, slug: string, nodeName: string): Shot {
	return {
		name,
		take: async (studio) => {
			await openBySlug(studio, slug, { width: 1400, height: 800 });
			const opened = await studio.editor.openNode(nodeName);
			await studio.editor.page.mouse.move(0, 0);
			return await photograph(opened);
		},
	};
}

const executions: Shot = {
	name: 'executions',
	take: async ({ editor }) => {
		await editor.page.setViewportSize({ width: 1400, height: 920 });
		await editor.openExecutions();
		return await photograph(editor.page);
	},
};

function sandbox(network: string): Shot {
	return {
		name: `sandbox-${network}`,
		take: async ({ browser, stack }) => {
			const url = stack.sandbox[network];
			if (url === undefined) throw new Error(`the sandbox has no ${network}`);
			const page = await browser.newPage({
				viewport: { width: 1000, height: 560 },
				colorScheme: 'light',
			});
			try {
				await page.goto(url);
				await page.locator('.label').waitFor();
				return await photograph(page);
			} finally {
				await page.close();
			}
		},
	};
}

async function photograph(what: Page | Locator): Promise<Buffer> {
	const page = 'page' in what ? what.page() : what;
	// Icons are fetched one by one, after the node is drawn; without this a picture now and then lacks them.
	await page.waitForFunction('[...document.images].every((image) => image.complete)');
	await page.evaluate('Promise.allSettled([...document.images].map((image) => image.decode()))');
	return await what.screenshot({ animations: 'disabled', caret: 'hide' });
}

export const shots: readonly Shot[] = [
	canvas('publisher', 1000),
	canvas('content-extraction', 900),
	canvas('hourly-analytics', 900),
	panel('node-youtube-publisher', 'publisher', 'Publish on YouTube'),
	panel('node-clip-extractor', 'content-extraction', 'Extract Clips'),
	executions,
	sandbox('youtube'),
];
