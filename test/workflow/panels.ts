// What a person must find in the editor, by the labels that they read: written from the guides, not taken from the
// descriptions, so that a field which disappears or is renamed is noticed.
export interface Panel {
	/** Short type of the node. */
	readonly node: string;
	/** The panel as these parameters make it; the entry with most of them wins. */
	readonly when: Readonly<Record<string, string>>;
	readonly labels: readonly string[];
	/** Names of the credentials that must be selected. */
	readonly credentials: readonly string[];
}

const [postgres, nats] = ['StackKraft PostgreSQL', 'StackKraft NATS'];
const onPost = (operation: string) => ({ resource: 'post', operation });
const onQueue = (operation: string) => ({ resource: 'queue', operation });

function publisherPanels(
	node: string,
	network: string,
	content: readonly string[],
	onlyPublishing: readonly string[] = [],
): Panel[] {
	const account = `StackKraft ${network}`;
	const media = ['Media', 'File Path', 'Additional Fields'];
	const publish = onPost('publish');
	return [
		{
			node,
			when: publish,
			labels: ['Exactly Once', ...content, ...media, ...onlyPublishing],
			credentials: [account],
		},
		{
			node,
			when: { ...publish, exactlyOnce: 'idempotencyKey' },
			labels: ['Exactly Once', 'Idempotency Key', 'Account ID', ...content, ...media, ...onlyPublishing],
			credentials: [account, postgres],
		},
		{
			node,
			when: { ...publish, exactlyOnce: 'claimedPost' },
			labels: ['Exactly Once', 'Post ID', 'Claim Epoch', ...onlyPublishing],
			credentials: [account, postgres],
		},
		{ node, when: onPost('validate'), labels: [...content, ...media], credentials: [] },
		{ node, when: onPost('getStatus'), labels: [`${network} Post ID`], credentials: [account, postgres] },
		{
			node,
			when: onPost('getMetrics'),
			labels: [`${network} Post IDs`, 'Post IDs'],
			credentials: [account, postgres],
		},
	];
}

function mediaPanels(): Panel[] {
	const labelsOf: ReadonlyArray<readonly [operation: string, labels: readonly string[]]> = [
		['probe', []],
		['validate', ['Platforms']],
		['render', ['Storage', 'Platforms', 'Shape']],
		['thumbnail', ['Storage', 'Frame']],
		['concatenate', ['Storage']],
	];
	return labelsOf.map(([operation, labels]) => ({
		node: 'media',
		when: { resource: 'file', operation },
		labels: ['File From', 'File Path', ...labels, ...(operation === 'validate' ? [] : ['Options'])],
		credentials: [],
	}));
}

function postQueuePanels(): Panel[] {
	const node = 'postQueue';
	const labelsOf: ReadonlyArray<readonly [Panel['when'], readonly string[]]> = [
		[{ resource: 'clip', operation: 'add' }, ['Request ID', 'Clip', 'Targets', 'Accounts', 'Options']],
		[
			{ resource: 'clip', operation: 'add', targetsMode: 'json' },
			['Request ID', 'Clip', 'Targets', 'Targets (JSON)', 'Options'],
		],
		[onPost('cancel'), ['Post ID', 'Reason']],
		[onPost('claim'), ['Post ID', 'Lease (Seconds)']],
		[
			onPost('create'),
			[
				'Idempotency Key',
				'Network',
				'Account ID',
				'Content',
				'Text',
				'Media',
				'Scheduled At',
				'Additional Fields',
			],
		],
		[
			{ ...onPost('create'), contentMode: 'json' },
			['Idempotency Key', 'Content', 'Content (JSON)', 'Media (JSON)', 'Scheduled At'],
		],
		[onPost('defer'), ['Post ID', 'Claim Epoch', 'Until', 'Reason']],
		[onPost('get'), ['Post ID']],
		[onPost('getMany'), ['Limit', 'Filters']],
		[onPost('getStory'), ['Post ID']],
		[onPost('redrive'), ['Which Posts', 'Post ID']],
		[{ ...onPost('redrive'), redriveMode: 'class' }, ['Which Posts', 'Error Class', 'Limit']],
		[onPost('reschedule'), ['Post ID', 'Scheduled At']],
		[onQueue('raiseAlert'), ['Severity', 'Title', 'Message', 'Options']],
		[onQueue('recordDeadLetter'), ['Dead Letter']],
		[onQueue('setUp'), ['Operation']],
	];
	return [
		...labelsOf.map(([when, labels]) => ({ node, when, labels, credentials: [postgres] })),
		{ node, when: onQueue('dispatchDue'), labels: ['Options'], credentials: [postgres, nats] },
	];
}

