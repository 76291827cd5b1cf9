import { makeFirstStack } from './first-stack';
import { runningServices } from './running-services';

/** jest's globalSetup of the workflow project: what every n8n of its files begins with. */
export default async function startFirstStack(): Promise<void> {
	const folder = await makeFirstStack();
	runningServices.push({ stop: () => folder.remove() });
}
