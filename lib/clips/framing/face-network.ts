// The forward pass of a small face detector. Its loops are 2 kB of WebAssembly (source beside it, as .txt): several
// times as fast as JavaScript, nothing to install, and the same numbers on every machine.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** Row, column, channel, in that order in memory. */
interface Layer {
	/** Address in the memory of the kernels. */
	readonly at: number;
	readonly width: number;
	readonly height: number;
	readonly channels: number;
}

interface Convolution {
	readonly matrix: number;
	readonly bias: number;
	/** Address of the 3×3 filters that come before the matrix. */
	readonly depthwise: number;
	readonly inputs: number;
	readonly outputs: number;
}

export interface FacePicture {
	readonly rgb: Uint8Array;
	/** Sides must be multiples of 32. */
	readonly width: number;
	readonly height: number;
}

export interface FaceAnswers {
	readonly columns: number;
	readonly rows: number;
	/** Per cell of 32×32 pixels 5 anchors × (x, y, width, height, score), then some room. */
	readonly values: Float32Array;
	readonly valuesPerCell: number;
}

export type FaceNetwork = (picture: FacePicture) => FaceAnswers;

// TypeScript knows WebAssembly only together with the whole of a browser.
declare const WebAssembly: {
	readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
	instantiate(
		bytes: Uint8Array,
		imports: { readonly env: { readonly memory: unknown } },
	): Promise<{ readonly instance: { readonly exports: unknown } }>;
};

const kernel = z.custom<(...numbers: readonly number[]) => void>((value) => typeof value === 'function');
const kernelsSchema = z.object({ first: kernel, multiply: kernel, depthwise: kernel, largest: kernel });

const ASSETS = path.join(__dirname, '../assets');
const PAGE_BYTES = 65_536;
const WEIGHTS_ROOM_BYTES = 1024 * 1024;
export const LARGEST_SIDE_PX = 512;
const LARGEST_PIXELS = LARGEST_SIDE_PX ** 2;
// The kernels make sixteen outputs at a time; what is missing is filled with zeros.
const GROUP = 16;
const LEAK = 0.1;
const MEAN_RGB = [117.001, 114.697, 97.404] as const;

// tiny_face_detector of @vladmandic/face-api 1.7.15 (MIT): one byte per weight, with scale and offset per tensor.
const quantization: readonly (readonly [size: number, scale: number, min: number])[] = [
	[432, 0.009007044399485869, -1.2069439495311063],
	[16, 0.005263455241334205, -0.9211046672334858],
	[144, 0.004001977630690033, -0.5042491814669441],
	[512, 0.013836609615999109, -1.411334180831909],
	[32, 0.0015159862590771096, -0.30926119685173037],
	[288, 0.002666276225856706, -0.317286870876948],
	[2048, 0.015265831292844286, -1.6792414422128714],
	[64, 0.0020280554598453, -0.37113414915168985],
	[576, 0.006100742489683862, -0.8907084034938438],
	[8192, 0.016276211832083907, -2.0508026908425725],
	[128, 0.003394414279975143, -0.7637432129944072],
	[1152, 0.006716050119961009, -0.8059260143953211],
	[32768, 0.021875603993733724, -2.8875797271728514],
	[256, 0.0041141652009066415, -0.8187188749804216],
	[2304, 0.008423839597141042, -0.9013508368940915],
	[131072, 0.030007277283014035, -3.8709387695088107],
	[512, 0.008402082966823203, -1.4871686851277068],
	[12800, 0.028336129469030042, -4.675461362389957],
	[25, 0.002268134028303857, -0.41053225912299807],
];

/** Reads weights and kernels. One network works on one picture at a time. */
export async function loadFaceNetwork(): Promise<FaceNetwork> {
	const weights = await readFile(path.join(ASSETS, 'tiny-face-detector.bin'));
	const code = await readFile(path.join(ASSETS, 'face-kernels.wasm'));
	const sizeBytes = WEIGHTS_ROOM_BYTES + LARGEST_PIXELS * 2 * GROUP * 4;
	const memory = new WebAssembly.Memory({ initial: Math.ceil(sizeBytes / PAGE_BYTES) });
	const { instance } = await WebAssembly.instantiate(code, { env: { memory } });
	const floats = new Float32Array(memory.buffer);
	const loaded: Loaded = {
		kernels: kernelsSchema.parse(instance.exports),
		floats,
		convolutions: placeWeights(floats, weights),
		large: WEIGHTS_ROOM_BYTES,
		small: WEIGHTS_ROOM_BYTES + LARGEST_PIXELS * GROUP * 4,
	};
	return (picture) => runNetwork(loaded, picture);
}

