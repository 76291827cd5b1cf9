import type { Answer, Exchange } from '../core/answer';
import { refuse } from './errors';
import type { Video, YouTube } from './model';
import { ANALYTICS_SCOPES, callerOf } from './oauth';
import { pacificDate } from './quota';
import { countsAt, type Counts } from './video-state';

const HOUR_MS = 3_600_000;
/** Facts 1.7: data is 48–72 h late, and only complete days are shown. */
const DELAY_MS = 48 * HOUR_MS;

type Measure = (counts: Counts) => number;
const AVERAGE_VIEW_SEC = 24;
const METRICS: Readonly<Record<string, { readonly dataType: 'INTEGER' | 'FLOAT'; readonly of: Measure }>> = {
	views: { dataType: 'INTEGER', of: (counts) => counts.views },
	engagedViews: { dataType: 'INTEGER', of: (counts) => Math.floor(counts.views * 0.7) },
	estimatedMinutesWatched: {
		dataType: 'INTEGER',
		of: (counts) => Math.floor((counts.views * AVERAGE_VIEW_SEC) / 60),
	},
	averageViewDuration: { dataType: 'INTEGER', of: (counts) => (counts.views > 0 ? AVERAGE_VIEW_SEC : 0) },
	averageViewPercentage: { dataType: 'FLOAT', of: (counts) => (counts.views > 0 ? 61.5 : 0) },
	likes: { dataType: 'INTEGER', of: (counts) => counts.likes },
	dislikes: { dataType: 'INTEGER', of: (counts) => Math.floor(counts.likes / 40) },
	comments: { dataType: 'INTEGER', of: (counts) => counts.comments },
	shares: { dataType: 'INTEGER', of: (counts) => counts.shares },
	subscribersGained: { dataType: 'INTEGER', of: (counts) => counts.subscribersGained },
	subscribersLost: { dataType: 'INTEGER', of: (counts) => Math.floor(counts.subscribersGained / 10) },
	videosAddedToPlaylists: { dataType: 'INTEGER', of: () => 0 },
	videosRemovedFromPlaylists: { dataType: 'INTEGER', of: () => 0 },
};
const DIMENSIONS = ['day', 'video'];

interface Query {
	readonly days: readonly string[];
	readonly metrics: readonly string[];
	readonly dimensions: readonly string[];
	readonly videos: readonly Video[];
}

function unsupported() {
	return refuse(
		400,
		'badRequest',
		'The query is not supported. Check the documentation for supported queries.',
	);
}

export function queryReport(youtube: YouTube, exchange: Exchange): Answer {
	const query = readQuery(youtube, exchange);
	const columnHeaders = [
		...query.dimensions.map((name) => ({ name, columnType: 'DIMENSION', dataType: 'STRING' })),
		...query.metrics.map((name) => ({ name, columnType: 'METRIC', dataType: METRICS[name]?.dataType })),
	];
	const rows = sorted(
		rowsOf(query),
		columnHeaders.map(({ name }) => name),
		exchange.url,
	);
	const start = Number(exchange.url.searchParams.get('startIndex') ?? 1) - 1;
	const maxResults = Number(exchange.url.searchParams.get('maxResults') ?? rows.length);
	const page = rows.slice(start, start + maxResults);
	// No rows at all is said by leaving the key away, not by an empty list.
	const body = {
		kind: 'youtubeAnalytics#resultTable',
		columnHeaders,
		...(page.length > 0 ? { rows: page } : {}),
	};
	return { status: 200, body };
}

