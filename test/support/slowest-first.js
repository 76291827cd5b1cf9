// A fresh checkout has no timings of an earlier run, and jest would begin with the largest file: a small one that
// takes minutes then runs last and alone. These begin, in this order; the rest is in jest's own.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes more than about twenty seconds. */
const slowest = [
	'workflow/editor',
	'workflow/trigger-queue-mode',
	'workflow/outages',
	'workflow/kill-n8n',
	'workflow/trigger-regular',
	'integration/clips/extract-talk',
	'integration/clips/extract-edges',
	'integration/clips/picture',
	'workflow/main-job',
	'workflow/agent-tool',
	'workflow/credentials',
	'integration/clips/node',
	'integration/publishers/upload-memory',
	'workflow/workflows',
	'workflow/import',
	'workflow/bridge',
	'contract/platforms/crash-matrix',
	'integration/bridge/command',
	'integration/clips/ground-truth',
].map((name) => join(__dirname, '..', `${name}.test.ts`));

const gone = slowest.filter((path) => !existsSync(path));
if (gone.length > 0) throw new Error(`named in ${__filename} and not there: ${gone.join(', ')}`);

const placeOf = ({ path }) => (slowest.includes(path) ? slowest.indexOf(path) : slowest.length);

module.exports = class SlowestFirst extends Sequencer {
	sort(tests) {
		return super.sort(tests).sort((one, other) => placeOf(one) - placeOf(other));
	}
};
