// Three projects, because they cost three different things: `unit` needs nothing (unit, property and
// contract tests against in-process sandboxes), `integration` needs PostgreSQL, NATS and FFmpeg, and
// `workflow` needs a whole n8n. Names and order of the folders are those of docs/testing.md.
const shared = {
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }],
	},
	// dist holds a second copy of every module; without this jest warns about each of them.
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.stackkraft'],
};

module.exports = {
	randomize: true,
	// Bounds what hangs. A test takes seconds; a machine that is slow, busy or paused for a moment must not fail it.
	testTimeout: 120_000,
	testSequencer: '<rootDir>/test/support/slowest-first.js',
	projects: [
		{
			...shared,
			displayName: 'unit',
			testMatch: ['<rootDir>/test/{unit,property,contract}/**/*.test.ts'],
		},
		{
			...shared,
			displayName: 'integration',
			testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
			globalSetup: '<rootDir>/test/support/start-services.ts',
			globalTeardown: '<rootDir>/test/support/stop-services.ts',
		},
		{
			...shared,
			displayName: 'workflow',
			testMatch: ['<rootDir>/test/workflow/**/*.test.ts'],
			globalSetup: '<rootDir>/test/support/start-first-stack.ts',
			globalTeardown: '<rootDir>/test/support/stop-services.ts',
		},
	],
};
