// A picture that stands for the video until it plays. For the network's adapter it is one more medium, and in a claimed
// post it is one more medium too; in the node it has fields of its own, so that nobody has to know that.
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

/** For the collection “Additional Fields” of a network that takes one. */
export function thumbnailFields(rules: string): INodeProperties[] {
	return [
		{
			displayName: 'Thumbnail Binary Property',
			name: 'thumbnailBinaryProperty',
			type: 'string',
			default: '',
			placeholder: 'e.g. thumbnail',
			description: `Name of the input binary field that holds the thumbnail. ${rules}`,
		},
		{
			displayName: 'Thumbnail Path or URL',
			name: 'thumbnailRef',
			type: 'string',
			default: '',
			placeholder: 'e.g. /home/node/.n8n-files/thumbnail.jpg',
			description: `Absolute path or web address of the thumbnail. ${rules}`,
		},
	];
}

const fieldsSchema = z.looseObject({
	thumbnailBinaryProperty: z.string().trim().default(''),
	thumbnailRef: z.string().trim().default(''),
});

export interface NamedMedia {
	/** A value of the field “Media”, or `reference`: a path or a web address, whichever it is. */
	readonly source: string;
	readonly name: string;
}

/** Empty where the network has no such fields. Both filled in are two pictures, which its rules name. */
export function thumbnailMedia(context: IExecuteFunctions, itemIndex: number): readonly NamedMedia[] {
	const fields = fieldsSchema.parse(context.getNodeParameter('additionalFields', itemIndex, {}));
	const named = [
		{ source: 'binary', name: fields.thumbnailBinaryProperty },
		{ source: 'reference', name: fields.thumbnailRef },
	];
	return named.filter(({ name }) => name !== '');
}
