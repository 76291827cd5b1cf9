// Videos of drawn people, for what must be known exactly: where each face is in every frame.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { findFfmpeg } from '../../lib/media';

export interface DrawnFace {
	/** Centre and height of the head, as shares of the picture. */
	readonly x: number;
	readonly y: number;
	readonly height: number;
	/** 0 closed to 1 wide open. */
	readonly mouth: number;
}

export interface Scene {
	readonly faces: readonly DrawnFace[];
	/** Seed of the background; another one is another place. */
	readonly place: number;
}

type Rgb = readonly [number, number, number];
const SKIN: Rgb = [224, 172, 138];
const SHADE: Rgb = [178, 124, 96];
const HAIR: Rgb = [52, 34, 26];
const WHITE: Rgb = [240, 238, 235];
const IRIS: Rgb = [48, 36, 30];
const LIPS: Rgb = [170, 78, 76];
const INSIDE: Rgb = [70, 20, 24];
const SHIRTS: readonly Rgb[] = [
	[58, 86, 140],
	[120, 60, 70],
];

const inside = (u: number, v: number, [cu, cv, ru, rv]: readonly number[]): boolean =>
	((u - (cu ?? 0)) / (ru ?? 1)) ** 2 + ((v - (cv ?? 0)) / (rv ?? 1)) ** 2 <= 1;

type Feature = readonly [ellipse: readonly number[], colour: Rgb];

/** Eyes, brows, nostrils, mouth and nose, in units of half the head's height around its centre, the topmost first. */
function featuresOf(mouth: number): readonly Feature[] {
	return [
		[[0.3, -0.12, 0.055, 0.06], IRIS],
		[[0.3, -0.12, 0.15, 0.075], WHITE],
		[[0.3, -0.31, 0.19, 0.045], HAIR],
		[[0.09, 0.22, 0.05, 0.03], SHADE],
		...(mouth > 0 ? [[[0, 0.52, 0.2, 0.03 + 0.12 * mouth], INSIDE] as const] : []),
		[[0, 0.52, 0.26, 0.07 + 0.14 * mouth], LIPS],
		[
			[0, 0.1, 0.07, 0.2],
			[232, 184, 152],
		],
	];
}

/** u to the right, v down; the face is the same on both sides. */
function colourOfHead(u: number, v: number, features: readonly Feature[]): Rgb | undefined {
	for (const [ellipse, colour] of features) if (inside(Math.abs(u), v, ellipse)) return colour;
	return colourOfShape(u, v);
}

function colourOfShape(u: number, v: number): Rgb | undefined {
	if (inside(u, v, [0, -0.62, 0.72, 0.42]) && v < -0.5 + 0.25 * u * u) return HAIR;
	if (inside(u, v, [0, 0.05, 0.66, 0.95])) {
		const light = 1 - 0.22 * Math.abs(u / 0.66) ** 2 - 0.08 * Math.max(0, v);
		return [SKIN[0] * light, SKIN[1] * light, SKIN[2] * light];
	}
	if (inside(u, v, [0, -0.15, 0.78, 0.95]) && v < 0.35) return HAIR;
	const isNeck = Math.abs(u) < 0.28 && v > 0.7 && v < 1.25;
	return isNeck ? SHADE : undefined;
}

/** One picture as RGB. */
export function drawScene(scene: Scene, width: number, height: number): Buffer {
	const rgb = backgroundOf(scene.place, width, height);
	scene.faces.forEach((face, person) => drawPerson(rgb, { width, height }, face, SHIRTS[person % 2] ?? SKIN));
	return rgb;
}

const backgrounds = new Map<string, Buffer>();

function backgroundOf(place: number, width: number, height: number): Buffer {
	const key = `${place}-${width}-${height}`;
	const known = backgrounds.get(key) ?? Buffer.alloc(width * height * 3);
	if (!backgrounds.has(key)) {
		for (let at = 0; at < width * height; at++) {
			const [x, y] = [(at % width) / width, Math.floor(at / width) / height];
			const wave = 18 * Math.sin(x * (7 + place * 3)) + 14 * Math.cos(y * (5 + place * 2) + place);
			const base = place % 2 === 0 ? [96, 116, 128] : [172, 160, 138];
			base.forEach((value, colour) => (known[at * 3 + colour] = Math.max(0, Math.min(255, value + wave))));
		}
		backgrounds.set(key, known);
	}
	return Buffer.from(known);
}

function drawPerson(
	rgb: Buffer,
	{ width, height }: { width: number; height: number },
	face: DrawnFace,
	shirt: Rgb,
): void {
	const half = (face.height * height) / 2;
	const [centreX, centreY] = [face.x * width, face.y * height];
	const features = featuresOf(face.mouth);
	for (let y = Math.max(0, Math.floor(centreY - 1.3 * half)); y < height; y++) {
		for (let x = Math.max(0, Math.floor(centreX - 2 * half)); x < Math.min(width, centreX + 2 * half); x++) {
			const [u, v] = [(x - centreX) / half, (y - centreY) / half];
			const isBody = v > 1.1 && Math.abs(u) < 0.6 + 1.1 * Math.sqrt(Math.min(1, (v - 1.1) / 0.9));
			const colour = colourOfHead(u, v, features) ?? (isBody ? shirt : undefined);
			colour?.forEach((value, part) => (rgb[(y * width + x) * 3 + part] = value));
		}
	}
}

export interface DrawnVideo {
	readonly lengthSec: number;
	readonly fps: number;
	readonly sceneAt: (sec: number) => Scene;
}

// Drawn small and enlarged: a face looks no different, and drawing costs a ninth.
const DRAWN = { width: 320, height: 180 };

/** 1920×1080 with a quiet tone as sound. */
export async function drawVideo(target: string, { lengthSec, fps, sceneAt }: DrawnVideo): Promise<void> {
	const child = spawn(
		findFfmpeg().path,
		[
			...['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${DRAWN.width}x${DRAWN.height}`],
			...['-r', String(fps), '-i', 'pipe:0', '-f', 'lavfi', '-i', `sine=frequency=220:duration=${lengthSec}`],
			...['-vf', 'scale=1920:1080:flags=bilinear', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20'],
			...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', target],
		],
		{ stdio: ['pipe', 'ignore', 'inherit'] },
	);
	const ended = once(child, 'close');
	for (let frame = 0; frame < Math.round(lengthSec * fps); frame++) {
		if (!child.stdin.write(drawScene(sceneAt(frame / fps), DRAWN.width, DRAWN.height))) {
			await once(child.stdin, 'drain');
		}
	}
	child.stdin.end();
	const [code] = (await ended) as [number | null];
	if (code !== 0) throw new Error(`FFmpeg could not draw the video (${code}).`);
}

/** Whether a pixel belongs to a drawn face; lips, eyes and backgrounds do not. */
export function isSkin(red: number, green: number, blue: number): boolean {
	return red > 150 && red - blue > 45 && red - green > 25 && green > 95;
}
