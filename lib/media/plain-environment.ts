const passedOn = [
	'PATH',
	'HOME',
	'LANG',
	'LD_LIBRARY_PATH',
	'TMPDIR',
	'SystemRoot',
	'TEMP',
	'TMP',
	'XDG_CACHE_HOME',
];

/** What a program that we start may know. Not n8n's own environment: it holds the encryption key and passwords. */
export function plainEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(
		passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
	);
}
