import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { ConnectionCut, Refusal, type Answer, type Exchange } from './answer';
import { readPieces } from './body';
import type { Clock } from './clock';
import { controlAnswer, type ControlContext } from './control';
import type { FaultPlan, Faults } from './faults';
import type { Journal } from './journal';
import type { Network } from './network';
import { listPage } from './page';
import { quoting } from './quoting';
import { redactHeaders, redactUrl } from './redact';
import { findRoute } from './router';

export interface ServerContext {
	readonly name: string;
	readonly network: Network;
	readonly journal: Journal;
	readonly faults: Faults;
	readonly clock: Clock;
	readonly control: ControlContext;
	/** Ends delays when the sandbox stops. */
	readonly stopping: AbortSignal;
}

interface Call {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly url: URL;
	readonly seq: number;
	readonly plan: FaultPlan;
	bodyBytes: number;
}

/** One network's HTTP server on 127.0.0.1. */
export class NetworkServer {
	private readonly server: Server;

	constructor(private readonly context: ServerContext) {
		this.server = createServer((request, response) => void this.serve(request, response));
		// A slow gigabyte is a legal upload.
		this.server.requestTimeout = 0;
	}

	listen(port: number): Promise<number> {
		return new Promise((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, '127.0.0.1', () => {
				this.server.removeListener('error', reject);
				resolve((this.server.address() as AddressInfo).port);
			});
		});
	}

	close(): Promise<void> {
		return new Promise((resolve) => {
			this.server.close(() => resolve());
			this.server.closeAllConnections();
		});
	}

	private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		// A client that breaks off is part of the job; without a listener it would end the process.
		request.on('error', () => undefined);
		response.on('error', () => undefined);
		try {
			const url = new URL(`http://sandbox.invalid${request.url ?? '/'}`);
			const isFrame = url.pathname === '/' || url.pathname.startsWith('/_sandbox/');
			if (isFrame) return await this.serveFrame(request, response, url);
			if (url.pathname === '/favicon.ico') return send(response, { status: 204 });
			await this.serveNetwork(request, response, url);
		} catch {
			response.destroy();
		}
	}

	/** The sandbox's own pages: no journal entry, no faults, so that steering does not disturb what it steers. */
	private async serveFrame(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
		const { journal, name, network } = this.context;
		if (url.pathname === '/') {
			const posts = journal.posts.filter((post) => post.network === name);
			return send(response, { status: 200, html: listPage(network.title, posts) });
		}
		const pieces: Buffer[] = [];
		for await (const piece of readPieces(request, () => undefined)) pieces.push(piece);
		const text = Buffer.concat(pieces).toString('utf8');
		send(response, controlAnswer(this.context.control, request.method ?? 'GET', url, text));
	}

	private async serveNetwork(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
		const { journal, faults, clock, name } = this.context;
		const method = request.method ?? 'GET';
		const plan = faults.take({ network: name, method, path: url.pathname, headers: request.headers });
		const seq = journal.openRequest({
			network: name,
			method,
			path: redactUrl(url),
			headers: redactHeaders(request.headers),
			at: clock.nowIso(),
			faults: plan.kinds,
		});
		const call: Call = { request, response, url, seq, plan, bodyBytes: 0 };
		try {
			const answer = await this.faultyAnswer(call);
			const outcome = answer === 'dropped' || request.socket.destroyed ? 'dropped' : 'answered';
			const status = answer === 'dropped' ? undefined : answer.status;
			journal.closeRequest(seq, { bodyBytes: call.bodyBytes, status, outcome });
			if (answer === 'dropped') request.socket.destroy();
			else send(response, answer);
		} catch (error) {
			if (!(error instanceof ConnectionCut)) throw error;
			journal.closeRequest(seq, { bodyBytes: call.bodyBytes, status: undefined, outcome: 'cut' });
			request.socket.destroy();
		}
	}

	private async faultyAnswer(call: Call): Promise<Answer | 'dropped'> {
		const { plan } = call;
		if (plan.delayMs > 0) await wait(plan.delayMs, undefined, { signal: this.context.stopping });
		if (plan.drop === 'before') return 'dropped';
		if (plan.statusBefore !== undefined) {
			await drain(call);
			return this.faultStatus(plan.statusBefore, call);
		}
		const answer = await this.answer(call);
		if (plan.delayAfterMs > 0) await wait(plan.delayAfterMs, undefined, { signal: this.context.stopping });
		if (plan.drop === 'after-effect') return 'dropped';
		return plan.statusAfter === undefined ? answer : this.faultStatus(plan.statusAfter, call);
	}

	private faultStatus(fault: NonNullable<FaultPlan['statusBefore']>, { request }: Call): Answer {
		const plain = this.context.network.refuse(fault.status, fault.reason);
		const answer = fault.quotesRequest ? quoting(plain, request) : plain;
		return { ...answer, headers: { ...answer.headers, ...fault.responseHeaders } };
	}

	private async answer(call: Call): Promise<Answer> {
		const { network, journal, name } = this.context;
		const method = call.request.method ?? 'GET';
		const route = findRoute(network.routes, method, call.url.pathname);
		if (route === undefined) {
			journal.addUnexpected({ network: name, method, path: redactUrl(call.url), why: 'unknown path' });
			await drain(call);
			return network.refuse(404);
		}
		const responseHeaders: Record<string, string> = {};
		const exchange = this.exchangeOf(call, route.params, responseHeaders);
		let answer: Answer;
		try {
			answer = await route.handler(exchange);
		} catch (error) {
			if (error instanceof ConnectionCut) throw error;
			if (!(error instanceof Refusal)) {
				const why = `defect of the sandbox: ${error instanceof Error ? error.stack : String(error)}`;
				journal.addUnexpected({ network: name, method, path: redactUrl(call.url), why });
			}
			answer = error instanceof Refusal ? error.answer : network.refuse(500);
		}
		await drain(call);
		return { ...answer, headers: { ...responseHeaders, ...answer.headers } };
	}

	private exchangeOf(
		call: Call,
		params: Record<string, string>,
		responseHeaders: Record<string, string>,
	): Exchange {
		return {
			seq: call.seq,
			method: call.request.method ?? 'GET',
			url: call.url,
			params,
			headers: call.request.headers,
			faults: call.plan.inner,
			responseHeaders,
			body: () => pieces(call),
		};
	}
}

