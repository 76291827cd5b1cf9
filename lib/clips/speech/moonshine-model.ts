// Runs the Moonshine "tiny" speech model (English) on onnxruntime's WebAssembly build. Only for the child process:
// each step computes for many milliseconds, and n8n's event loop has heartbeats to send meanwhile.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InferenceSession, Tensor } from 'onnxruntime-web';

import type { TimedWord } from '../transcript';
import { firstFrames } from './align-tokens';
import { withInnerOutputs } from './attention-outputs';

type Runtime = typeof import('onnxruntime-web');

export interface ModelFolders {
	readonly model: string;
	readonly runtime: string;
}

// Shape of the "tiny" weights, as in the package's own model.ts (0.1.29).
const LAYERS = 6;
const HEADS = 8;
const HEAD_SIZE = 36;
const START_TOKEN = 1;
const END_TOKEN = 2;
// The heads of the decoder that follow the sound, by layer. Chosen on 32 utterances of four synthetic voices whose
// word times are known (550 words): single heads were off by 66 ms and more, these four together by 54 (90 %: 121).
const LISTENING_HEADS: readonly { readonly layer: number; readonly heads: readonly number[] }[] = [
	{ layer: 3, heads: [1, 7] },
	{ layer: 4, heads: [6] },
	{ layer: 5, heads: [4] },
];
// They listen to a word a little before it begins: the middle of all 550.
const EARLY_SEC = 0.043;
// English runs at two to four words a second; a model that says more than this is repeating itself.
const TOKENS_PER_SEC = 6.5;
const SAMPLE_RATE_HZ = 16_000;
// The encoder's convolutions need a few frames to stand on.
const FEWEST_SAMPLES = 1_600;

interface Tokenizer {
	decode(tokens: number[]): string;
}

interface Decoded {
	readonly tokens: number[];
	/** For each head: what it listened to at each token and at the end mark. */
	readonly listening: Float32Array[][];
}

export class MoonshineModel {
	private constructor(
		private readonly runtime: Runtime,
		private readonly encoder: InferenceSession,
		private readonly decoder: InferenceSession,
		private readonly tokenizer: Tokenizer,
	) {}

	static async load(folders: ModelFolders): Promise<MoonshineModel> {
		const runtime = (await import(entryOf(folders.runtime, 'dist/ort.node.min.mjs'))) as Runtime;
		// One thread: two bring 15 % on two cores, and take the core that n8n and PostgreSQL live on.
		runtime.env.wasm.numThreads = 1;
		const fromModel = createRequire(path.join(folders.model, 'package.json'));
		const tokenizerEntry = pathToFileURL(fromModel.resolve('llama-tokenizer-js')).href;
		const tokenizer = (await import(tokenizerEntry)) as { default: Tokenizer };
		const session = async (name: string, change = (bytes: Buffer): Buffer => bytes) =>
			await runtime.InferenceSession.create(
				change(await readFile(path.join(folders.model, 'dist/model/tiny/quantized', name))),
				{ executionProviders: ['wasm'] },
			);
		const encoder = await session('encoder_model.onnx');
		const decoder = await session('decoder_model_merged.onnx', (bytes) =>
			withInnerOutputs(bytes, LISTENING_HEADS.map(innerName), LISTENING_HEADS.map(outputName)),
		);
		return new MoonshineModel(runtime, encoder, decoder, tokenizer.default);
	}

	/** The words of at most 15 seconds of 16 kHz mono sound, with their times in it. */
	async transcribe(samples: Float32Array): Promise<TimedWord[]> {
		if (samples.length < FEWEST_SAMPLES) return [];
		const input = new this.runtime.Tensor('float32', samples, [1, samples.length]);
		const encoded = await this.encoder.run({ input_values: input });
		const hidden = encoded[this.encoder.outputNames[0] ?? 'last_hidden_state'];
		if (!hidden) throw new Error('the speech model gave no encoding');
		const lengthSec = samples.length / SAMPLE_RATE_HZ;
		const { tokens, listening } = await this.decode(hidden, Math.ceil(lengthSec * TOKENS_PER_SEC));
		const frameSec = lengthSec / (hidden.dims[1] ?? 1);
		const startsSec = firstFrames(listening).map((frame) =>
			Math.min(lengthSec, frame === 0 ? 0 : frame * frameSec + EARLY_SEC),
		);
		return this.wordsOf(tokens, startsSec, lengthSec);
	}

