// Every medium gets a container; a carousel gets one more around them. Each is saved before the next one is made, and
// one that does not work out is simply made again: all of it is invisible.
import type { AdapterContext, Draft, SaveHandle } from '../../publishing/adapter';
import { addressed, DownloadFailedError, makeContainer, waitUntilFinished } from './container';
import { carouselForm, carouselItemForm, postForm } from './container-form';
import type { ThreadsHandle } from './types';

/** How many containers one run makes when Threads cannot fetch the media; later runs make further ones. */
const maxContainersPerRun = 2;

interface UploadWork {
	readonly draft: Draft;
	readonly handle: ThreadsHandle;
	readonly save: SaveHandle;
}

/** Goes on from whatever the handle says is there already. */
export async function finishUpload(context: AdapterContext, work: UploadWork): Promise<ThreadsHandle> {
	const { draft, save } = work;
	const isCarousel = draft.media.length > 1;
	let { handle } = work;
	if (isCarousel && handle.containerId === null) handle = await finishItems(context, work);
	await finishContainer(context, {
		containerId: handle.containerId,
		make: async () => {
			const form = isCarousel ? carouselForm(draft.content, handle.children) : await loneForm(draft);
			return await makeContainer(context, handle.userId, form);
		},
		keep: async (containerId) => {
			handle = { ...handle, containerId };
			await save(handle);
		},
	});
	return handle;
}

async function loneForm({ content, media: [first] }: Draft): Promise<Readonly<Record<string, string>>> {
	return postForm(content, first ? await addressed(first) : null);
}

/** All are made before the first is waited for: Threads fetches them side by side. */
async function finishItems(
	context: AdapterContext,
	{ draft, save, ...work }: UploadWork,
): Promise<ThreadsHandle> {
	let { handle } = work;
	const items = draft.media.map((media, index) => ({
		make: async () => await makeContainer(context, handle.userId, carouselItemForm(await addressed(media))),
		keep: async (containerId: string) => {
			const { children } = handle;
			handle = {
				...handle,
				children: [...children.slice(0, index), containerId, ...children.slice(index + 1)],
			};
			await save(handle);
		},
		known: () => handle.children[index] ?? null,
	}));
	for (const { make, keep, known } of items) if (known() === null) await keep(await make());
	for (const { known, ...item } of items) {
		await finishContainer(context, { ...item, containerId: known() });
	}
	return handle;
}

interface ContainerWork {
	/** Null when it is not made yet. */
	readonly containerId: string | null;
	make(): Promise<string>;
	keep(containerId: string): Promise<void>;
}

async function finishContainer(
	context: AdapterContext,
	{ containerId: known, make, keep }: ContainerWork,
): Promise<void> {
	let containerId = known;
	for (let made = 1; ; made++) {
		if (containerId === null) {
			containerId = await make();
			await keep(containerId);
			context.log.info('Threads works on the post', { containerId });
		}
		try {
			return await waitUntilFinished(context, containerId);
		} catch (error) {
			// The container stays broken for good; a later run sees that at once and makes a new one.
			if (!(error instanceof DownloadFailedError) || made >= maxContainersPerRun) throw error;
			containerId = null;
		}
	}
}
