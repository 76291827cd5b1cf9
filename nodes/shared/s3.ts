// The S3 credential: where media becomes public for networks that fetch it themselves.
import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	INodeCredentialDescription,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { systemClock, UndiciClient } from '../../lib/http';
import { readS3Settings, s3Storage, StorageError, type S3Storage } from '../../lib/storage';

const s3Credential = 'stackKraftS3Api';
/** A matter of choice: a folder that a web server gives out does the same. */
export const storageCredential: INodeCredentialDescription = {
	name: s3Credential,
	required: false,
	displayOptions: { show: { operation: ['publish'] } },
	testedBy: 'testS3Credential',
};

const testDeadlineMs = 20_000;

/** One for the process, as for the networks. */
let sharedClient: UndiciClient | undefined;

function storageOf(data: unknown): S3Storage {
	sharedClient ??= new UndiciClient();
	return s3Storage(readS3Settings(data), { http: sharedClient, clock: systemClock });
}

/** @returns undefined when no S3 credential is chosen. */
export async function chosenStorage(
	context: Pick<IExecuteFunctions, 'getNode' | 'getCredentials'>,
	itemIndex: number,
): Promise<S3Storage | undefined> {
	if (!hasStorage(context)) return undefined;
	return storageOf(await context.getCredentials(s3Credential, itemIndex));
}

export function hasStorage(context: Pick<IExecuteFunctions, 'getNode'>): boolean {
	return context.getNode().credentials?.[s3Credential] !== undefined;
}

/** For `methods.credentialTest`. */
export async function testS3Credential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		await storageOf(credential.data ?? {}).check(AbortSignal.timeout(testDeadlineMs));
		return { status: 'OK', message: 'A file was written, read at a signed address and removed.' };
	} catch (error) {
		if (error instanceof StorageError)
			return { status: 'Error', message: `${error.message} ${error.remedy}` };
		return { status: 'Error', message: `The S3 storage did not answer within ${testDeadlineMs / 1000} s.` };
	}
}
