// `n8n-nodes-stackkraft dead-letters`: what could not be done, for a person at a terminal.
import { parseArgs } from 'node:util';
import type { NatsConnection } from 'nats';
import type { Pool } from 'pg';
import { z } from 'zod';
import { PostActionError } from '../database/errors';
import { createPool } from '../database/pool';
import { getPost, redrivePost } from '../database/posts';
import {
	connectNats,
	listDeadLetters,
	redriveDeadLetters,
	type LetterAboutPost,
	type LetterSelection,
	type ListedLetter,
	type PostRedrive,
} from '../queue';
import { readEnvironment } from './environment';
import { natsFromEnvironment, natsHelp } from './nats-environment';
import { exitCodes, UsageError, type Terminal } from './terminal';

const help = `Usage: n8n-nodes-stackkraft dead-letters list    [--class <class>] [--limit <n>] [--json]
       n8n-nodes-stackkraft dead-letters show    <sequence>
       n8n-nodes-stackkraft dead-letters redrive <sequence> | --class <class> | --all  [--limit <n>]

A redriven letter goes back to the subject it came from. One about a post sets the post back instead, for which
STACKKRAFT_DATABASE_URL must be set; without it such letters are left where they are. A letter whose post is posted,
cancelled or on its way again is removed. --limit counts what is redriven.

  STACKKRAFT_DATABASE_URL  postgres://user:password@host/database, or STACKKRAFT_DATABASE_URL_FILE
${natsHelp}

Exit codes: 0 done, 1 failed or some letters were left, 2 wrong arguments.`;

const flags = {
	all: { type: 'boolean', default: false },
	class: { type: 'string' },
	help: { type: 'boolean', short: 'h', default: false },
	json: { type: 'boolean', default: false },
	limit: { type: 'string', default: '1000' },
} as const;

interface Request {
	readonly selection: LetterSelection;
	readonly limit: number;
	readonly isJson: boolean;
}

type Action = (connection: NatsConnection, request: Request, terminal: Terminal) => Promise<number>;

const actions: Readonly<Record<string, Action>> = { list, show, redrive };

export async function deadLettersCommand(terminal: Terminal): Promise<number> {
	const { values, positionals } = parse(terminal.args);
	if (values.help || positionals.length === 0) {
		terminal.print(help);
		return values.help ? exitCodes.done : exitCodes.usage;
	}
	const [name = '', ...rest] = positionals;
	const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
	if (!action) throw new UsageError(`There is no "dead-letters ${name}"; --help lists what there is.`);
	const selection = select(rest, values, name === 'list');
	if (name === 'show' && selection.kind !== 'one') throw new UsageError('show needs one sequence.');
	const request = { selection, limit: positive(values.limit, '--limit'), isJson: values.json };
	const settings = natsFromEnvironment(terminal.env, 'dead letters');
	const connection = await connectNats(settings, { signal: terminal.stop });
	try {
		return await action(connection, request, terminal);
	} finally {
		await connection.close();
	}
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options: flags, allowPositionals: true });
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function select(
	sequences: readonly string[],
	{ all, class: errorClass }: { all: boolean; class?: string | undefined },
	isAllMeant: boolean,
): LetterSelection {
	const [sequence] = sequences;
	const chosen: LetterSelection[] = [];
	if (sequence !== undefined) chosen.push({ kind: 'one', sequence: positive(sequence, 'The sequence') });
	if (errorClass !== undefined) chosen.push({ kind: 'class', errorClass });
	if (all || (isAllMeant && chosen.length === 0)) chosen.push({ kind: 'all' });
	const [selection] = chosen;
	if (sequences.length > 1 || chosen.length > 1 || !selection) {
		throw new UsageError('Choose one of: a sequence, --class <class>, --all.');
	}
	return selection;
}

function positive(text: string, what: string): number {
	if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
	throw new UsageError(`${what} is a whole number from 1 on.`);
}

async function list(
	connection: NatsConnection,
	{ selection, limit, isJson }: Request,
	{ print }: Terminal,
): Promise<number> {
	const letters = await listDeadLetters(connection, selection, { limit });
	if (isJson) {
		for (const { sequence, letter } of letters) print(JSON.stringify({ sequence, ...letter }));
		return exitCodes.done;
	}
	for (const letter of letters) print(lineOf(letter));
	print(letters.length === 1 ? '1 dead letter' : `${letters.length} dead letters`);
	return exitCodes.done;
}

const reasonChars = 100;

function lineOf({ sequence, letter }: ListedLetter): string {
	if (!letter) return `${sequence}  not a dead letter that we can read`;
	const { failedAt, errorClass, attempts, subject, reason } = letter;
	const short = reason.replace(/\s+/g, ' ').slice(0, reasonChars);
	return `${sequence}  ${failedAt}  ${errorClass}  ${attempts}×  ${subject}  ${short}`;
}

async function show(
	connection: NatsConnection,
	{ selection, limit }: Request,
	{ print }: Terminal,
): Promise<number> {
	const letters = await listDeadLetters(connection, selection, { limit });
	for (const letter of letters) print(JSON.stringify(letter, null, 2));
	return exitCodes.done;
}

const databaseSchema = z.object({ STACKKRAFT_DATABASE_URL: z.string().optional() });

async function redrive(
	connection: NatsConnection,
	{ selection, limit }: Request,
	{ env, print, complain, stop }: Terminal,
): Promise<number> {
	const { STACKKRAFT_DATABASE_URL: databaseUrl } = readEnvironment(env, databaseSchema);
	const pool = databaseUrl === undefined ? undefined : createPool(databaseUrl, { maxConnections: 1 });
	try {
		const { redriven, skipped, removed } = await redriveDeadLetters(connection, selection, {
			limit,
			signal: stop,
			redrivePost: async (letter) => {
				if (pool) return await setBack(pool, letter);
				return {
					kind: 'stays',
					reason: `It is about the post ${letter.postId}: set STACKKRAFT_DATABASE_URL.`,
				};
			},
		});
		for (const { sequence, letter } of redriven) print(`${sequence}  redriven  ${letter.subject}`);
		for (const { sequence, reason } of removed) print(`${sequence}  removed  ${reason}`);
		for (const { sequence, reason } of skipped) complain(`${sequence}  left  ${reason}`);
		print(`${redriven.length} redriven, ${removed.length} removed, ${skipped.length} left`);
		return skipped.length > 0 ? exitCodes.failed : exitCodes.done;
	} finally {
		await pool?.end();
	}
}

async function setBack(pool: Pool, { postId, failedAt }: LetterAboutPost): Promise<PostRedrive> {
	try {
		await redrivePost(pool, postId);
		return { kind: 'redriven' };
	} catch (error) {
		if (!(error instanceof PostActionError)) throw error;
		const reason = `${error.message} ${error.remedy}`;
		if (error.code !== 'wrong-state') return { kind: 'stays', reason };
		const isObsolete = await wentOn(pool, postId, new Date(failedAt));
		return { kind: isObsolete ? 'obsolete' : 'stays', reason };
	}
}

/**
 * Whether the letter can mean nothing any more. A waiting post with a newer letter is one that the workflow for
 * dead letters has yet to see: without the letter nobody would be told. The two times are of two clocks; where
 * they disagree that is the price, and the post itself is rung again as any other.
 */
async function wentOn(pool: Pool, postId: string, failedAt: Date): Promise<boolean> {
	const { state, stateChangedAt } = await getPost(pool, postId);
	if (state === 'failed') return false;
	return state === 'posted' || state === 'cancelled' || stateChangedAt > failedAt;
}
