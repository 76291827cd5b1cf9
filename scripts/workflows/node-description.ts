// What the validator needs to know of a node, ours or built in.
import { z } from 'zod';
import type { INodeProperties } from 'n8n-workflow';

const credentialUseSchema = z.looseObject({ name: z.string(), required: z.boolean().optional() });

const propertySchema = z.custom<INodeProperties>(
	(value) => z.looseObject({ name: z.string(), type: z.string() }).safeParse(value).success,
	'a node property needs a name and a type',
);

export const nodeDescriptionSchema = z.looseObject({
	/** As workflows write it: package and node. */
	type: z.string(),
	displayName: z.string(),
	versions: z.array(z.number()).min(1),
	group: z.array(z.string()),
	inputs: z.union([z.array(z.unknown()), z.string()]),
	outputs: z.union([z.array(z.unknown()), z.string()]),
	credentials: z.array(credentialUseSchema).optional(),
	properties: z.array(propertySchema),
});

export type NodeDescription = z.infer<typeof nodeDescriptionSchema>;

export const ourPackage = 'n8n-nodes-stackkraft';

export function isOurs(type: string): boolean {
	return type.startsWith(`${ourPackage}.`);
}

export function isTrigger(description: NodeDescription): boolean {
	return description.group.includes('trigger');
}

/** Looks a node up by type and version; both must be known. */
export class NodeCatalog {
	private readonly byType = new Map<string, NodeDescription[]>();

	constructor(descriptions: readonly NodeDescription[]) {
		for (const description of descriptions) {
			this.byType.set(description.type, [...(this.byType.get(description.type) ?? []), description]);
		}
	}

	has(type: string): boolean {
		return this.byType.has(type);
	}

	find(type: string, typeVersion: number): NodeDescription | undefined {
		return this.byType.get(type)?.find((description) => description.versions.includes(typeVersion));
	}

	versionsOf(type: string): number[] {
		return (this.byType.get(type) ?? []).flatMap((description) => description.versions);
	}

	types(): string[] {
		return [...this.byType.keys()];
	}
}
