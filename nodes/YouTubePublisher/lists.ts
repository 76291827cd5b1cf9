// The lists that the editor shows: categories of a region, playlists of the connected channel.
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { z } from 'zod';
import { readCategories, readPlaylists, type Choice } from '../../lib/platforms/youtube/lists';
import { optionList, type OptionList } from '../shared/publisher/load-options';
import type { PublisherWiring } from '../shared/publisher/wiring';

/** Somebody may be typing, or may have written an expression that only an execution can resolve. */
const regionSchema = z
	.object({
		categoryRegion: z
			.string()
			.trim()
			.toUpperCase()
			.regex(/^[A-Z]{2}$/),
	})
	.catch({ categoryRegion: 'US' });

export function youtubeLists(wiring: PublisherWiring): { loadOptions: Record<string, OptionList> } {
	return {
		loadOptions: {
			async getCategories(this: ILoadOptionsFunctions) {
				const { categoryRegion } = regionSchema.parse(this.getCurrentNodeParameter('additionalFields'));
				return await optionList(wiring, async (surroundings) =>
					asOptions(await readCategories(surroundings, categoryRegion)),
				).call(this);
			},
			getPlaylists: optionList(wiring, async (surroundings) => asOptions(await readPlaylists(surroundings))),
		},
	};
}

function asOptions(choices: readonly Choice[]): INodePropertyOptions[] {
	return choices.map(({ id, title }) => ({ name: title, value: id }));
}
