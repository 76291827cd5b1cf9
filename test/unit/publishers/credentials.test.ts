// The expressions of the credentials, evaluated as n8n evaluates them.
import type { ICredentialType } from 'n8n-workflow';
import { StackKraftFacebookOAuth2Api } from '../../../credentials/StackKraftFacebookOAuth2Api.credentials';
import { StackKraftInstagramOAuth2Api } from '../../../credentials/StackKraftInstagramOAuth2Api.credentials';
import { StackKraftLinkedInOAuth2Api } from '../../../credentials/StackKraftLinkedInOAuth2Api.credentials';
import { StackKraftThreadsOAuth2Api } from '../../../credentials/StackKraftThreadsOAuth2Api.credentials';
import { StackKraftTikTokOAuth2Api } from '../../../credentials/StackKraftTikTokOAuth2Api.credentials';
import { StackKraftXOAuth2Api } from '../../../credentials/StackKraftXOAuth2Api.credentials';
import { StackKraftYouTubeOAuth2Api } from '../../../credentials/StackKraftYouTubeOAuth2Api.credentials';

function field(credential: ICredentialType, name: string): string {
	return String(credential.properties.find((property) => property.name === name)?.default);
}

/** `={{ … }}` with `$self` or `$credentials` standing for the fields that the user filled in. */
function evaluate(expression: string, filledIn: { apiBaseUrl: string }): unknown {
	const code = /^=\{\{(.*)\}\}$/.exec(expression)?.[1];
	if (code === undefined) return expression;
	return (new Function('$self', '$credentials', `return (${code})`) as (...args: unknown[]) => unknown)(
		filledIn,
		filledIn,
	);
}

const cases = [
	{
		credential: new StackKraftYouTubeOAuth2Api(),
		authUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
		accessTokenUrl: 'https://oauth2.googleapis.com/token',
		testUrl: 'https://www.googleapis.com/youtube/v3/channels',
		paths: ['/o/oauth2/v2/auth', '/token', '/youtube/v3/channels'],
	},
	{
		credential: new StackKraftXOAuth2Api(),
		authUrl: 'https://x.com/i/oauth2/authorize',
		accessTokenUrl: 'https://api.x.com/2/oauth2/token',
		testUrl: 'https://api.x.com/2/users/me',
		paths: ['/i/oauth2/authorize', '/2/oauth2/token', '/2/users/me'],
	},
	{
		credential: new StackKraftLinkedInOAuth2Api(),
		authUrl: 'https://www.linkedin.com/oauth/v2/authorization',
		accessTokenUrl: 'https://www.linkedin.com/oauth/v2/accessToken',
		testUrl: 'https://api.linkedin.com/v2/userinfo',
		paths: ['/oauth/v2/authorization', '/oauth/v2/accessToken', '/v2/userinfo'],
	},
];

describe.each(cases)(
	'the credential $credential.name',
	({ credential, authUrl, accessTokenUrl, testUrl, paths }) => {
		const addresses = (apiBaseUrl: string): unknown[] => {
			const { baseURL, url } = credential.test!.request;
			return [
				evaluate(field(credential, 'authUrl'), { apiBaseUrl }),
				evaluate(field(credential, 'accessTokenUrl'), { apiBaseUrl }),
				`${String(evaluate(baseURL!, { apiBaseUrl }))}${url}`,
			];
		};

		it('goes to the real hosts when no base URL is filled in', () => {
			expect(addresses('')).toEqual([authUrl, accessTokenUrl, testUrl]);
		});

		it.each(['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'])(
			'goes to %s when it is filled in',
			(apiBaseUrl) => {
				expect(addresses(apiBaseUrl)).toEqual(paths.map((path) => `http://127.0.0.1:8080${path}`));
			},
		);

		it('joins its scopes so that n8n sends them with spaces', () => {
			expect(field(credential, 'scope')).not.toContain(',');
			expect(field(credential, 'scope').split(' ').length).toBeGreaterThan(2);
		});

		it('has a name that no credential of n8n has', () => {
			expect(credential.name).toMatch(/^stackKraft/);
		});
	},
);

describe('the scopes of LinkedIn', () => {
	const scopesWith = (switches: object): unknown => {
		const expression = field(new StackKraftLinkedInOAuth2Api(), 'scope');
		return evaluate(expression, { apiBaseUrl: '', ...switches });
	};

	it('asks LinkedIn for nothing that an app has to be granted, unless a switch says so', () => {
		expect(scopesWith({})).toBe('openid profile w_member_social');
		expect(scopesWith({ memberAnalytics: true })).toBe(
			'openid profile w_member_social r_member_postAnalytics',
		);
		expect(scopesWith({ organizationAccess: true, memberAnalytics: true })).toBe(
			'openid profile w_member_social w_organization_social r_organization_social rw_organization_admin r_member_postAnalytics',
		);
	});
});

