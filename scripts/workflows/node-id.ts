import { createHash } from 'node:crypto';

// The namespace of this product's workflow nodes. Changing it changes every node id in every instance
// and with them the links from old executions to the canvas: it stays.
const namespaceHex = '6f0d4c7a9a0b5b1e8f6c2d1e3a4b5c6d';

/** RFC 4122 version 5: the same workflow and node name give the same id on every machine. */
export function nodeId(workflowSlug: string, nodeName: string): string {
	const hash = createHash('sha1')
		.update(Buffer.from(namespaceHex, 'hex'))
		.update(`${workflowSlug}/${nodeName}`, 'utf8')
		.digest();
	const bytes = Buffer.from(hash.subarray(0, 16));
	bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
	bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
	const hex = bytes.toString('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
