// Numbers of YouTube in the unified shape. Counts are live; shares and watch time come from the Analytics API
// two to three days late (facts 1.7) and are null until then.
import { DateTime } from 'luxon';
import type { AdapterContext, Metrics, PostMetrics, PostStatus } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { watchUrl, youtubePaths } from './constants';
import { youtubeRead } from './read';
import { readVideos } from './recent-uploads';
import { reportSchema, type Video } from './types';

/** YouTube's first day: "all time" for the Analytics API, which insists on a start. */
const beginning = '2005-02-14';

export async function youtubeStatus(context: AdapterContext, videoId: string): Promise<PostStatus> {
	const [found] = await readVideos(context, [videoId], 'status,processingDetails');
	const base = { platformPostId: videoId, url: watchUrl(videoId, context.apiBaseUrl) };
	if (!found) return { ...base, state: 'deleted', reason: null, raw: null };
	const { uploadStatus, failureReason, rejectionReason } = found.video.status ?? {};
	const state = stateOf(uploadStatus);
	return { ...base, state, reason: rejectionReason ?? failureReason ?? null, raw: found.raw };
}

/** Facts 1.3. A video can be opened by its id at once, so an unfinished one is `processing`, not absent. */
function stateOf(uploadStatus: string | undefined): PostStatus['state'] {
	switch (uploadStatus) {
		case 'processed':
			return 'live';
		case 'failed':
		case 'rejected':
			return 'failed';
		case 'deleted':
			return 'deleted';
		default:
			return 'processing';
	}
}

export async function youtubeMetrics(
	context: AdapterContext,
	videoIds: readonly string[],
): Promise<readonly PostMetrics[]> {
	if (videoIds.length === 0) return [];
	const videos = await readVideos(context, videoIds, 'statistics');
	const report = await readReport(context, videoIds);
	return videos.map(({ video, raw }) => {
		const row = report.get(video.id) ?? null;
		return { platformPostId: video.id, metrics: unify(video, row), raw: { video: raw, analytics: row } };
	});
}

type ReportRow = Readonly<Record<string, string | number | null>>;

/** The late numbers are a gift: without the permission or the API the live ones are still worth having. */
async function readReport(
	context: AdapterContext,
	videoIds: readonly string[],
): Promise<ReadonlyMap<string, ReportRow>> {
	try {
		const report = await youtubeRead(context, reportSchema, {
			host: 'analytics',
			path: youtubePaths.analyticsReports,
			query: {
				ids: 'channel==MINE',
				startDate: beginning,
				endDate: DateTime.fromJSDate(context.clock.now(), { zone: 'utc' }).toISODate() ?? beginning,
				metrics: 'views,estimatedMinutesWatched,shares',
				dimensions: 'video',
				filters: `video==${videoIds.join(',')}`,
				sort: '-views',
				maxResults: String(videoIds.length),
			},
		});
		const names = report.columnHeaders.map(({ name }) => name);
		return new Map(
			report.rows.map((cells) => [
				String(cells[names.indexOf('video')]),
				Object.fromEntries(names.map((name, column) => [name, cells[column] ?? null])),
			]),
		);
	} catch (error) {
		if (context.signal.aborted || !(error instanceof PublishError)) throw error;
		context.log.warn('YouTube gave no watch time and no shares this time', {
			class: error.class,
			code: error.code,
			remedy: error.remedy,
		});
		return new Map();
	}
}

function unify({ statistics }: Video, report: ReportRow | null): Metrics {
	const minutesWatched = report?.['estimatedMinutesWatched'];
	const shares = report?.['shares'];
	return {
		views: statistics?.viewCount ?? null,
		likes: statistics?.likeCount ?? null,
		comments: statistics?.commentCount ?? null,
		shares: typeof shares === 'number' ? shares : null,
		saves: null,
		clicks: null,
		watchTimeSeconds: typeof minutesWatched === 'number' ? minutesWatched * 60 : null,
		reach: null,
		impressions: null,
	};
}
