// What NATS reports, in sentences for the person who has to repair it. The cause is kept out of sight: it can
// hold the connection's options, and those hold secrets.
import { ErrorCode, NatsError } from 'nats';

export type QueueErrorCode =
	/** Nobody answers at the address. */
	| 'unreachable'
	/** The server answers and says no. */
	| 'refused'
	/** A server without JetStream, or no stream that takes the subject. */
	| 'no-stream'
	| 'too-large'
	| 'timeout'
	/** Two set-ups contradict each other. */
	| 'conflict'
	/** The caller's own mistake: a subject with a space in it, a letter that cannot be redriven. */
	| 'invalid'
	| 'stopped'
	| 'unexpected';

export class QueueError extends Error {
	readonly code: QueueErrorCode;
	readonly remedy: string;

	constructor(code: QueueErrorCode, message: string, remedy: string, cause?: unknown) {
		super(message);
		this.name = 'QueueError';
		this.code = code;
		this.remedy = remedy;
		Object.defineProperty(this, 'cause', { value: cause, enumerable: false });
	}
}

type Explanation = readonly [QueueErrorCode, string, string];

const startIt = 'Check the address and the port in the credential, and that nats-server is running.';
const checkLogin = 'Check the authentication chosen in the credential and its values.';
const setUpStreams =
	'Run the operation "Set Up Streams" once, and check that nats-server runs with JetStream (-js).';

const explanations: Readonly<Record<string, Explanation>> = {
	[ErrorCode.ConnectionRefused]: ['unreachable', 'No NATS server answers.', startIt],
	[ErrorCode.ConnectionTimeout]: ['unreachable', 'The NATS server did not answer in time.', startIt],
	[ErrorCode.ConnectionClosed]: ['unreachable', 'The connection to NATS is closed.', startIt],
	[ErrorCode.Disconnect]: ['unreachable', 'The connection to NATS broke.', startIt],
	[ErrorCode.AuthorizationViolation]: ['refused', 'The NATS server refused the login.', checkLogin],
	[ErrorCode.AuthenticationExpired]: ['refused', 'The login for NATS has expired.', checkLogin],
	[ErrorCode.BadAuthentication]: ['refused', 'The login for NATS is not readable.', checkLogin],
	[ErrorCode.BadCreds]: ['refused', 'The credentials file for NATS is not readable.', checkLogin],
	[ErrorCode.ServerOptionNotAvailable]: [
		'refused',
		'The NATS server does not offer TLS.',
		'Switch TLS off in the credential, or on in the server.',
	],
	[ErrorCode.PermissionsViolation]: [
		'refused',
		'This NATS user may not use this subject.',
		'Give the user rights for content.> and $JS.API.>, or use another user.',
	],
	// One code for "JetStream is off" and "no stream has this subject": the server cannot tell them apart.
	[ErrorCode.NoResponders]: ['no-stream', 'No stream takes this subject.', setUpStreams],
	[ErrorCode.JetStream404NoMessages]: ['no-stream', 'There is no such stream or message.', setUpStreams],
	[ErrorCode.MaxPayloadExceeded]: [
		'too-large',
		'The message is larger than the NATS server accepts.',
		'Send a reference (a path, a URL, an id) instead of the content.',
	],
	[ErrorCode.Timeout]: [
		'timeout',
		'NATS did not confirm in time.',
		'Nothing is lost: the same message id can be sent again.',
	],
};

// The server's own numbers, from its errors.json; their texts change between versions, the numbers do not.
const apiExplanations: Readonly<Record<number, Explanation>> = {
	10054: explanations[ErrorCode.MaxPayloadExceeded] as Explanation,
	10059: ['no-stream', 'The stream does not exist.', setUpStreams],
	10065: [
		'conflict',
		'Another stream already takes these subjects.',
		'Remove the overlap between the two streams, or choose other subjects.',
	],
	10077: [
		'conflict',
		'The stream is full.',
		'Work off or purge its messages, or give it more room. Nothing that was accepted is lost.',
	],
	10099: [
		'conflict',
		'Another consumer already takes these messages.',
		'In a work queue each message goes to one consumer. Use the same durable name, or filters that do not overlap.',
	],
	10100: [
		'conflict',
		'Another consumer already takes some of these messages.',
		'In a work queue each message goes to one consumer. Use the same durable name, or filters that do not overlap.',
	],
};

/** `doing` begins the sentence, e.g. `Publishing to content.extract.talk failed`. */
export function toQueueError(error: unknown, doing: string): QueueError {
	if (error instanceof QueueError) return error;
	const found = explain(error);
	if (found) return new QueueError(found[0], `${doing}: ${found[1]}`, found[2], error);
	const message = error instanceof Error ? error.message : String(error);
	return new QueueError('unexpected', `${doing}: ${message}`, 'See the log of the NATS server.', error);
}

function explain(error: unknown): Explanation | undefined {
	if (isCertificateTrouble(error)) {
		const remedy = 'Paste the authority that signed it into "CA Certificate" of the credential, with TLS on.';
		return ['refused', 'The certificate of the NATS server is not trusted.', remedy];
	}
	if (!(error instanceof NatsError)) return undefined;
	const number = error.api_error?.err_code;
	const byNumber = number === undefined ? undefined : apiExplanations[number];
	return byNumber ?? explanations[error.code];
}

/** OpenSSL's verification results, as Node names them; the client passes them on as they are. */
function isCertificateTrouble(error: unknown): boolean {
	const { code } = (error ?? {}) as { readonly code?: unknown };
	return typeof code === 'string' && /CERT|UNABLE_TO_(GET|VERIFY)/.test(code);
}

export function apiErrorNumber(error: unknown): number | undefined {
	return error instanceof NatsError ? error.api_error?.err_code : undefined;
}
