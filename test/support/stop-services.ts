import { runningServices } from './running-services';

/** jest's globalTeardown of the integration project. */
export default async function stopServices(): Promise<void> {
	await Promise.all(runningServices.splice(0).map((service) => service.stop()));
}
