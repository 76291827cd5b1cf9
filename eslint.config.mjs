// What a machine can hold of the house style, and n8n's own rules for community nodes.
// Import directions are a test (test/unit/architecture), because each arrow there carries its reason.
import n8nCommunityNodes from '@n8n/eslint-plugin-community-nodes';
import tseslint from 'typescript-eslint';

/**
 * Every rule of n8n that we do not follow, and why. Nothing else may be switched off, here or inline.
 * This package is for self-hosted n8n: verified (cloud) packages may have no runtime dependency at all.
 */
const n8nExceptions = {
	// PostgreSQL, NATS, undici streams and zod cannot be written anew in a node: docs/adr/0002.
	'@n8n/community-nodes/no-runtime-dependencies': 'off',
	// Concerns this repository's own development tree only (a slimmed speech model); npm ignores the
	// field in a package that is installed as a dependency, so users never see it.
	'@n8n/community-nodes/no-overrides-field': 'off',
	// It judges by a list of field names that lacks an NKey seed, a creds file and a client key: all secrets.
	'@n8n/community-nodes/credential-unnecessary-password': 'off',
};

/** Typed rules that have each prevented a lost post somewhere: an unawaited write is a write that may not happen. */
const promiseRules = {
	'@typescript-eslint/no-floating-promises': 'error',
	'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
	'@typescript-eslint/await-thenable': 'error',
	'@typescript-eslint/only-throw-error': 'error',
	'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

const houseRules = {
	'@typescript-eslint/no-explicit-any': 'error',
	'@typescript-eslint/no-non-null-assertion': 'error',
	'@typescript-eslint/consistent-type-imports': [
		'error',
		// `import('x')` as a type is how a package that may be absent is described.
		{ fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
	],
	'@typescript-eslint/ban-ts-comment': 'error',
	'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
	// Every `??` and `?.` counts as a branch here, so this is less strict than it looks.
	complexity: ['error', 16],
	eqeqeq: ['error', 'always', { null: 'ignore' }],
	'max-depth': ['error', 3],
	'max-lines': ['error', { max: 400 }],
	'max-params': ['error', 4],
	'no-eval': 'error',
	'no-implied-eval': 'error',
	'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
	'prefer-const': 'error',
};

export default tseslint.config(
	{ ignores: ['dist/**', '.stackkraft/**', 'coverage/**', 'node_modules/**'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommended],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: { ...houseRules, ...promiseRules },
	},
	{
		files: ['lib/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts', 'sandbox/**/*.ts', 'scripts/**/*.ts'],
		rules: { 'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }] },
	},
	{
		// In a test a wrong `!` is a red test, which is what it is there for.
		files: ['test/**/*.ts'],
		rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
	},
	{
		// A node has a logger, a library has the caller's; a line on n8n's console reaches nobody.
		files: ['lib/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts'],
		rules: { 'no-console': 'error' },
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [n8nCommunityNodes.configs.recommendedWithoutN8nCloudSupport],
		rules: n8nExceptions,
	},
	{
		files: ['package.json'],
		extends: [n8nCommunityNodes.configs.recommendedWithoutN8nCloudSupport],
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
		rules: n8nExceptions,
	},
	{
		files: ['**/*.mjs', '**/*.js'],
		languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
		rules: { eqeqeq: 'error', 'max-lines': ['error', { max: 400 }], 'prefer-const': 'error' },
	},
);
