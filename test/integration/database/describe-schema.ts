import type { Pool } from 'pg';

// What the schema is, asked of PostgreSQL itself: independent of the tool that made it and of its version's dump.
const queries = {
	columns: `
		select table_name || '.' || column_name || ' ' || udt_name
			|| case when is_nullable = 'NO' then ' not null' else '' end
			|| coalesce(' default ' || column_default, '')
			|| case when is_identity = 'YES' then ' identity' else '' end as line
		from information_schema.columns where table_schema = 'stackkraft'
		order by table_name, ordinal_position`,
	constraints: `
		select c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) as line
		from pg_constraint c join pg_namespace n on n.oid = c.connamespace
		where n.nspname = 'stackkraft' and c.contype <> 'n' order by 1`,
	indexes: `select indexdef as line from pg_indexes where schemaname = 'stackkraft' order by 1`,
	triggers: `
		select pg_get_triggerdef(t.oid) as line from pg_trigger t
		join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'stackkraft' and not t.tgisinternal order by 1`,
	functions: `
		select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') ' || md5(p.prosrc) as line
		from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname = 'stackkraft' order by 1`,
	migrations: `select name as line from stackkraft.migrations order by id`,
} as const;

export async function describeSchema(pool: Pool): Promise<string> {
	const parts: string[] = [];
	for (const [title, query] of Object.entries(queries)) {
		const { rows } = await pool.query<{ line: string }>(query);
		parts.push(`# ${title}`, ...rows.map(({ line }) => line.replace(/\s+/g, ' ')), '');
	}
	return parts.join('\n');
}
