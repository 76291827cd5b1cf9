import type { Answer, Exchange } from '../core/answer';
import type { User, X } from './model';
import { enter } from './oauth';
import { checkQuery, readList } from './parse';

export const USER_FIELDS = [
	'created_at',
	'description',
	'id',
	'name',
	'profile_image_url',
	'protected',
	'public_metrics',
	'url',
	'username',
	'verified',
	'verified_type',
];

export function userData(user: User, asked: readonly string[]): Record<string, unknown> {
	const optional: Readonly<Record<string, unknown>> = {
		description: '',
		protected: false,
		verified: user.isPremium,
		verified_type: user.isPremium ? 'blue' : 'none',
		public_metrics: { followers_count: 1000, following_count: 10, tweet_count: 0, listed_count: 0 },
	};
	const chosen = Object.fromEntries(
		asked.flatMap((field) => (field in optional ? [[field, optional[field]]] : [])),
	);
	return { id: user.accountId, name: user.account, username: user.account, ...chosen };
}

export function usersMe(x: X, exchange: Exchange): Answer {
	const user = enter(x, exchange, 'usersMe', ['tweet.read', 'users.read']);
	checkQuery(exchange.url, ['user.fields', 'expansions', 'tweet.fields']);
	return { status: 200, body: { data: userData(user, readList(exchange.url, 'user.fields', USER_FIELDS)) } };
}