function readQuery(youtube: YouTube, exchange: Exchange): Query {
	const { channel } = callerOf(youtube, exchange, ANALYTICS_SCOPES);
	const query = exchange.url.searchParams;
	for (const name of ['ids', 'startDate', 'endDate', 'metrics']) {
		if (!query.get(name))
			throw refuse(400, 'required', `Required parameter: ${name}`, {
				location: name,
				locationType: 'parameter',
			});
	}
	if (!['channel==MINE', `channel==${channel.accountId}`].includes(query.get('ids') ?? '')) {
		throw refuse(403, 'forbidden', 'Forbidden');
	}
	const metrics = (query.get('metrics') ?? '').split(',');
	const dimensions = (query.get('dimensions') ?? '').split(',').filter((name) => name !== '');
	if (metrics.some((name) => !(name in METRICS)) || dimensions.some((name) => !DIMENSIONS.includes(name))) {
		throw unsupported();
	}
	const own = youtube.videos.values().filter((video) => video.account === channel.account);
	const filtered = filterIds(query.get('filters'));
	const videos = filtered === undefined ? own : own.filter((video) => filtered.includes(video.id));
	return { days: completeDays(youtube, query), metrics, dimensions, videos };
}

function filterIds(filters: string | null): string[] | undefined {
	if (filters === null) return undefined;
	const match = /^video==([\w,-]+)$/.exec(filters);
	const ids = match?.[1]?.split(',');
	if (ids === undefined || ids.length > 500) throw unsupported();
	return ids;
}

function completeDays(youtube: YouTube, query: URLSearchParams): string[] {
	const [first, last] = ['startDate', 'endDate'].map((name) => query.get(name) ?? '') as [string, string];
	const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
	if (!isDate(first) || !isDate(last) || first > last) throw refuse(400, 'badRequest', 'Invalid date range.');
	const firstIncomplete = pacificDate(youtube.frame.clock.nowMs() - DELAY_MS);
	const days: string[] = [];
	for (let atMs = Date.parse(first); atMs <= Date.parse(last); atMs += 24 * HOUR_MS) {
		const day = new Date(atMs).toISOString().slice(0, 10);
		if (day < firstIncomplete) days.push(day);
	}
	return days;
}

/** Pacific midnight that begins this day: 07:00 or 08:00 UTC, whichever falls on the day's own side. */
function pacificMidnightMs(day: string): number {
	const atSevenMs = Date.parse(`${day}T07:00:00Z`);
	return pacificDate(atSevenMs) === day ? atSevenMs : atSevenMs + HOUR_MS;
}

function nextDay(day: string): string {
	return new Date(Date.parse(day) + 24 * HOUR_MS).toISOString().slice(0, 10);
}

function countsBetween(videos: readonly Video[], fromMs: number, toMs: number): Counts {
	const sum = { views: 0, likes: 0, comments: 0, shares: 0, subscribersGained: 0 };
	for (const video of videos) {
		const before = countsAt(video, fromMs);
		const after = countsAt(video, toMs);
		for (const key of Object.keys(sum) as Array<keyof typeof sum>) sum[key] += after[key] - before[key];
	}
	return sum;
}

function rowsOf({ days, metrics, dimensions, videos }: Query): Array<Array<string | number>> {
	const dayGroups = dimensions.includes('day') ? days.map((day) => [day]) : [days];
	const videoGroups = dimensions.includes('video') ? videos.map((video) => [video]) : [videos];
	const rows: Array<Array<string | number>> = [];
	for (const dayGroup of dayGroups) {
		const [firstDay, lastDay] = [dayGroup[0], dayGroup.at(-1)];
		if (firstDay === undefined || lastDay === undefined) continue;
		const toMs = pacificMidnightMs(nextDay(lastDay));
		for (const videoGroup of videoGroups) {
			const counts = countsBetween(videoGroup, pacificMidnightMs(firstDay), toMs);
			if (counts.views === 0) continue;
			const labels = dimensions.map((name) => (name === 'day' ? firstDay : (videoGroup[0]?.id ?? '')));
			rows.push([...labels, ...metrics.map((name) => METRICS[name]?.of(counts) ?? 0)]);
		}
	}
	return rows;
}

function sorted(rows: Array<Array<string | number>>, columns: readonly string[], url: URL): typeof rows {
	const order = url.searchParams.get('sort');
	if (order === null) return rows;
	const column = columns.indexOf(order.replace(/^-/, ''));
	if (column < 0) throw unsupported();
	const direction = order.startsWith('-') ? -1 : 1;
	return rows.sort((a, b) => direction * ((a[column] ?? 0) < (b[column] ?? 0) ? -1 : 1));
}
