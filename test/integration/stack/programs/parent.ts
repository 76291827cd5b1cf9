// A stack in small: two children under a supervisor, until somebody kills it.
import { join } from 'node:path';

import { guardFolder } from '../../../../scripts/stack/processes/guardian';
import { ProcessBook } from '../../../../scripts/stack/processes/process-book';
import { Supervisor } from '../../../../scripts/stack/processes/supervisor';

const [folder = '', temporary = ''] = process.argv.slice(2);

async function main(): Promise<void> {
	const supervisor = new Supervisor(new ProcessBook(join(folder, 'processes.json')));
	guardFolder(temporary);
	const stay = {
		command: process.execPath,
		args: ['-e', 'setInterval(() => {}, 1000)'],
		env: {},
		cwd: folder,
	};
	for (const name of ['first', 'second']) {
		await supervisor.spawn({ ...stay, name, logPath: join(folder, `${name}.log`) });
	}
	console.log('ready');
	setInterval(() => undefined, 1_000);
}

void main();
