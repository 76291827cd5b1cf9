// The way on which n8n stores its own refreshed tokens. It is no part of the interface for nodes, so it is looked
// for before anything is refreshed: a token that rotated and could not be stored would end the connection.
import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

const hostSchema = z.object({
	additionalData: z.object({
		credentialsHelper: z.custom<{
			updateCredentialsOauthTokenData(...all: unknown[]): Promise<void>;
		}>(
			(helper) =>
				typeof (helper as { updateCredentialsOauthTokenData?: unknown } | undefined)
					?.updateCredentialsOauthTokenData === 'function',
		),
	}),
});

export type KeepTokens = (tokenData: IDataObject) => Promise<void>;

/** @returns undefined when this n8n lets no node store a token. */
export function tokenKeeper(context: IExecuteFunctions, credentialType: string): KeepTokens | undefined {
	const used = context.getNode().credentials?.[credentialType];
	if (!used || !hostSchema.safeParse(context).success) return undefined;
	// The parsed copy proves the shape; n8n gets its own object.
	const { additionalData } = context as unknown as z.infer<typeof hostSchema>;
	return async (oauthTokenData) =>
		additionalData.credentialsHelper.updateCredentialsOauthTokenData(
			used,
			credentialType,
			{ oauthTokenData } as unknown as ICredentialDataDecryptedObject,
			additionalData,
		);
}