function pieces(call: Call): AsyncGenerator<Buffer> {
	const count = (pieceBytes: number) => {
		call.bodyBytes += pieceBytes;
	};
	return readPieces(call.request, count, call.plan.cutBodyAfterBytes);
}

/** Reads on to the end, so that an early refusal reaches a client that is still sending. */
async function drain(call: Call): Promise<void> {
	if (call.request.readableEnded || call.request.destroyed) return;
	for await (const piece of pieces(call)) void piece;
}

function send(response: ServerResponse, answer: Answer): void {
	const payload = answer.html ?? (answer.body === undefined ? '' : jsonOf(answer.body));
	const type = answer.html === undefined ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8';
	const isBodiless = answer.status === 204;
	response.writeHead(answer.status, {
		...(payload === '' ? {} : { 'content-type': type }),
		...(isBodiless ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
		...answer.headers,
	});
	response.end(isBodiless ? undefined : payload);
}

const BIG_MARK = 'bigint:';

/** A bigint becomes a plain JSON number with all its digits: TikTok sends ids that no double can hold. */
function jsonOf(body: unknown): string {
	const marked = JSON.stringify(body, (_key, value: unknown) =>
		typeof value === 'bigint' ? `${BIG_MARK}${value}` : value,
	);
	return marked.replaceAll(new RegExp(`"${BIG_MARK}(-?\\d+)"`, 'g'), '$1');
}
