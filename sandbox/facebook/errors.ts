import { Refusal } from '../core/answer';
import { graphProblem, refuseGraph, tokenProblems } from '../graph/errors';

export type TokenTrouble = keyof typeof tokenProblems;

export function tokenRefused(trouble: TokenTrouble): Refusal {
	return refuseGraph(tokenProblems[trouble]);
}

/** 10 for what a permission is missing for, 200 for what the person may not do on the page (facts 6.5). */
export function noPermission(code: 10 | 200, what: string): Refusal {
	return refuseGraph({ code, message: `(#${code}) Requires ${what}.` });
}

/** Facts 6.3: the server says where to go on. That it stands behind code 6001 is our choice. */
export function wrongOffset(range: { start_offset: string; end_offset: string }): Refusal {
	const message = 'There was a problem uploading your video file: the offset is wrong.';
	const { status, body } = graphProblem(400, { code: 6001, subcode: 1363037, message });
	const { error } = body as { error: object };
	return new Refusal({ status, body: { error: { ...error, error_data: range } } });
}
