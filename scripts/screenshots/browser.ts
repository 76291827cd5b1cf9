import { chromium, type Browser } from 'playwright-core';

import { ensureChromium } from '../stack/runtimes/chromium';

const LAUNCH_DEADLINE_MS = 30_000;

export async function launchBrowser(signal?: AbortSignal): Promise<Browser> {
	const { path } = await ensureChromium(signal);
	return await chromium.launch({
		executablePath: path,
		headless: true,
		timeout: LAUNCH_DEADLINE_MS,
		// Whoever starts the browser stops it: its own handlers would race those of our commands.
		handleSIGINT: false,
		handleSIGTERM: false,
		handleSIGHUP: false,
		args: [
			// Chromium's own sandbox does not start as root or in most containers. It opens pages of this machine only.
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			// The same pictures on every machine.
			'--force-color-profile=srgb',
			'--font-render-hinting=none',
		],
	});
}
