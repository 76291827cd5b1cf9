// What a person reads: the count, and of every seed that went wrong the whole story.
import type { SeedResult } from './run-seed';
import type { Finding } from './verdict';

export function describeSeed({ plan, verdicts, points, oddities, rounds, story }: SeedResult): string {
	return [
		`--- seed ${plan.seed}, ${rounds} rounds (replay: npm run bench:faults -- --seed ${plan.seed})`,
		...plan.posts.map(({ kind, words }) => `post: ${kind.name}, “${words}”`),
		...plan.faults.map((fault) => `fault: ${JSON.stringify(fault)}`),
		...points.map((point) => `struck: ${point}`),
		...oddities.map((oddity) => `odd: ${oddity}`),
		...story.map((line) => `  ${line}`),
		...verdicts.map(({ postId, finding, why }) => `verdict: ${postId} ${finding} ${why}`),
	].join('\n');
}

/** A person's task needs a reason that lies in the fault; any other one is a post that we gave up on. */
function isExplained(why: string, { plan }: SeedResult): boolean {
	const [errorClass, code] = why.split(' ');
	// Without a token nobody can look for a lost answer either.
	if (errorClass === 'auth' || code === 'invalid_grant')
		return plan.faults.some(({ kind }) => kind.startsWith('token-'));
	return errorClass === 'unknown' && code === 'hidden';
}

export class Totals {
	failed = 0;
	seeds = 0;
	private posts = 0;
	private points = 0;
	private odd = 0;
	private unexplained = 0;
	private readonly findings = new Map<Finding, number>();
	private readonly persons = new Map<string, number>();

	add(result: SeedResult): void {
		this.seeds += 1;
		this.posts += result.verdicts.length;
		this.points += result.points.length;
		this.odd += result.oddities.length;
		for (const { finding, why } of result.verdicts) {
			this.findings.set(finding, this.of(finding) + 1);
			if (finding !== 'person') continue;
			this.persons.set(why, (this.persons.get(why) ?? 0) + 1);
			if (!isExplained(why, result)) this.unexplained += 1;
		}
		if (this.isWrong(result)) this.failed += 1;
	}

	isWrong(result: SeedResult): boolean {
		return (
			result.oddities.length > 0 ||
			result.verdicts.some(
				({ finding, why }) => finding !== 'posted' && (finding !== 'person' || !isExplained(why, result)),
			)
		);
	}

	describe(seconds: number): string {
		const persons = [...this.persons].map(([why, count]) => `${count} × ${why}`).join(', ');
		return [
			`seeds ${this.seeds} in ${seconds.toFixed(0)} s (${(seconds / this.seeds).toFixed(2)} s each), odd ${this.odd}`,
			`a person's task: ${this.of('person')}${persons ? ` (${persons})` : ''}, unexplained ${this.unexplained}`,
			`faults: ${this.points} points, ${this.posts} posts, ${this.of('lost')} lost, ${this.of('duplicated')} duplicated, ${this.of('stuck')} stuck`,
		].join('\n');
	}

	private of(finding: Finding): number {
		return this.findings.get(finding) ?? 0;
	}
}
