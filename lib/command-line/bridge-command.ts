// `n8n-nodes-stackkraft bridge`: runs until it is asked to stop.
import { serveHealth, startBridge, type Bridge } from '../bridge';
import { UndiciClient } from '../http/undici-client';
import type { EventLog } from '../queue';
import { bridgeHelp, bridgeSettings, type BridgeCommandSettings } from './bridge-settings';
import { exitCodes, UsageError, type Terminal } from './terminal';

export async function bridgeCommand(terminal: Terminal): Promise<number> {
	if (terminal.args.some((argument) => argument === '--help' || argument === '-h')) {
		terminal.print(bridgeHelp);
		return exitCodes.done;
	}
	if (terminal.args.length > 0) {
		throw new UsageError('The bridge takes its settings from the environment; --help lists them.');
	}
	const settings = bridgeSettings(terminal.env);
	const http = new UndiciClient();
	const bridge = await startBridge(settings, { http, log: lineLog(terminal), signal: terminal.stop });
	try {
		return await runUntilStopped(bridge, settings, terminal);
	} finally {
		await bridge.stop({ deadlineMs: settings.shutdownMs });
		await http.close();
		terminal.print('bridge: stopped.');
	}
}

async function runUntilStopped(
	bridge: Bridge,
	{ consume, webhook, healthPort }: BridgeCommandSettings,
	terminal: Terminal,
): Promise<number> {
	const health = healthPort === undefined ? undefined : await serveHealth(healthPort, () => bridge.health());
	try {
		// The host alone: whoever knows the path of a webhook may call it.
		const to = new URL(webhook.url).host;
		terminal.print(`bridge: ${consume.stream.name} as ${consume.durable} → ${to}`);
		const refused = await Promise.race([bridge.refused, stopped(terminal.stop)]);
		if (refused === undefined) {
			terminal.print('bridge: stopping; running workflows may finish.');
			return exitCodes.done;
		}
		terminal.complain(`bridge: ${refused} Nothing is lost: the message comes again.`);
		return exitCodes.misconfigured;
	} finally {
		health?.close();
	}
}

async function stopped(signal: AbortSignal): Promise<undefined> {
	if (signal.aborted) return;
	await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** Lines for a supervisor's log; it adds the time itself. */
function lineLog({ print, complain }: Terminal): EventLog {
	return {
		debug: () => undefined,
		info: print,
		warn: complain,
		error: complain,
	};
}
