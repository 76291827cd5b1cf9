import type { IDataObject } from 'n8n-workflow';

import { fileSource } from '../../../../lib/http';
import { adapterFor } from '../../../../lib/platforms/registry';
import type { Platform } from '../../../../lib/publishing/platform';
import type { Logger } from '../../../../lib/publishing/ports';
import { readMediaFacts } from '../../../shared/publisher/media-facts';
import { fileTypeOf, mimeTypeOf } from '../../../shared/publisher/mime-type';

export interface CheckedFile {
	readonly path: string;
	/** Its ending says what it is; a copy of binary data has none. */
	readonly name: string;
	/** What an earlier node said of binary data; it counts when the post is made, too. */
	readonly mimeType?: string | undefined;
}

/** What each network would say of the file; of texts nothing is known here. */
export async function checkFile(
	file: CheckedFile,
	platforms: readonly Platform[],
	surroundings: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<IDataObject[]> {
	const mimeType = await fileTypeOf(file.path, file.mimeType || mimeTypeOf(file.name));
	const source = await fileSource(file.path, { mimeType });
	const media = { source, filePath: file.path, close: async () => undefined };
	const facts = await readMediaFacts(media, surroundings);
	return platforms.map((platform) => {
		const found = adapterFor(platform).validate({ text: '' }, [{ facts }]);
		const violations = found.filter(({ rule }) => rule.startsWith('media')).map((each) => ({ ...each }));
		return { platform, isValid: violations.length === 0, violations, media: { ...facts } };
	});
}
