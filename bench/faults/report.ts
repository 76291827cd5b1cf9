// What a person reads: the count, and of every seed that went wrong the whole story.
import { postKinds, type PostKind } from './kinds';
import type { Fault, Plan } from './plan';
import type { SeedResult } from './run-seed';
import type { Finding, Verdict } from './verdict';

export function describeSeed({ plan, verdicts, points, oddities, rounds, story }: SeedResult): string {
	return [
		`--- seed ${plan.seed}, ${rounds} rounds (replay: npm run bench:faults -- --seed ${plan.seed}${plan.only && ` --only '${plan.only}'`})`,
		...plan.posts.map(({ kind, words }) => `post: ${kind.name}, “${words}”`),
		...plan.faults.map((fault) => `fault: ${JSON.stringify(fault)}`),
		...points.map((point) => `struck: ${point}`),
		...oddities.map((oddity) => `odd: ${oddity}`),
		...story.map((line) => `  ${line}`),
		...verdicts.map(({ postId, finding, why }) => `verdict: ${postId} ${finding} ${why}`),
	].join('\n');
}

/** What can take the answer to the irreversible call away, or keep it from being written down. */
const losesAnswers: ReadonlySet<Fault['kind']> = new Set([
	'kill',
	'suspend',
	'postgres-killed',
	'cut',
	'answer-lost',
	'answer-late',
	'burst',
]);

/**
 * A person's task needs a reason that lies in the fault; any other one is a post that we gave up on. That nobody can
 * look is what the engine says (`hidden`), of whatever network.
 */
export function isExplained({ why }: Pick<Verdict, 'why'>, { faults }: Plan, kind?: PostKind): boolean {
	const [errorClass, code] = why.split(' ');
	// Without a token nobody can look for a lost answer either.
	if (errorClass === 'auth' || code === 'invalid_grant') {
		return faults.some((fault) => fault.kind.startsWith('token-'));
	}
	const isOpen = code === 'hidden' || kind?.isNeverRuledOut === true;
	return errorClass === 'unknown' && isOpen && faults.some((fault) => losesAnswers.has(fault.kind));
}

function unexplainedOf({ verdicts, plan }: SeedResult): readonly Verdict[] {
	return verdicts.filter(
		(verdict, index) => verdict.finding === 'person' && !isExplained(verdict, plan, plan.posts[index]?.kind),
	);
}

export class Totals {
	failed = 0;
	seeds = 0;
	private posts = 0;
	private points = 0;
	private odd = 0;
	private unexplained = 0;
	private readonly kinds = new Set<string>();
	private readonly findings = new Map<Finding, number>();
	private readonly persons = new Map<string, number>();

	add(result: SeedResult): void {
		this.seeds += 1;
		this.posts += result.verdicts.length;
		this.points += result.points.length;
		this.odd += result.oddities.length;
		for (const { kind } of result.plan.posts) this.kinds.add(kind.name);
		for (const { finding, why } of result.verdicts) {
			this.findings.set(finding, this.of(finding) + 1);
			if (finding === 'person') this.persons.set(why, (this.persons.get(why) ?? 0) + 1);
		}
		this.unexplained += unexplainedOf(result).length;
		if (this.isWrong(result)) this.failed += 1;
	}

	isWrong(result: SeedResult): boolean {
		const { verdicts, oddities } = result;
		return (
			oddities.length > 0 ||
			verdicts.some(({ finding }) => finding !== 'posted' && finding !== 'person') ||
			unexplainedOf(result).length > 0
		);
	}

	describe(seconds: number): string {
		const persons = [...this.persons].map(([why, count]) => `${count} × ${why}`).join(', ');
		return [
			`seeds ${this.seeds} in ${seconds.toFixed(0)} s (${(seconds / this.seeds).toFixed(2)} s each), odd ${this.odd}, kinds ${this.kinds.size} of ${postKinds.length}`,
			`a person's task: ${this.of('person')}${persons ? ` (${persons})` : ''}, unexplained ${this.unexplained}`,
			`faults: ${this.points} points, ${this.posts} posts, ${this.of('lost')} lost, ${this.of('duplicated')} duplicated, ${this.of('stuck')} stuck`,
		].join('\n');
	}

	private of(finding: Finding): number {
		return this.findings.get(finding) ?? 0;
	}
}
