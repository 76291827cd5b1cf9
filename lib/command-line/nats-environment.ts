import { z } from 'zod';
import type { NatsAuthentication, NatsSettings } from '../queue';
import { readEnvironment, type Environment } from './environment';
import { UsageError } from './terminal';

const schema = z.object({
	NATS_URL: z.string().default('nats://127.0.0.1:4222'),
	NATS_USER: z.string().optional(),
	NATS_PASSWORD: z.string().optional(),
	NATS_TOKEN: z.string().optional(),
	NATS_CREDS: z.string().optional(),
	NATS_NKEY_SEED: z.string().optional(),
	NATS_CA: z.string().optional(),
	NATS_CERT: z.string().optional(),
	NATS_KEY: z.string().optional(),
});

type Values = z.output<typeof schema>;

export const natsHelp = `  NATS_URL                 servers, separated by commas; nats://127.0.0.1:4222
  NATS_USER, NATS_PASSWORD, or NATS_TOKEN, or NATS_CREDS, or NATS_NKEY_SEED: the login
  NATS_CA, NATS_CERT, NATS_KEY  TLS, as PEM texts; with one of them TLS is required`;

export function natsFromEnvironment(env: Environment, name: string): NatsSettings {
	const values = readEnvironment(env, schema);
	const { NATS_CA: ca, NATS_CERT: cert, NATS_KEY: key } = values;
	const isTls = [ca, cert, key].some((value) => value !== undefined);
	return {
		servers: values.NATS_URL.split(/[\s,]+/).filter((server) => server !== ''),
		authentication: authenticationOf(values),
		...(isTls && { tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } }),
		name: `stackkraft ${name}`,
	};
}

function authenticationOf(values: Values): NatsAuthentication {
	const found: NatsAuthentication[] = [];
	const { NATS_USER: user, NATS_PASSWORD: password = '' } = values;
	if (user !== undefined) found.push({ kind: 'userPassword', user, password });
	if (values.NATS_TOKEN !== undefined) found.push({ kind: 'token', token: values.NATS_TOKEN });
	if (values.NATS_CREDS !== undefined) found.push({ kind: 'creds', creds: values.NATS_CREDS });
	if (values.NATS_NKEY_SEED !== undefined) found.push({ kind: 'nkey', seed: values.NATS_NKEY_SEED });
	if (found.length > 1) throw new UsageError('Several logins for NATS are set; one of them must do.');
	return found[0] ?? { kind: 'none' };
}
