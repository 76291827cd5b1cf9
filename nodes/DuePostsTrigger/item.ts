import type { IDataObject } from 'n8n-workflow';
import type { OldestUnsent } from '../../lib/database';

/** What the next node sees. Dispatch Due Posts needs none of it: what is due stands in rows. */
export function toItem({ availableAt, waitMs }: OldestUnsent): IDataObject {
	return { oldestDueAt: availableAt.toISOString(), lateMs: Math.max(0, Math.round(-waitMs)) };
}
