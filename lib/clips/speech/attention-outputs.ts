// The published speech model keeps what its decoder listened to for each token to itself, and that is what word
// times are made of. This adds those tensors to the model's outputs, in the bytes of its ONNX file (Protocol Buffers).

// Field numbers of onnx.proto (ModelProto, GraphProto, NodeProto, AttributeProto, ValueInfoProto).
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_OUTPUT = 12;
const NODE_OUTPUT = 2;
const NODE_TYPE = 4;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_GRAPH = 6;
const NAME = 1;
const VALUE_TYPE = 2;
const TENSOR_TYPE = 1;
const ELEMENT_TYPE = 1;
const FLOAT = 1;

const BYTES = 2;

interface Field {
	readonly number: number;
	readonly whole: Buffer;
	/** What is inside, when it is a text or a message. */
	readonly content: Buffer | undefined;
}

/**
 * The same model with the tensor `inner[i]` of both branches of its one If node given out as `names[i]`.
 * Throws when the file is built otherwise, which means that it is another model.
 */
export function withInnerOutputs(model: Buffer, inner: readonly string[], names: readonly string[]): Buffer {
	let branches = 0;
	const outputs = names.map((name) => message(GRAPH_OUTPUT, floatTensor(name)));
	const branchOutputs = inner.map((name) => message(GRAPH_OUTPUT, floatTensor(name)));
	const branch = (graph: Buffer): Buffer => {
		branches++;
		return Buffer.concat([graph, ...branchOutputs]);
	};
	const node = (content: Buffer): Buffer => {
		if (textIn(content, NODE_TYPE) !== 'If') return content;
		const widened = changed(content, NODE_ATTRIBUTE, (attribute) =>
			changed(attribute, ATTRIBUTE_GRAPH, branch),
		);
		return Buffer.concat([widened, ...names.map((name) => message(NODE_OUTPUT, Buffer.from(name)))]);
	};
	const result = changed(model, MODEL_GRAPH, (graph) =>
		Buffer.concat([changed(graph, GRAPH_NODE, node), ...outputs]),
	);
	if (branches !== 2) throw new Error('the speech model is not built as expected: it is another version');
	return result;
}

function changed(content: Buffer, number: number, change: (content: Buffer) => Buffer): Buffer {
	const parts = fieldsOf(content).map((field) => {
		if (field.number !== number || !field.content) return field.whole;
		const inside = change(field.content);
		return inside === field.content ? field.whole : message(number, inside);
	});
	return Buffer.concat(parts);
}

const textIn = (content: Buffer, number: number): string | undefined =>
	fieldsOf(content)
		.find((field) => field.number === number)
		?.content?.toString('utf8');

function fieldsOf(content: Buffer): Field[] {
	const fields: Field[] = [];
	let at = 0;
	while (at < content.length) {
		const key = readNumber(content, at);
		const { contentAt, end } = extentOf(content, key.value & 7, key.end);
		if (end > content.length) throw new Error('the file of the speech model is damaged');
		fields.push({
			number: key.value >>> 3,
			whole: content.subarray(at, end),
			content: contentAt === undefined ? undefined : content.subarray(contentAt, end),
		});
		at = end;
	}
	return fields;
}

function extentOf(content: Buffer, wireType: number, at: number): { contentAt?: number; end: number } {
	if (wireType === 0) return { end: readNumber(content, at).end };
	if (wireType === 1) return { end: at + 8 };
	if (wireType === 5) return { end: at + 4 };
	if (wireType !== BYTES) throw new Error('the file of the speech model is damaged');
	const length = readNumber(content, at);
	return { contentAt: length.end, end: length.end + length.value };
}

// Numbers above 2^53 (none of them is a length or a key) lose digits here, and their bytes are copied as they are.
function readNumber(content: Buffer, at: number): { value: number; end: number } {
	let value = 0;
	for (let index = 0; index < 10; index++) {
		const byte = content[at + index];
		if (byte === undefined) break;
		value += (byte & 0x7f) * 2 ** (7 * index);
		if (byte < 0x80) return { value, end: at + index + 1 };
	}
	throw new Error('the file of the speech model is damaged');
}

function writeNumber(value: number): number[] {
	const bytes: number[] = [];
	for (let rest = value; ; rest = Math.floor(rest / 128)) {
		if (rest < 128) return [...bytes, rest];
		bytes.push((rest % 128) | 0x80);
	}
}

const message = (number: number, content: Buffer): Buffer =>
	Buffer.concat([Buffer.from([...writeNumber(number * 8 + BYTES), ...writeNumber(content.length)]), content]);

function floatTensor(name: string): Buffer {
	const element = Buffer.from([ELEMENT_TYPE << 3, FLOAT]);
	return Buffer.concat([
		message(NAME, Buffer.from(name)),
		message(VALUE_TYPE, message(TENSOR_TYPE, element)),
	]);
}
