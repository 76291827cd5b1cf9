// n8n's editor as a person uses it: one signed-in page, and what goes wrong on it.
import type { Browser, ConsoleMessage, Locator, Page } from 'playwright-core';

import type { Stack } from '../stack/stack';

const STEP_DEADLINE_MS = 20_000;

interface EditorOptions {
	readonly browser: Browser;
	readonly n8n: Pick<Stack['n8n'], 'url' | 'ownerEmail' | 'ownerPassword'>;
}

/** What n8n itself writes to the console on a healthy instance. Everything else on its pages counts. */
const noiseOfN8n: ReadonlyArray<{ readonly pattern: RegExp; readonly why: string }> = [
	{ pattern: /401 .*\/rest\/login$/, why: 'asked on every first visit, before anybody has signed in' },
	{ pattern: /404 .*\/schemas\//, why: 'it looks for a sample of a node’s output that packages may lack' },
	{ pattern: /injectNDVStore\(\)/, why: 'n8n 2.40 complains of its own store while a canvas loads' },
];

const signsOfTrouble = {
	'node-not-installed': 'is not installed',
	'node-issues': 'has an issue',
	'canvas-node-status-error': 'has failed',
} as const;

export class Editor {
	/** Errors in the console and exceptions on n8n's pages, without n8n's own noise. */
	readonly troubles: string[] = [];

	private constructor(
		readonly page: Page,
		private readonly url: string,
	) {
		page.setDefaultTimeout(STEP_DEADLINE_MS);
		page.on('console', (message) => this.listen(message));
		page.on('pageerror', (error) => this.troubles.push(`exception: ${error.message}`));
	}

	static async open(options: EditorOptions): Promise<Editor> {
		const { browser, n8n } = options;
		const page = await browser.newPage({
			viewport: { width: 1600, height: 1000 },
			colorScheme: 'light',
			reducedMotion: 'reduce',
			locale: 'en-GB',
			timezoneId: 'UTC',
		});
		const editor = new Editor(page, n8n.url);
		await page.goto(`${n8n.url}/signin`);
		await page.locator('input[name=emailOrLdapLoginId]').fill(n8n.ownerEmail);
		await page.locator('input[name=password]').fill(n8n.ownerPassword);
		await byTestId(page, 'form-submit-button').click();
		await byTestId(page, 'project-tabs').waitFor();
		return editor;
	}

	/** Resolves when so many nodes are drawn and lie within the picture. */
	async openWorkflow(id: string, nodeCount: number): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await byTestId(this.page, 'canvas-node')
			.nth(nodeCount - 1)
			.waitFor();
		await this.fit();
	}

	async fit(): Promise<void> {
		await byTestId(this.page, 'zoom-to-fit').click();
		await this.untilStill(byTestId(this.page, 'canvas-node').first());
	}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id=canvas-node][data-node-name=${JSON.stringify(name)}]`);
	}

	/** Nodes of the open workflow that carry a sign of trouble, each with the sign. */
	async unwellNodes(): Promise<string[]> {
		const found: string[] = [];
		for (const [sign, meaning] of Object.entries(signsOfTrouble)) {
			const nodes = byTestId(this.page, 'canvas-node').filter({ has: byTestId(this.page, sign) });
			for (const node of await nodes.all()) {
				found.push(`${await node.getAttribute('data-node-name')}: ${meaning}`);
			}
		}
		return found.sort();
	}

	/** The node's panel, with its fields. */
	async openNode(name: string): Promise<Locator> {
		await this.node(name).dblclick();
		const panel = byTestId(this.page, 'ndv');
		await byTestId(panel, 'node-parameters').waitFor();
		return panel;
	}

	async closeNode(): Promise<void> {
		await byTestId(this.page, 'ndv-close-button').click();
		await byTestId(this.page, 'ndv').waitFor({ state: 'hidden' });
	}

	/** The dialog of a credential, by the name that a person gave it; from the list where that is open already. */
	async openCredential(name: string): Promise<Locator> {
		const list = `${this.url}/home/credentials`;
		if (this.page.url() !== list) await this.page.goto(list);
		await byTestId(this.page, 'resources-list-item').getByText(name, { exact: true }).click();
		const dialog = byTestId(this.page, 'editCredential-modal');
		// The fields come after the frame.
		await byTestId(dialog, 'credential-connection-parameter').first().waitFor();
		return dialog;
	}

	/** Back to the list, which stays as it was when it was opened. */
	async closeCredential(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await byTestId(this.page, 'editCredential-modal').waitFor({ state: 'hidden' });
		await this.page.waitForURL(`${this.url}/home/credentials`);
	}

	async openExecutions(): Promise<void> {
		await this.page.goto(`${this.url}/home/executions`);
		await byTestId(this.page, 'global-execution-list-item').first().waitFor();
	}

	/** Error messages that slid in at the side; n8n leaves them there until somebody closes them. */
	async toasts(): Promise<string[]> {
		return await this.page.locator('.el-notification--error, .el-notification--warning').allInnerTexts();
	}

	/** The canvas glides: what is clicked or photographed too early is somewhere else by then. */
	private async untilStill(target: Locator): Promise<void> {
		const endAt = performance.now() + STEP_DEADLINE_MS;
		let before = '';
		while (performance.now() < endAt) {
			const box = JSON.stringify(await target.boundingBox());
			if (box === before) return;
			before = box;
			// Two frames: in the first one the glide may not have begun.
			await this.page.evaluate(
				'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
			);
		}
		throw new Error('the canvas does not come to rest');
	}

	private listen(message: ConsoleMessage): void {
		if (message.type() !== 'error') return;
		const { url } = message.location();
		if (url !== '' && !url.startsWith(this.url)) return;
		const text = `${message.text()} ${url}`;
		if (!noiseOfN8n.some(({ pattern }) => pattern.test(text))) this.troubles.push(text);
	}
}

export function byTestId(within: Page | Locator, id: string): Locator {
	return within.locator(`[data-test-id=${JSON.stringify(id)}]`);
}