function natsPanels(): Panel[] {
	const node = 'natsJetStream';
	const credentials = [nats];
	return [
		{
			node,
			when: { resource: 'consumer', operation: 'getInfo' },
			labels: ['Stream Name', 'Durable Name'],
			credentials,
		},
		{
			node,
			when: { resource: 'deadLetter', operation: 'move' },
			labels: ['Received Message', 'Error Class', 'Reason'],
			credentials,
		},
		{
			node,
			when: { resource: 'deadLetter', operation: 'redrive' },
			labels: ['Which', 'Stream Sequence'],
			credentials,
		},
		{
			node,
			when: { resource: 'message', operation: 'publish' },
			labels: ['Subject', 'Payload', 'Message ID', 'Headers'],
			credentials,
		},
		{ node, when: { resource: 'stream', operation: 'setUp' }, labels: ['Replicas'], credentials },
		{
			node: 'natsJetStreamTrigger',
			when: {},
			labels: ['Stream', 'Subject Filter', 'Durable Name', 'Max Concurrent Executions', 'Options'],
			credentials,
		},
	];
}

function postgresPanels(node: string, labelsOf: Readonly<Record<string, readonly string[]>>): Panel[] {
	return Object.entries(labelsOf).map(([operation, labels]) => ({
		node,
		when: { operation },
		labels,
		credentials: [postgres],
	}));
}

export const panels: readonly Panel[] = [
	{
		node: 'clipExtractor',
		when: { resource: 'clip', operation: 'extract' },
		labels: ['Video From', 'File Path', 'Number of Clips', 'Transcription', 'Storage', 'Options'],
		credentials: [],
	},
	{
		node: 'clipExtractor',
		when: { resource: 'clip', operation: 'transcribe' },
		labels: ['Video From', 'File Path', 'Transcription', 'Options'],
		credentials: [],
	},
	{
		node: 'clipExtractor',
		when: { resource: 'clip', operation: 'findHighlights' },
		labels: ['Transcript From', 'Number of Clips', 'Options'],
		credentials: [],
	},
	{
		node: 'clipExtractor',
		when: { resource: 'clip', operation: 'render' },
		labels: ['Video From', 'Highlight', 'Storage', 'Options'],
		credentials: [],
	},
	...mediaPanels(),
	{ node: 'duePostsTrigger', when: {}, labels: ['Options'], credentials: [postgres] },
	...publisherPanels('youTubePublisher', 'YouTube', ['Title', 'Description', 'Privacy']),
	...publisherPanels(
		'tikTokPublisher',
		'TikTok',
		['Delivery', 'Caption', 'Privacy Name or ID'],
		['Public Media'],
	),
	{
		node: 'tikTokPublisher',
		when: onPost('getCreatorInfo'),
		labels: ['Operation'],
		credentials: ['StackKraft TikTok', postgres],
	},
	...publisherPanels('instagramPublisher', 'Instagram', ['Placement', 'Caption'], ['Public Media']),
	...publisherPanels('xPublisher', 'X', ['Text']),
	...publisherPanels('linkedInPublisher', 'LinkedIn', ['Post As', 'Text', 'Alt Text']),
	...publisherPanels('facebookPublisher', 'Facebook', ['Page Name or ID', 'Placement', 'Text']),
	...publisherPanels('threadsPublisher', 'Threads', ['Text'], ['Public Media']),
	...postQueuePanels(),
	...natsPanels(),
	...postgresPanels('rateLimit', {
		getStatus: ['Network', 'Account ID', 'Options'],
		learn: ['Network', 'Account ID', 'Headers', 'Status Code', 'Options'],
		release: ['Reservation ID'],
		reserve: ['Network', 'Account ID', 'Options'],
	}),
	...postgresPanels('socialAnalytics', {
		getDuePosts: ['Networks'],
		getMany: ['Limit', 'Post ID'],
		saveMetrics: ['Find Post By', 'Network', 'ID at the Network', 'Metrics', 'Raw Answer'],
	}),
	{
		node: 'socialAnalytics',
		when: { operation: 'saveMetrics', findBy: 'postId' },
		labels: ['Find Post By', 'Post ID', 'Metrics', 'Raw Answer'],
		credentials: [postgres],
	},
];

