// Networks that fetch media themselves need an address. Without one a person has to choose where files become public.
import type { DraftMedia } from '../publishing/adapter';
import { PublishError } from '../publishing/errors';
import type { Platform } from '../publishing/platform';

/** @throws PublishError of class `validation`, before anything is sent, when nothing could give an address. */
export async function publicUrlOf(
	{ publicUrl }: DraftMedia,
	{ platform, displayName }: { platform: Platform; displayName: string },
): Promise<string> {
	if (publicUrl) return await publicUrl();
	throw new PublishError(
		'validation',
		`${displayName} fetches media from a public address, and none is set up.`,
		{
			platform,
			code: 'media.public-url',
			remedy:
				'Give the media as a URL, choose an S3 credential, or fill in Public Base URL and Media Folder in the credential or under Public Media in the node: the folder that a web server of yours gives to the internet, and its address.',
		},
	);
}
