import type { Answer, Exchange } from '../core/answer';
import { noSuchObject } from './errors';
import type { Profile, Threads } from './model';
import { enter } from './oauth';
import { pickFields } from './parse';

/** A token acts for its own profile alone. */
export function ownProfile(profile: Profile, user: string): Profile {
	if (user === 'me' || user === profile.accountId) return profile;
	throw noSuchObject(user);
}

export function getProfile(threads: Threads, exchange: Exchange): Answer {
	const profile = enter(threads, exchange, 'threads_basic');
	const all = {
		id: profile.accountId,
		username: profile.account,
		name: profile.account,
		threads_profile_picture_url: undefined,
		threads_biography: '',
	};
	return { status: 200, body: pickFields(exchange.url, all) };
}