	private async decode(hidden: Tensor, mostTokens: number): Promise<Decoded> {
		const tokens: number[] = [];
		const listening: Float32Array[][] = LISTENING_HEADS.flatMap(({ heads }) => heads.map(() => []));
		const past = this.emptyPast();
		for (let step = 0; step < mostTokens; step++) {
			const last = tokens[tokens.length - 1] ?? START_TOKEN;
			const out = await this.decoder.run({
				input_ids: new this.runtime.Tensor('int64', BigInt64Array.of(BigInt(last)), [1, 1]),
				encoder_hidden_states: hidden,
				use_cache_branch: new this.runtime.Tensor('bool', [step > 0]),
				...past,
			});
			// Also for the end mark: it listens to what comes behind the last word.
			listenedTo(out).forEach((row, head) => listening[head]?.push(row));
			const next = likeliest(out['logits']);
			if (next === END_TOKEN) break;
			tokens.push(next);
			keepPast(past, out, step === 0);
		}
		return { tokens, listening };
	}

	/** Which token belongs to which word shows in the text that has come together by then. */
	private wordsOf(tokens: readonly number[], startsSec: readonly number[], lengthSec: number): TimedWord[] {
		const textOf = (count: number): string[] =>
			this.tokenizer
				.decode([START_TOKEN, ...tokens.slice(0, count)])
				.trim()
				.split(/\s+/)
				.filter(Boolean);
		const firstTokens: number[] = [];
		tokens.forEach((_, index) => {
			for (let known = textOf(index + 1).length; firstTokens.length < known;) firstTokens.push(index);
		});
		const startOf = (token: number | undefined): number => startsSec[token ?? tokens.length] ?? lengthSec;
		return textOf(tokens.length).map((text, index) => {
			const startSec = startOf(firstTokens[index]);
			return { text, startSec, endSec: Math.max(startSec, startOf(firstTokens[index + 1])) };
		});
	}

	private emptyPast(): Record<string, Tensor> {
		const past: Record<string, Tensor> = {};
		for (let layer = 0; layer < LAYERS; layer++) {
			for (const part of ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value']) {
				past[`past_key_values.${layer}.${part}`] = new this.runtime.Tensor(
					'float32',
					[],
					[0, HEADS, 1, HEAD_SIZE],
				);
			}
		}
		return past;
	}
}

// The encoder's share is computed in the first step only; later steps give an empty one that must not replace it.
function keepPast(
	past: Record<string, Tensor>,
	out: InferenceSession.OnnxValueMapType,
	isFirst: boolean,
): void {
	for (const name of Object.keys(past)) {
		if (!isFirst && name.includes('.encoder.')) continue;
		const present = out[name.replace('past_key_values', 'present')];
		if (present) past[name] = present as Tensor;
	}
}

function likeliest(logits: unknown): number {
	const scores = (logits as Tensor).data as Float32Array;
	let best = 0;
	for (let token = 1; token < scores.length; token++) {
		if ((scores[token] ?? -Infinity) > (scores[best] ?? -Infinity)) best = token;
	}
	return best;
}

const innerName = ({ layer }: { layer: number }): string =>
	`/model/decoder/layers.${layer}/encoder_attn/Softmax_output_0`;
const outputName = ({ layer }: { layer: number }): string => `listening.${layer}`;

// A tensor is [1, heads, 1, frames]. Copied: the runtime writes its next answer over this memory.
function listenedTo(out: InferenceSession.OnnxValueMapType): Float32Array[] {
	return LISTENING_HEADS.flatMap((place) => {
		const tensor = out[outputName(place)] as Tensor | undefined;
		if (!tensor) throw new Error('the speech model does not say what it listened to');
		const frames = tensor.dims[3] ?? 0;
		const shares = tensor.data as Float32Array;
		return place.heads.map((head) => shares.slice(head * frames, (head + 1) * frames));
	});
}

const entryOf = (folder: string, file: string): string => pathToFileURL(path.join(folder, file)).href;
