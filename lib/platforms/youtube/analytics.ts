// Numbers of YouTube in the unified shape. Counts are live; shares, saves and watch time come from the Analytics
// API two to three days late (facts 1.7) and are null until then.
import { DateTime } from 'luxon';
import type { AdapterContext, Metrics, PostMetrics, PostStatus } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { youtubeRead } from './call';
import { watchUrl } from './constants';
import { readVideos } from './recent-uploads';
import { reportSchema, videoListSchema, videoSchema, type Video } from './types';

/** YouTube's first day: "all time" for the Analytics API, which insists on a start. */
const beginning = '2005-02-14';

/**
 * Facts 1.7. Clicks on info cards are left out: a video without cards has 0 of them, which says nothing about
 * clicks. Impressions stand in the bulk reports only.
 */
const reportMetrics = [
	'views',
	'engagedViews',
	'estimatedMinutesWatched',
	'averageViewDuration',
	'averageViewPercentage',
	'likes',
	'dislikes',
	'comments',
	'shares',
	'subscribersGained',
	'subscribersLost',
	'videosAddedToPlaylists',
	'videosRemovedFromPlaylists',
] as const;

export async function youtubeStatus(context: AdapterContext, videoId: string): Promise<PostStatus> {
	const [found] = await readVideos(context, [videoId], 'status,processingDetails');
	const base = { platformPostId: videoId, url: watchUrl(videoId, context.apiBaseUrl) };
	if (!found) return { ...base, state: 'deleted', reason: null, raw: null };
	const { status, processingDetails } = found.video;
	const reason =
		status?.rejectionReason ?? status?.failureReason ?? processingDetails?.processingFailureReason ?? null;
	return { ...base, state: stateOf(status?.uploadStatus), reason, raw: found.raw };
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
	const videos = await readCounts(context, videoIds);
	const report = await readReport(context, videoIds);
	return videos.map(({ video, raw }) => {
		const row = report.get(video.id) ?? null;
		return { platformPostId: video.id, metrics: unify(video, row), raw: { video: raw, analytics: row } };
	});
}

/** Facts 1.5: made for this, with a bucket of its own, so that numbers take nothing from thumbnails and playlists. */
async function readCounts(
	context: AdapterContext,
	videoIds: readonly string[],
): Promise<readonly { video: Video; raw: unknown }[]> {
	const { items } = await youtubeRead(context, videoListSchema, {
		write: async ({ data }, options) =>
			data.videos.batchGetStats({ part: ['snippet,statistics'], id: [videoIds.join(',')] }, options),
	});
	return items.flatMap((raw) => {
		const parsed = videoSchema.safeParse(raw);
		return parsed.success ? [{ video: parsed.data, raw }] : [];
	});
}

type ReportRow = Readonly<Record<string, string | number | null>>;

/** The late numbers are a gift: without the permission or the API the live ones are still worth having. */
async function readReport(
	context: AdapterContext,
	videoIds: readonly string[],
): Promise<ReadonlyMap<string, ReportRow>> {
	const today = DateTime.fromJSDate(context.clock.now(), { zone: 'utc' }).toISODate() ?? beginning;
	try {
		const report = await youtubeRead(context, reportSchema, {
			host: 'analytics',
			write: async ({ analytics }, options) =>
				analytics.reports.query(
					{
						ids: 'channel==MINE',
						startDate: beginning,
						endDate: today,
						metrics: reportMetrics.join(','),
						dimensions: 'video',
						filters: `video==${videoIds.join(',')}`,
						sort: '-views',
						maxResults: videoIds.length,
					},
					options,
				),
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
		context.log.warn('YouTube gave no watch time, shares and saves this time', {
			class: error.class,
			code: error.code,
			remedy: error.remedy,
		});
		return new Map();
	}
}

function unify({ statistics }: Video, report: ReportRow | null): Metrics {
	const told = (name: (typeof reportMetrics)[number]): number | null => {
		const value = report?.[name];
		return typeof value === 'number' ? value : null;
	};
	const minutesWatched = told('estimatedMinutesWatched');
	return {
		views: statistics?.viewCount ?? null,
		likes: statistics?.likeCount ?? null,
		comments: statistics?.commentCount ?? null,
		shares: told('shares'),
		// To save a video is to put it into a playlist, “Watch later” included.
		saves: told('videosAddedToPlaylists'),
		clicks: null,
		watchTimeSeconds: minutesWatched === null ? null : minutesWatched * 60,
		reach: null,
		impressions: null,
	};
}
