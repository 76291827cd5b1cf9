// Settings from the environment. Each variable can be given as a file instead (NAME_FILE), which is how secrets
// come into a container; a secret on a command line would be seen by everyone on the machine.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsageError } from './terminal';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of `schema`, checked together: one run names everything that is wrong. */
export function readEnvironment<Shape extends z.ZodRawShape>(
	env: Environment,
	schema: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>> {
	const names = Object.keys(schema.shape);
	const values = Object.fromEntries(
		names.flatMap((name) => {
			const value = valueOf(env, name);
			return value === undefined ? [] : [[name, value] as const];
		}),
	);
	const parsed = schema.safeParse(values);
	if (parsed.success) return parsed.data;
	// Only the name and the rule: the value can be a secret.
	const wrong = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
	throw new UsageError(`The environment is not complete:\n${wrong.join('\n')}`);
}

function valueOf(env: Environment, name: string): string | undefined {
	const value = env[name]?.trim() || undefined;
	const file = env[`${name}_FILE`]?.trim() || undefined;
	if (file === undefined) return value;
	if (value !== undefined) throw new UsageError(`Set ${name} or ${name}_FILE, not both.`);
	try {
		return readFileSync(file, 'utf8').trim() || undefined;
	} catch {
		throw new UsageError(`${name}_FILE names a file that cannot be read.`);
	}
}

export function wholeNumber(min: number, max: number, unset: number) {
	const rule = `a whole number from ${min} to ${max}`;
	return z
		.string()
		.regex(/^\d{1,9}$/, rule)
		.transform(Number)
		.pipe(z.number().min(min, rule).max(max, rule))
		.default(unset);
}

export function yesOrNo(unset: boolean) {
	return z
		.enum(['true', 'false'], 'true or false')
		.transform((value) => value === 'true')
		.default(unset);
}
