import { runningServices } from './running-services';

/** jest's globalTeardown: whichever project's comes first stops the services of all, since no test runs any more. */
export default async function stopServices(): Promise<void> {
	await Promise.all(runningServices.splice(0).map(async (service) => await service.stop()));
}