export function panelOf(node: string, parameters: Readonly<Record<string, unknown>>): Panel {
	const [best] = panels
		.filter((panel) => panel.node === node)
		.filter(({ when }) => Object.entries(when).every(([name, value]) => parameters[name] === value))
		.sort((a, b) => Object.keys(b.when).length - Object.keys(a.when).length);
	if (!best) throw new Error(`what should ${node} show with ${JSON.stringify(parameters)}?`);
	return best;
}

export interface CredentialDialog {
	readonly name: string;
	readonly labels: readonly string[];
	/** What n8n says of it in green; undefined for services that the demo has not, which lead nowhere here. */
	readonly verdict?: string;
	/** With which it is made for the test when the demo has none. */
	readonly data?: Readonly<Record<string, unknown>>;
}

const oAuthLabels = ['OAuth Redirect URL', 'Client ID', 'Client Secret', 'API Base URL'];

/** One of each of our credential types. */
export const credentialDialogs = {
	stackKraftYouTubeOAuth2Api: {
		name: 'StackKraft YouTube',
		labels: oAuthLabels,
		verdict: 'Account connected',
	},
	stackKraftTikTokOAuth2Api: {
		name: 'StackKraft TikTok',
		labels: oAuthLabels,
		verdict: 'Account connected',
	},
	stackKraftInstagramOAuth2Api: {
		name: 'StackKraft Instagram',
		labels: oAuthLabels,
		verdict: 'Account connected',
	},
	stackKraftXOAuth2Api: { name: 'StackKraft X', labels: oAuthLabels, verdict: 'Account connected' },
	stackKraftLinkedInOAuth2Api: {
		name: 'StackKraft LinkedIn',
		labels: [...oAuthLabels, 'API Version', 'Organization Access', 'Member Analytics'],
		verdict: 'Account connected',
	},
	stackKraftFacebookOAuth2Api: {
		name: 'StackKraft Facebook',
		labels: oAuthLabels,
		verdict: 'Account connected',
	},
	stackKraftThreadsOAuth2Api: {
		name: 'StackKraft Threads',
		labels: [...oAuthLabels, 'Public Base URL', 'Media Folder'],
		verdict: 'Account connected',
	},
	stackKraftPostgresApi: {
		name: postgres,
		labels: ['Host', 'Port', 'Database', 'User', 'Password', 'SSL'],
		verdict: 'Connection tested successfully',
	},
	stackKraftNatsApi: {
		name: nats,
		labels: ['Servers', 'Authentication', 'TLS'],
		verdict: 'Connection tested successfully',
	},
	transcriptionServiceApi: {
		name: 'Transcription of the Test',
		labels: ['Base URL', 'API Key', 'Model'],
		data: { baseUrl: 'http://127.0.0.1:9/no-such-service', apiKey: '', model: 'whisper-1' },
	},
	stackKraftS3Api: {
		name: 'Bucket of the Test',
		labels: ['Endpoint', 'Region', 'Bucket', 'Access Key ID', 'Secret Access Key', 'Key Prefix'],
		data: { endpoint: 'http://127.0.0.1:9', region: 'auto', bucket: 'clips', forcePathStyle: true },
	},
} as const satisfies Readonly<Record<string, CredentialDialog>>;
