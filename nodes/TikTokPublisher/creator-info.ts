// What TikTok lets the connected creator do: as an operation, and as the list of privacies in the editor.
import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { readCreator } from '../../lib/platforms/tiktok/creator';
import { hasAccount, optionList, type OptionList } from '../shared/publisher/load-options';
import type { ExtraOperation, PublisherWiring } from '../shared/publisher/wiring';

export const getCreatorInfo: ExtraOperation = {
	option: {
		name: 'Get Creator Info',
		value: 'getCreatorInfo',
		description: 'Get what the connected creator may post: privacies, comments, duets, longest video',
		action: 'Get what the creator may post',
	},
	properties: [],
	/** Without the picture of the creator: its address is signed. */
	async run({ surroundings }): Promise<IDataObject> {
		const creator = await readCreator(surroundings);
		return {
			username: creator.creator_username,
			nickname: creator.creator_nickname ?? null,
			privacyLevels: [...creator.privacy_level_options],
			commentDisabled: creator.comment_disabled,
			duetDisabled: creator.duet_disabled,
			stitchDisabled: creator.stitch_disabled,
			maxVideoSec: creator.max_video_post_duration_sec ?? null,
		};
	},
};

const privacies: readonly INodePropertyOptions[] = [
	{ name: 'Everyone', value: 'PUBLIC_TO_EVERYONE', description: 'Not for private accounts' },
	{ name: 'Followers', value: 'FOLLOWER_OF_CREATOR', description: 'For private accounts' },
	{ name: 'Friends', value: 'MUTUAL_FOLLOW_FRIENDS', description: 'Followers that are followed back' },
	{ name: 'Only Me', value: 'SELF_ONLY', description: 'All that an app without audit may use' },
];

export function tiktokLists(wiring: PublisherWiring): { loadOptions: Record<string, OptionList> } {
	const ofCreator = optionList(wiring, async (surroundings) => {
		const { privacy_level_options: allowed } = await readCreator(surroundings);
		return allowed.map((value) => privacies.find((known) => known.value === value) ?? { name: value, value });
	});
	return {
		loadOptions: {
			async getPrivacyLevels(this: ILoadOptionsFunctions) {
				// Without an account these are all that there are.
				return hasAccount(this, wiring) ? await ofCreator.call(this) : [...privacies];
			},
		},
	};
}
