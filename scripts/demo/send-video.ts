// What a system outside would do: put the video where n8n may read it, and send one message.
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { findSubtitleBeside } from '../../lib/clips/subtitle-file';
import { contentHash, writeWhole } from '../../lib/media';
import { platformSchema } from '../../lib/publishing/platform';
import { connectNats, publishMessage } from '../../lib/queue';
import type { ExtractRequest } from '../../lib/queue/messages';
import type { Stack } from '../stack/stack';

export interface SendOptions {
	readonly videoPath: string;
	readonly accountId: string;
	readonly wantedClips?: number;
	readonly signal: AbortSignal;
}

/** Networks whose own default is “only me”, which has no public page and no numbers to show. */
const visibleToAll: Readonly<Record<string, Record<string, unknown>>> = {
	youtube: { privacyStatus: 'public' },
	tiktok: { privacyLevel: 'PUBLIC_TO_EVERYONE' },
};

/**
 * The request id comes from the video's bytes: the same video again is the same request, and meets the posts
 * of the first one instead of making new ones.
 */
export async function sendVideo(stack: Stack, options: SendOptions): Promise<ExtractRequest> {
	const { videoPath, accountId, signal } = options;
	const sourceHash = await contentHash(videoPath, signal);
	const folder = join(stack.mediaFolder, 'demo', sourceHash.slice(0, 16));
	await mkdir(folder, { recursive: true });
	const sourcePath = join(folder, basename(videoPath));
	await copyOnce(videoPath, sourcePath);
	const subtitlePath = await findSubtitleBeside(videoPath);
	if (subtitlePath) await copyFile(subtitlePath, join(folder, basename(subtitlePath)));
	const request: ExtractRequest = {
		version: 1,
		requestId: `demo-${sourceHash.slice(0, 16)}`,
		sourcePath,
		wantedClips: options.wantedClips ?? 4,
		targets: Object.keys(stack.sandbox).map((platform) => ({
			platform: platformSchema.parse(platform),
			accountId,
			...(platform in visibleToAll && { options: visibleToAll[platform] }),
		})),
	};
	const connection = await connectNats({
		servers: [stack.natsUrl],
		authentication: { kind: 'none' },
		name: 'stackkraft demo',
	});
	try {
		await publishMessage(
			connection,
			{
				subject: `content.extract.demo`,
				payload: request,
				// Each run knocks anew; that nothing doubles is the request id's doing, not the courier's memory.
				messageId: `${request.requestId}-${Date.now()}`,
			},
			{ signal },
		);
	} finally {
		await connection.close();
	}
	return request;
}

async function copyOnce(from: string, to: string): Promise<void> {
	const [source, copy] = await Promise.all([stat(from), stat(to).catch(() => null)]);
	if (copy?.size !== source.size) await writeWhole(to, (partial) => copyFile(from, partial));
}
