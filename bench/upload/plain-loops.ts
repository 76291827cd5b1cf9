// What our uploads are compared with: the same bytes to the same pretend networks by the plainest loop that works,
// with the chunk size that suits the network best, and without anything that a crash or a cut would need.
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { request } from 'undici';
import { z } from 'zod';
import type { BenchNetwork } from './sandbox-process';

export interface PlainUpload {
	readonly baseUrl: string;
	readonly token: string;
	readonly filePath: string;
	readonly sizeBytes: number;
}

const mebibyte = 1024 * 1024;
const deadlineMs = 10 * 60_000;

export const plainLoops: Readonly<Record<BenchNetwork, (upload: PlainUpload) => Promise<void>>> = {
	youtube: async (upload) => await toYouTube(upload, upload.sizeBytes),
	tiktok: toTikTok,
	x: toX,
	linkedin: toLinkedIn,
};

/** The way of n8n's own YouTube node: one PUT after the other, 256 KiB each. */
export async function asStockNode(upload: PlainUpload): Promise<void> {
	await toYouTube(upload, 256 * 1024);
}

async function toYouTube(upload: PlainUpload, chunkBytes: number): Promise<void> {
	const { baseUrl, sizeBytes } = upload;
	const opened = await call(
		upload,
		`${baseUrl}/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status`,
		{
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'x-upload-content-type': 'video/mp4',
				'x-upload-content-length': String(sizeBytes),
			},
			body: JSON.stringify({ snippet: { title: 'Plain' }, status: { privacyStatus: 'private' } }),
		},
	);
	const sessionUri = z.string().parse(opened.headers['location']);
	await eachChunk(upload, chunkBytes, async (body, [first, last]) => {
		await call(upload, sessionUri, {
			method: 'PUT',
			headers: { ...lengthOf(first, last), 'content-range': `bytes ${first}-${last}/${sizeBytes}` },
			body,
		});
	});
}

async function toTikTok(upload: PlainUpload): Promise<void> {
	const { baseUrl, sizeBytes } = upload;
	const chunkBytes = Math.min(sizeBytes, 64_000_000);
	const chunks = Math.max(1, Math.floor(sizeBytes / chunkBytes));
	const opened = await call(upload, `${baseUrl}/v2/post/publish/video/init/`, {
		method: 'POST',
		headers: { 'content-type': 'application/json; charset=UTF-8' },
		body: JSON.stringify({
			post_info: { title: 'Plain', privacy_level: 'PUBLIC_TO_EVERYONE' },
			source_info: {
				source: 'FILE_UPLOAD',
				video_size: sizeBytes,
				chunk_size: chunkBytes,
				total_chunk_count: chunks,
			},
		}),
	});
	const { upload_url: url } = z
		.object({ data: z.object({ upload_url: z.url() }) })
		.parse(JSON.parse(opened.text)).data;
	for (let index = 0; index < chunks; index++) {
		const first = index * chunkBytes;
		const last = (index === chunks - 1 ? sizeBytes : first + chunkBytes) - 1;
		await call({ ...upload, token: '' }, url, {
			method: 'PUT',
			headers: {
				'content-type': 'video/mp4',
				...lengthOf(first, last),
				'content-range': `bytes ${first}-${last}/${sizeBytes}`,
			},
			body: createReadStream(upload.filePath, { start: first, end: last, highWaterMark: mebibyte }),
		});
	}
}

async function toX(upload: PlainUpload): Promise<void> {
	const base = `${upload.baseUrl}/2/media/upload`;
	const opened = await call(upload, `${base}/initialize`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({
			media_type: 'video/mp4',
			total_bytes: upload.sizeBytes,
			media_category: 'amplify_video',
		}),
	});
	const { id } = z.object({ data: z.object({ id: z.string() }) }).parse(JSON.parse(opened.text)).data;
	const segmentBytes = 4 * mebibyte;
	for (let index = 0; index * segmentBytes < upload.sizeBytes; index++) {
		const start = index * segmentBytes;
		const end = Math.min(start + segmentBytes, upload.sizeBytes) - 1;
		const head = Buffer.from(
			`--plain\r\nContent-Disposition: form-data; name="segment_index"\r\n\r\n${index}\r\n` +
				'--plain\r\nContent-Disposition: form-data; name="media"; filename="segment"\r\n' +
				'Content-Type: application/octet-stream\r\n\r\n',
		);
		const tail = Buffer.from('\r\n--plain--\r\n');
		const file = createReadStream(upload.filePath, { start, end, highWaterMark: mebibyte });
		await call(upload, `${base}/${id}/append`, {
			method: 'POST',
			headers: {
				'content-type': 'multipart/form-data; boundary=plain',
				'content-length': String(head.length + (end - start + 1) + tail.length),
			},
			body: Readable.from(joined(head, file, tail)),
		});
	}
	await call(upload, `${base}/${id}/finalize`, { method: 'POST' });
}

