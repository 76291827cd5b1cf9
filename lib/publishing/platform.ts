import { z } from 'zod';

/** The seven networks. The order is the order in which people see them. */
export const platformSchema = z.enum([
	'youtube',
	'tiktok',
	'instagram',
	'x',
	'linkedin',
	'facebook',
	'threads',
]);

export type Platform = z.infer<typeof platformSchema>;

/** JSON that a network gave us and that we must be able to store and read back. */
export type JsonObject = { readonly [key: string]: unknown };
