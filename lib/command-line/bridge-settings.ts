import { z } from 'zod';
import type { BridgeSettings } from '../bridge';
import { consumeDefaults, consumeSettings } from '../queue';
import { readEnvironment, wholeNumber, yesOrNo, type Environment } from './environment';
import { natsFromEnvironment, natsHelp } from './nats-environment';

const schema = z.object({
	BRIDGE_WEBHOOK_URL: z.string('the Production URL of the Webhook node').refine(isWebAddress, {
		error: 'an address that begins with http:// or https://, without a login in it',
	}),
	BRIDGE_SECRET: z.string('the secret that signs each request').min(32, 'at least 32 characters'),
	BRIDGE_AUTHORIZATION: z
		.string()
		.regex(/^[\x20-\x7e]+$/, 'visible ASCII in one line')
		.optional(),
	BRIDGE_STREAM: z.string().default('CONTENT_EXTRACT'),
	BRIDGE_SUBJECT: z.string().default(''),
	BRIDGE_DURABLE: z.string().default('bridge'),
	BRIDGE_CONCURRENCY: wholeNumber(1, 200, consumeDefaults.concurrency),
	BRIDGE_ACK_WAIT_SEC: wholeNumber(5, 3_600, consumeDefaults.ackWaitSec),
	BRIDGE_MAX_ATTEMPTS: wholeNumber(1, 100, consumeDefaults.maxAttempts),
	BRIDGE_FIRST_DELAY_SEC: wholeNumber(1, 3_600, consumeDefaults.firstDelaySec),
	BRIDGE_DEADLINE_SEC: wholeNumber(1, 604_800, 3_600),
	BRIDGE_SHUTDOWN_SEC: wholeNumber(0, 604_800, 30),
	BRIDGE_FORMAT: z.enum(['json', 'text'], 'json or text').default('json'),
	BRIDGE_CHECK_MESSAGES: yesOrNo(true),
	BRIDGE_CREATE_STREAM: yesOrNo(true),
	BRIDGE_HEALTH_PORT: wholeNumber(0, 65_535, 0),
});

export const bridgeHelp = `Usage: n8n-nodes-stackkraft bridge

Sends each message of a NATS stream to an n8n Webhook and takes it off the stream when the workflow has finished.
The Webhook node must answer "When Last Node Finishes". docs/bridge.md shows how to check the signature.

Each variable can be a file instead: BRIDGE_SECRET_FILE=/run/secrets/bridge

  BRIDGE_WEBHOOK_URL       Production URL of the Webhook node (POST)
  BRIDGE_SECRET            signs each request (HMAC SHA-256); at least 32 characters
  BRIDGE_AUTHORIZATION     Authorization header, when the Webhook node wants one
  BRIDGE_STREAM            CONTENT_EXTRACT, CONTENT_PUBLISH, CONTENT_DEAD or any other; CONTENT_EXTRACT
  BRIDGE_SUBJECT           only these subjects, e.g. content.publish.youtube.>; all
  BRIDGE_DURABLE           name under which NATS remembers what was done; bridge
  BRIDGE_CONCURRENCY       messages at the same time; ${consumeDefaults.concurrency}
  BRIDGE_ACK_WAIT_SEC      after a crash a message comes back so much later; ${consumeDefaults.ackWaitSec}
  BRIDGE_MAX_ATTEMPTS      failed runs until a message is a dead letter; ${consumeDefaults.maxAttempts}
  BRIDGE_FIRST_DELAY_SEC   before the second attempt; it doubles; ${consumeDefaults.firstDelaySec}
  BRIDGE_DEADLINE_SEC      longest run of a workflow; 3600
  BRIDGE_SHUTDOWN_SEC      how long running workflows may finish after SIGTERM; 30
  BRIDGE_FORMAT            json or text; json
  BRIDGE_CHECK_MESSAGES    whether messages of the content streams must fit their schema; true
  BRIDGE_CREATE_STREAM     whether a missing stream is created; true
  BRIDGE_HEALTH_PORT       GET http://127.0.0.1:<port>/health; 0 is none
${natsHelp}

Exit codes: 0 stopped as asked, 1 failed, 2 wrong settings, 78 the webhook answers before the work is done
(tell your supervisor not to restart then: systemd's RestartPreventExitStatus=78).`;

export interface BridgeCommandSettings extends BridgeSettings {
	readonly shutdownMs: number;
}

export function bridgeSettings(env: Environment): BridgeCommandSettings {
	const values = readEnvironment(env, schema);
	return {
		nats: natsFromEnvironment(env, `bridge ${values.BRIDGE_DURABLE}`),
		consume: consumeSettings({
			streamName: values.BRIDGE_STREAM,
			filterSubject: values.BRIDGE_SUBJECT,
			durable: values.BRIDGE_DURABLE,
			concurrency: values.BRIDGE_CONCURRENCY,
			ackWaitSec: values.BRIDGE_ACK_WAIT_SEC,
			maxAttempts: values.BRIDGE_MAX_ATTEMPTS,
			firstDelaySec: values.BRIDGE_FIRST_DELAY_SEC,
			format: values.BRIDGE_FORMAT,
			checkMessages: values.BRIDGE_CHECK_MESSAGES,
			createStream: values.BRIDGE_CREATE_STREAM,
		}),
		webhook: {
			url: values.BRIDGE_WEBHOOK_URL,
			secret: values.BRIDGE_SECRET,
			authorization: values.BRIDGE_AUTHORIZATION,
			deadlineMs: values.BRIDGE_DEADLINE_SEC * 1_000,
		},
		shutdownMs: values.BRIDGE_SHUTDOWN_SEC * 1_000,
		...(values.BRIDGE_HEALTH_PORT > 0 && { healthPort: values.BRIDGE_HEALTH_PORT }),
	};
}

function isWebAddress(value: string): boolean {
	if (!URL.canParse(value)) return false;
	const { protocol, username, password } = new URL(value);
	return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
