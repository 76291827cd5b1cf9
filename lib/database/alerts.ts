import { z } from 'zod';
import { storableText, toJsonb } from './json';
import type { Queryable } from './pool';

export const alertSeveritySchema = z.enum(['info', 'warning', 'critical']);

export interface NewAlert {
	readonly severity: z.infer<typeof alertSeveritySchema>;
	readonly title: string;
	readonly message?: string;
	/** Which workflow or part says so. */
	readonly source?: string;
	/** The same trouble has the same key; the title when absent. */
	readonly dedupKey?: string;
	readonly details?: Readonly<Record<string, unknown>>;
}

const alertRowSchema = z.object({
	alert_id: z.uuid(),
	severity: alertSeveritySchema,
	title: z.string(),
	message: z.string(),
	source: z.string(),
	dedup_key: z.string(),
	occurrences: z.number().int(),
	details: z.record(z.string(), z.unknown()),
	first_seen_at: z.date(),
	last_seen_at: z.date(),
	resolved_at: z.date().nullable(),
});

export interface Alert extends Required<NewAlert> {
	readonly alertId: string;
	readonly occurrences: number;
	readonly firstSeenAt: Date;
	readonly lastSeenAt: Date;
	/** True the first time: whoever tells people about it tells them once. */
	readonly isNew: boolean;
}

const raiseAlertSql = `
	insert into stackkraft.alerts (severity, title, message, source, dedup_key, details)
	values ($1, $2, $3, $4, $5, $6::jsonb)
	on conflict (dedup_key) where resolved_at is null do update set
		occurrences = alerts.occurrences + 1, last_seen_at = now(), message = excluded.message,
		severity = excluded.severity, details = excluded.details
	returning *`;

export async function raiseAlert(client: Queryable, alert: NewAlert): Promise<Alert> {
	const { rows } = await client.query(raiseAlertSql, [
		alert.severity,
		storableText(alert.title),
		storableText(alert.message ?? ''),
		storableText(alert.source ?? ''),
		storableText(alert.dedupKey ?? alert.title),
		toJsonb(alert.details ?? {}),
	]);
	const row = alertRowSchema.parse(rows[0]);
	return {
		alertId: row.alert_id,
		severity: row.severity,
		title: row.title,
		message: row.message,
		source: row.source,
		dedupKey: row.dedup_key,
		details: row.details,
		occurrences: row.occurrences,
		firstSeenAt: row.first_seen_at,
		lastSeenAt: row.last_seen_at,
		isNew: row.occurrences === 1,
	};
}