async function* joined(head: Buffer, file: AsyncIterable<Buffer>, tail: Buffer): AsyncGenerator<Buffer> {
	yield head;
	yield* file;
	yield tail;
}

const instructionsSchema = z.object({
	value: z.object({
		video: z.string(),
		uploadToken: z.string(),
		uploadInstructions: z.array(
			z.object({ uploadUrl: z.url(), firstByte: z.number(), lastByte: z.number() }),
		),
	}),
});

async function toLinkedIn(upload: PlainUpload): Promise<void> {
	const version = { 'linkedin-version': '202608', 'x-restli-protocol-version': '2.0.0' };
	const action = async (name: string, body: unknown) =>
		await call(upload, `${upload.baseUrl}/rest/videos?action=${name}`, {
			method: 'POST',
			headers: { ...version, 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
	const me = await call(upload, `${upload.baseUrl}/v2/userinfo`, { method: 'GET' });
	const { sub } = z.object({ sub: z.string() }).parse(JSON.parse(me.text));
	const opened = await action('initializeUpload', {
		initializeUploadRequest: {
			owner: `urn:li:person:${sub}`,
			fileSizeBytes: upload.sizeBytes,
			uploadCaptions: false,
			uploadThumbnail: false,
		},
	});
	const { value } = instructionsSchema.parse(JSON.parse(opened.text));
	const uploadedPartIds: string[] = [];
	for (const { uploadUrl, firstByte, lastByte } of value.uploadInstructions) {
		const { headers } = await call(upload, uploadUrl, {
			method: 'PUT',
			headers: { 'content-type': 'application/octet-stream', ...lengthOf(firstByte, lastByte) },
			body: createReadStream(upload.filePath, {
				start: firstByte,
				end: lastByte,
				highWaterMark: mebibyte,
			}),
		});
		uploadedPartIds.push(z.string().parse(headers['etag']).replaceAll('"', ''));
	}
	const { video, uploadToken } = value;
	await action('finalizeUpload', { finalizeUploadRequest: { video, uploadToken, uploadedPartIds } });
}

const lengthOf = (first: number, last: number) => ({ 'content-length': String(last - first + 1) });

type Body = NonNullable<Parameters<typeof request>[1]>['body'];

async function call(
	{ token }: Pick<PlainUpload, 'token'>,
	url: string,
	{
		method,
		headers,
		body,
	}: { method: 'GET' | 'POST' | 'PUT'; headers?: Record<string, string>; body?: Body },
) {
	const answer = await request(url, {
		method,
		headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
		body: body ?? null,
		signal: AbortSignal.timeout(deadlineMs),
	});
	const text = await answer.body.text();
	if (answer.statusCode < 400) return { headers: answer.headers, text };
	throw new Error(`${method} ${new URL(url).pathname} answered ${answer.statusCode}: ${text}`);
}

/** Whole files go as a stream, small chunks as a buffer each: what a plain loop would do. */
async function eachChunk(
	upload: PlainUpload,
	chunkBytes: number,
	send: (body: Body, range: readonly [first: number, last: number]) => Promise<void>,
): Promise<void> {
	const { filePath, sizeBytes } = upload;
	if (chunkBytes >= sizeBytes) {
		await send(createReadStream(filePath, { highWaterMark: mebibyte }), [0, sizeBytes - 1]);
		return;
	}
	await eachBuffer(upload, chunkBytes, async (bytes, index) => {
		const first = index * chunkBytes;
		await send(bytes, [first, first + bytes.length - 1]);
	});
}

async function eachBuffer(
	{ filePath, sizeBytes }: PlainUpload,
	chunkBytes: number,
	send: (bytes: Uint8Array<ArrayBuffer>, index: number) => Promise<void>,
): Promise<void> {
	const file: FileHandle = await open(filePath);
	try {
		for (let index = 0; index * chunkBytes < sizeBytes; index++) {
			const bytes = new Uint8Array(Math.min(chunkBytes, sizeBytes - index * chunkBytes));
			await file.read(bytes, 0, bytes.length, index * chunkBytes);
			await send(bytes, index);
		}
	} finally {
		await file.close();
	}
}