interface Loaded {
	readonly kernels: z.infer<typeof kernelsSchema>;
	readonly floats: Float32Array;
	readonly convolutions: readonly Convolution[];
	/** Two places that the layers go back and forth between. */
	readonly large: number;
	readonly small: number;
}

function placeWeights(floats: Float32Array, bytes: Buffer): Convolution[] {
	let [read, written] = [0, 0];
	const tensors = quantization.map(([size, scale, min]) => {
		const values = Float32Array.from(bytes.subarray(read, read + size), (byte) => byte * scale + min);
		read += size;
		return values;
	});
	takeBytes(tensors[0], tensors[1]);
	const place = (index: number, rowLength: number, paddedLength: number): number => {
		const values = tensors[index] ?? new Float32Array();
		const at = written;
		values.forEach((value, i) => {
			floats[at + Math.floor(i / rowLength) * paddedLength + (i % rowLength)] = value;
		});
		written += (values.length / rowLength) * paddedLength;
		return at * 4;
	};
	const convolution = (
		index: number,
		inputs: number,
		outputs: number,
		hasDepthwise: boolean,
	): Convolution => {
		const padded = Math.ceil(outputs / GROUP) * GROUP;
		const depthwise = hasDepthwise ? place(index, inputs, inputs) : 0;
		const matrixIndex = hasDepthwise ? index + 1 : index;
		const matrix = place(matrixIndex, outputs, padded);
		return { matrix, bias: place(matrixIndex + 1, outputs, padded), depthwise, inputs, outputs: padded };
	};
	return [
		convolution(0, 27, 16, false),
		...[2, 5, 8, 11, 14].map((index, step) => convolution(index, 16 << step, 32 << step, true)),
		convolution(17, 512, 25, false),
	];
}

function runNetwork(loaded: Loaded, picture: FacePicture): FaceAnswers {
	const { kernels, floats, convolutions, large, small } = loaded;
	const [first, ...others] = convolutions;
	const last = others.pop();
	if (!first || !last) throw new Error('The face detector has no layers.');
	const multiply = (input: Layer, by: Convolution, at: number, slope: number): Layer => {
		const pixels = input.width * input.height;
		kernels.multiply(input.at, by.matrix, by.bias, at, pixels, input.channels, by.outputs, slope);
		return { ...input, at, channels: by.outputs };
	};
	const shrink = (input: Layer, at: number, step: number): Layer => {
		kernels.largest(input.at, at, input.width, input.height, input.channels, step);
		const [width, height] = [Math.ceil(input.width / step), Math.ceil(input.height / step)];
		return { at, width, height, channels: input.channels };
	};
	let layer = shrink(firstLayer(loaded, first, picture), large, 2);
	others.forEach((convolution, index) => {
		const { width, height, channels } = layer;
		kernels.depthwise(layer.at, convolution.depthwise, small, width, height, channels);
		const wide = multiply({ ...layer, at: small }, convolution, large, LEAK);
		const shrunk = shrink(wide, small, index < 4 ? 2 : 1);
		layer = { ...shrunk, at: large };
		floats.copyWithin(large / 4, small / 4, small / 4 + shrunk.width * shrunk.height * shrunk.channels);
	});
	const answers = multiply(layer, last, small, 1);
	const length = answers.width * answers.height * answers.channels;
	return {
		columns: answers.width,
		rows: answers.height,
		values: floats.slice(small / 4, small / 4 + length),
		valuesPerCell: answers.channels,
	};
}

// No padding: this layer was trained without, and gives a picture that is two pixels smaller.
function firstLayer({ kernels, floats, large, small }: Loaded, by: Convolution, picture: FacePicture): Layer {
	const { rgb, width, height } = picture;
	new Uint8Array(floats.buffer).set(rgb, large);
	kernels.first(large, by.matrix, by.bias, small, width, height);
	return { at: small, width: width - 2, height: height - 2, channels: by.outputs };
}

/** The first layer takes bytes as they are: the mean colour and the division by 255 go into its weights. */
function takeBytes(matrix: Float32Array | undefined, bias: Float32Array | undefined): void {
	matrix?.forEach((weight, at) => {
		const colour = Math.floor(at / GROUP) % 3;
		matrix[at] = weight / 255;
		if (bias) bias[at % GROUP] = (bias[at % GROUP] ?? 0) - (weight / 255) * (MEAN_RGB[colour] ?? 0);
	});
}