describe('the credential of TikTok', () => {
	const credential = new StackKraftTikTokOAuth2Api();
	const filledIn = { apiBaseUrl: '', clientId: 'a key&more', clientSecret: 'a "secret"' };
	const value = (name: string): string => String(evaluate(field(credential, name), filledIn));

	it('goes to the real hosts, and under the base URL when one is filled in', () => {
		expect([value('authUrl'), value('accessTokenUrl')]).toEqual([
			'https://www.tiktok.com/v2/auth/authorize/',
			'https://open.tiktokapis.com/v2/oauth/token/',
		]);
		const local = { ...filledIn, apiBaseUrl: 'http://127.0.0.1:8080/' };
		expect(evaluate(field(credential, 'authUrl'), local)).toBe('http://127.0.0.1:8080/v2/auth/authorize/');
		const { baseURL, url } = credential.test.request;
		expect(`${String(evaluate(baseURL!, local))}${url}`).toBe('http://127.0.0.1:8080/v2/user/info/');
	});

	it('gives TikTok its client_key beside the client_id of n8n', () => {
		expect(new URLSearchParams(value('authQueryParameters')).get('client_key')).toBe('a key&more');
		expect(JSON.parse(value('additionalBodyProperties'))).toEqual({
			client_key: 'a key&more',
			client_secret: 'a "secret"',
		});
	});

	it('exchanges the code in the one way in which n8n adds these fields, and joins scopes with commas', () => {
		expect([value('grantType'), value('authentication')]).toEqual(['authorizationCode', 'header']);
		expect(value('scope').split(',')).toEqual(expect.arrayContaining(['video.publish', 'video.list']));
	});
});

const ofMeta = [
	{
		credential: new StackKraftFacebookOAuth2Api(),
		hosts: ['https://www.facebook.com', 'https://graph.facebook.com', 'https://graph.facebook.com'],
		paths: ['/v26.0/dialog/oauth', '/v26.0/oauth/access_token', '/v26.0/me/accounts'],
		scopes: [
			'pages_show_list',
			'pages_read_engagement',
			'pages_manage_posts',
			'pages_read_user_content',
			'read_insights',
		],
	},
	{
		credential: new StackKraftInstagramOAuth2Api(),
		hosts: ['https://www.instagram.com', 'https://api.instagram.com', 'https://graph.instagram.com'],
		paths: ['/oauth/authorize', '/oauth/access_token', '/v26.0/me'],
		scopes: [
			'instagram_business_basic',
			'instagram_business_content_publish',
			'instagram_business_manage_insights',
		],
	},
	{
		credential: new StackKraftThreadsOAuth2Api(),
		hosts: ['https://threads.net', 'https://graph.threads.net', 'https://graph.threads.net'],
		paths: ['/oauth/authorize', '/oauth/access_token', '/v1.0/me'],
		scopes: ['threads_basic', 'threads_content_publish', 'threads_manage_insights'],
	},
];

describe.each(ofMeta)('the credential $credential.name', ({ credential, hosts, paths, scopes }) => {
	it('goes to the real hosts, or where the base URL says', () => {
		const addresses = (apiBaseUrl: string): unknown[] => [
			evaluate(field(credential, 'authUrl'), { apiBaseUrl }),
			evaluate(field(credential, 'accessTokenUrl'), { apiBaseUrl }),
			`${String(evaluate(credential.test.request.baseURL ?? '', { apiBaseUrl }))}${credential.test.request.url}`,
		];
		expect(addresses('')).toEqual(paths.map((path, index) => `${hosts[index]}${path}`));
		expect(addresses('http://127.0.0.1:1/')).toEqual(paths.map((path) => `http://127.0.0.1:1${path}`));
	});

	it('asks for publishing and for numbers, in the one way in which n8n joins with commas', () => {
		expect(field(credential, 'scope').split(',')).toEqual(expect.arrayContaining(scopes));
		expect(field(credential, 'scope')).not.toContain(' ');
		expect([field(credential, 'grantType'), field(credential, 'authentication')]).toEqual([
			'authorizationCode',
			'body',
		]);
	});
});
