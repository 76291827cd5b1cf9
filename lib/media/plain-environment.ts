import { devNull } from 'node:os';

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
	const passed = passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
	// Static builds of FFmpeg crash on the machine's tables of old letters, which they load for the name of a TV channel:
	// on most MPEG-TS files (@ffprobe-installer 2.1.2, glibc 2.36). Where there are none they do without that name.
	return { ...Object.fromEntries(passed), GCONV_PATH: devNull };
}
