const OLDEST = [20, 19];

/** A sentence for who has a Node that is too old, or undefined. */
export function refuseOldNode(version) {
	const [major, minor] = version.split('.').map(Number);
	if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
	return `this needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}; get a newer one from https://nodejs.org`;
}
