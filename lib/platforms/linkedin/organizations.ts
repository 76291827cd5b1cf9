// The pages that the connected member administers (facts 5.1): what Post As can choose from.
import type { AdapterContext } from '../../publishing/adapter';
import { linkedInRead } from './call';
import { linkedInPaths } from './constants';
import { organizationsSchema, organizationUrnPrefix } from './types';

const pageSize = 100;
/** Far more pages than one person administers. */
const maxCalls = 10;

/** @returns their numbers: LinkedIn does not say their names here. */
export async function administeredOrganizations(context: AdapterContext): Promise<readonly string[]> {
	const ids = new Set<string>();
	for (let call = 0; call < maxCalls; call++) {
		const { elements } = await linkedInRead(context, organizationsSchema, {
			path: `${linkedInPaths.administeredPages}&start=${call * pageSize}&count=${pageSize}`,
			doing: 'Listing the pages',
		});
		for (const { organization } of elements) ids.add(organization.replace(organizationUrnPrefix, ''));
		if (elements.length < pageSize) break;
	}
	return [...ids];
}
