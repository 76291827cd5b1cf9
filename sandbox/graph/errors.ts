import { Refusal, type Answer } from '../core/answer';

export interface GraphProblem {
	readonly code: number;
	readonly subcode?: number;
	readonly message: string;
	readonly type?: string;
	readonly isTransient?: boolean;
}

/** The error shape of all Meta APIs, facts 3.5. */
export function graphProblem(status: number, problem: GraphProblem): Answer {
	const { code, subcode, message, type = 'OAuthException', isTransient } = problem;
	return {
		status,
		headers: { 'content-type': 'application/json; charset=UTF-8' },
		body: {
			error: {
				message,
				type,
				code,
				...(subcode === undefined ? {} : { error_subcode: subcode }),
				...(isTransient === undefined ? {} : { is_transient: isTransient }),
				fbtrace_id: 'ASandboxTraceNotReal',
			},
		},
	};
}

export function refuseGraph(problem: GraphProblem, status = 400): Refusal {
	return new Refusal(graphProblem(status, problem));
}

export function invalidParameter(message: string, subcode?: number): Refusal {
	return refuseGraph({ code: 100, message: `(#100) ${message}`, ...(subcode ? { subcode } : {}) });
}

/** Meta does not tell "not there" from "not yours". */
export function noSuchObject(id: string): Refusal {
	const message = `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`;
	return refuseGraph({ code: 100, subcode: 33, message, type: 'GraphMethodException' });
}

export const tokenProblems = {
	missing: { code: 190, message: 'An access token is required to request this resource.' },
	unknown: { code: 190, subcode: 467, message: 'Invalid OAuth access token - Cannot parse access token' },
	expired: { code: 190, subcode: 463, message: 'Error validating access token: Session has expired.' },
	revoked: { code: 190, subcode: 458, message: 'Error validating access token: The user removed the app.' },
} as const satisfies Readonly<Record<string, GraphProblem>>;

const usual: Readonly<Record<number, GraphProblem>> = {
	400: { code: 100, message: '(#100) Invalid parameter' },
	401: tokenProblems.expired,
	403: { code: 10, message: '(#10) Application does not have permission for this action' },
	404: { code: 100, message: 'Unsupported request', type: 'GraphMethodException' },
	429: { code: 4, message: '(#4) Application request limit reached' },
};

/** What Meta says for a status; `reason` is `code` or `code/subcode`, such as `9/2207042`. */
export function graphErrorForStatus(status: number, reason?: string): Answer {
	if (reason !== undefined) {
		const [code, subcode] = reason.split('/').map(Number);
		const message = `(#${code}) An error on command`;
		return graphProblem(status, {
			code: code ?? 1,
			message,
			...(subcode === undefined ? {} : { subcode }),
		});
	}
	const unwell = { code: 2, message: 'An unexpected error has occurred. Please retry.', isTransient: true };
	return graphProblem(status, usual[status] ?? unwell);
}
