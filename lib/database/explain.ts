// What PostgreSQL's own errors mean to the person who set it up.

export interface ExplainedError {
	readonly message: string;
	readonly remedy: string;
}

interface Row {
	readonly codes: readonly string[];
	readonly message: string;
	readonly remedy: string;
}

const setUpRemedy = 'Run Post Queue → Set Up Database once with this credential.';

// SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) and Node's codes of broken sockets.
const table: readonly Row[] = [
	{
		codes: ['42P01', '3F000', '42883', '42703'],
		message: 'The StackKraft tables are not in this database, or they are of an older version.',
		remedy: setUpRemedy,
	},
	{
		codes: ['28P01', '28000'],
		message: 'PostgreSQL refuses this user or password.',
		remedy: 'Check User, Password and SSL of its credential or address.',
	},
	{
		codes: ['3D000'],
		message: 'This database does not exist.',
		remedy: 'Create it, or correct Database in its credential or address.',
	},
	{
		codes: ['42501'],
		message: 'This PostgreSQL user may not do that.',
		remedy: 'Grant the user the rights on the schema stackkraft, or let its owner run Set Up Database.',
	},
	{
		codes: ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'],
		message: 'PostgreSQL cannot be reached.',
		remedy: 'Check Host and Port of its credential or address, and whether the server runs. Nothing is lost.',
	},
	{
		codes: ['ECONNRESET', '57P01', '57P02', '57P03', '08006', '08003'],
		message: 'PostgreSQL went away in the middle of it.',
		remedy: 'Run it again: what was not finished was not written.',
	},
	{
		codes: ['57014'],
		message: 'PostgreSQL took too long and was stopped.',
		remedy: 'Look for long transactions or locks in the database, then run it again.',
	},
];

/** @returns null for errors that are not PostgreSQL's, and for those that explain themselves. */
export function explainPostgresError(error: unknown): ExplainedError | null {
	const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
	const row = table.find(({ codes }) => codes.includes(String(code)));
	if (!row) return null;
	// n8n replaces a message that holds a socket's code by a sentence of its own that names no server.
	const isSocket = String(code).startsWith('E');
	const said = typeof message === 'string' && message && !isSocket ? ` (${message})` : '';
	return { message: `${row.message}${said}`, remedy: row.remedy };
}
