import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { transcribeVideo } from '../../../lib/clips';
import { ffmpeg } from '../../support/media';

const LENGTH_SEC = 1_500;
const SAMPLE_RATE_HZ = 16_000;

/** Length of a FLAC file, from the head that every one begins with (36 bits of samples). */
function lengthOfFlac(body: Buffer): number {
	const head = body.indexOf('fLaC') + 8;
	const samples = (body.readUInt8(head + 13) & 0x0f) * 2 ** 32 + body.readUInt32BE(head + 14);
	return samples / SAMPLE_RATE_HZ;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part as Buffer);
	return Buffer.concat(parts);
}

it('sends a long recording in pieces that leave nothing out, and gives every word its place in the whole', async () => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'remote-long-'));
	const lengthsSec: number[] = [];
	const server = createServer((request, response) => {
		void bodyOf(request).then((body) => {
			lengthsSec.push(lengthOfFlac(body));
			const words = [{ word: `piece${lengthsSec.length}`, start: 1, end: 1.5 }];
			response
				.writeHead(200, { 'content-type': 'application/json' })
				.end(JSON.stringify({ text: '', words }));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		const sourcePath = path.join(folder, 'talk.wav');
		// A tone of two seconds and one second of silence, over and over.
		const sound = `aevalsrc=0.3*sin(440*2*PI*t)*lt(mod(t\\,3)\\,2):s=${SAMPLE_RATE_HZ}:d=${LENGTH_SEC}`;
		await ffmpeg(['-f', 'lavfi', '-i', sound, sourcePath]);
		const { port } = server.address() as AddressInfo;
		const { transcript } = await transcribeVideo({
			sourcePath,
			outputFolder: folder,
			transcription: {
				method: 'openai-compatible',
				service: { baseUrl: `http://127.0.0.1:${port}/v1`, model: 'whisper-1' },
			},
		});
		expect(lengthsSec.length).toBeGreaterThan(2);
		expect(lengthsSec.reduce((sum, sec) => sum + sec, 0)).toBeCloseTo(LENGTH_SEC, 1);
		let startSec = 0;
		lengthsSec.forEach((sec, index) => {
			expect(transcript.words[index]?.text).toBe(`piece${index + 1}`);
			expect(Math.abs((transcript.words[index]?.startSec ?? 0) - (startSec + 1))).toBeLessThan(0.01);
			startSec += sec;
		});
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		await rm(folder, { recursive: true, force: true });
	}
});
