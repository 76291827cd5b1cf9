// Rules that several networks share, said in the same words.
import type { z } from 'zod';
import type { MediaFacts, Violation } from '../publishing/adapter';

export function violation(rule: string, found: string | number, allowed: string, fix: string): Violation {
	return { rule, found: String(found), allowed, fix };
}

/** The network's own extras: wrong types, and names that nobody reads (a typo would be lost silently). */
export function optionViolations(schema: z.ZodType, options: unknown): Violation[] {
	const parsed = schema.safeParse(options ?? {});
	if (parsed.success) return [];
	return parsed.error.issues.map((issue) =>
		violation(
			`option:${issue.path.join('.') || 'name'}`,
			issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : shown(options, issue.path),
			issue.message,
			'Correct the option, or remove it.',
		),
	);
}

function shown(options: unknown, path: readonly PropertyKey[]): string {
	const value = path.reduce<unknown>(
		(inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
		options,
	);
	return JSON.stringify(value) ?? 'nothing';
}

export function sizeViolations(media: MediaFacts, maxBytes: number): Violation[] {
	if (media.sizeBytes === 0) {
		return [violation('media.size', '0 bytes', 'at least 1 byte', 'The file is empty; render it again.')];
	}
	if (media.sizeBytes <= maxBytes) return [];
	const allowed = `at most ${megabytes(maxBytes)}`;
	return [
		violation('media.size', megabytes(media.sizeBytes), allowed, 'Render the media smaller or shorter.'),
	];
}

export function durationViolations(
	media: MediaFacts,
	limits: { minSec: number; maxSec: number },
): Violation[] {
	const { durationSec } = media;
	if (durationSec === undefined) return [];
	if (durationSec >= limits.minSec && durationSec <= limits.maxSec) return [];
	const allowed = `${limits.minSec} to ${limits.maxSec} s`;
	return [
		violation('media.duration', `${Math.round(durationSec * 10) / 10} s`, allowed, 'Cut the clip to fit.'),
	];
}

function megabytes(sizeBytes: number): string {
	return `${Math.round((sizeBytes / 1_000_000) * 10) / 10} MB`;
}
