// Runs the Moonshine "tiny" speech model (English) on onnxruntime's WebAssembly build. Only for the child process:
// each step computes for many milliseconds, and n8n's event loop has heartbeats to send meanwhile.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InferenceSession, Tensor } from 'onnxruntime-web';

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
// English runs at two to four words a second; a model that says more than this is repeating itself.
const TOKENS_PER_SEC = 6.5;
const SAMPLE_RATE_HZ = 16_000;
// The encoder's convolutions need a few frames to stand on.
const FEWEST_SAMPLES = 1_600;

interface Tokenizer {
	decode(tokens: number[]): string;
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
		const session = async (name: string) =>
			await runtime.InferenceSession.create(
				await readFile(path.join(folders.model, 'dist/model/tiny/quantized', name)),
				{ executionProviders: ['wasm'] },
			);
		const encoder = await session('encoder_model.onnx');
		const decoder = await session('decoder_model_merged.onnx');
		return new MoonshineModel(runtime, encoder, decoder, tokenizer.default);
	}

	/** The words of at most 15 seconds of 16 kHz mono sound. */
	async transcribe(samples: Float32Array): Promise<string> {
		if (samples.length < FEWEST_SAMPLES) return '';
		const input = new this.runtime.Tensor('float32', samples, [1, samples.length]);
		const encoded = await this.encoder.run({ input_values: input });
		const hidden = encoded[this.encoder.outputNames[0] ?? 'last_hidden_state'];
		if (!hidden) throw new Error('the speech model gave no encoding');
		const mostTokens = Math.ceil((samples.length / SAMPLE_RATE_HZ) * TOKENS_PER_SEC);
		const tokens = await this.decode(hidden, mostTokens);
		return this.tokenizer.decode(tokens).trim();
	}

	private async decode(hidden: Tensor, mostTokens: number): Promise<number[]> {
		const tokens = [START_TOKEN];
		const past = this.emptyPast();
		for (let step = 0; step < mostTokens; step++) {
			const last = tokens[tokens.length - 1] ?? START_TOKEN;
			const out = await this.decoder.run({
				input_ids: new this.runtime.Tensor('int64', BigInt64Array.of(BigInt(last)), [1, 1]),
				encoder_hidden_states: hidden,
				use_cache_branch: new this.runtime.Tensor('bool', [step > 0]),
				...past,
			});
			const next = likeliest(out['logits']);
			if (next === END_TOKEN) break;
			tokens.push(next);
			keepPast(past, out, step === 0);
		}
		return tokens;
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

const entryOf = (folder: string, file: string): string => pathToFileURL(path.join(folder, file)).href;
