/** What a model file says of itself before anything runs it. */
export interface OnnxSummary {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Every operator of the graph and of the graphs within it. */
  readonly operators: ReadonlySet<string>;
  /** Of the operators; empty for those of ONNX itself. */
  readonly domains: ReadonlySet<string>;
  /** Whether a tensor says that its values stand in another file. */
  readonly hasExternalData: boolean;
  /** Whether it brings operators or steps of training of its own. */
  readonly hasFunctions: boolean;
}

/** The bytes are no ONNX model. */
export class NotOnnx extends Error {}

const MAX_FIELDS = 5_000_000;
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

interface Field {
  readonly number: number;
  /** Of a varint, its lower 32 bits, which are all that the fields below have; 0 for other kinds. */
  readonly value: number;
  /** Of a length-delimited field; empty for other kinds. */
  readonly bytes: Uint8Array;
}

/** Reads fields of protocol buffers one after the other; every step takes at least one byte. */
class Fields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): Field | undefined {
    if (this.#at >= this.#bytes.length) return undefined;
    const key = this.#key();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case VARINT:
        return { number, value: this.#varint() % 2 ** 32, bytes: new Uint8Array(0) };
      case FIXED64:
        return { number, value: 0, bytes: this.#take(8) };
      case LENGTH:
        return { number, value: 0, bytes: this.#take(this.#varint()) };
      case FIXED32:
        return { number, value: 0, bytes: this.#take(4) };
      default:
        throw new NotOnnx('a field of no known kind');
    }
  }

  /** Readers cut a key to 32 bits, so that a longer one, or one with needless bytes, is another field to them than to us. */
  #key(): number {
    const from = this.#at;
    const key = this.#varint();
    const needed = Math.max(1, Math.ceil(Math.log2(key + 1) / 7));
    if (key >= 2 ** 32 || key < 8 || this.#at - from !== needed) throw new NotOnnx('a key that is not in its shortest form');
    return key;
  }

  /** Exact below 2^53; above, its lower bits are lost, and no length is that long. Those of ten bytes are negative and end in ones. */
  #varint(): number {
    let [low, high] = [0, 0];
    for (let index = 0; index < 10; index += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new NotOnnx('ends within a number');
      this.#at += 1;
      const part = (byte % 128) * 2 ** (7 * index);
      if (index < 5) low += part;
      else high += part;
      if (byte >= 128) continue;
      const value = low + high;
      return Number.isSafeInteger(value) ? value : 2 ** 52 + (low % 2 ** 32);
    }
    throw new NotOnnx('a number without end');
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new NotOnnx('a field beyond the end');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

type Message = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse';

/** Which fields are messages that may name operators or values elsewhere (onnx.proto, IR version 3 to 13). */
const WITHIN: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  tensor: {},
  sparse: { 1: 'tensor', 2: 'tensor' },
};
const MODEL_TRAINING = 20;
const MODEL_FUNCTIONS = 25;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const NODE_OPERATOR = 4;
const NODE_DOMAIN = 7;
const TENSOR_EXTERNAL_DATA = 13;
const TENSOR_DATA_LOCATION = 14;
const EXTERNAL = 1;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The name of a ValueInfoProto. */
function nameOf(bytes: Uint8Array): string {
  const fields = new Fields(bytes);
  for (let field = fields.next(); field !== undefined; field = fields.next()) if (field.number === 1) return text(field.bytes);
  return '';
}

interface Found {
  readonly inputs: string[];
  readonly outputs: string[];
  readonly operators: Set<string>;
  readonly domains: Set<string>;
  hasExternalData: boolean;
  hasFunctions: boolean;
}

function note(message: Message, { number, value, bytes }: Field, found: Found, isOuter: boolean): void {
  if (message === 'model') found.hasFunctions ||= number === MODEL_TRAINING || number === MODEL_FUNCTIONS;
  else if (message === 'graph' && isOuter && number === GRAPH_INPUT) found.inputs.push(nameOf(bytes));
  else if (message === 'graph' && isOuter && number === GRAPH_OUTPUT) found.outputs.push(nameOf(bytes));
  else if (message === 'node' && number === NODE_OPERATOR) found.operators.add(text(bytes));
  else if (message === 'node' && number === NODE_DOMAIN) found.domains.add(text(bytes));
  else if (message === 'tensor' && (number === TENSOR_EXTERNAL_DATA || (number === TENSOR_DATA_LOCATION && value === EXTERNAL)))
    found.hasExternalData = true;
}

/**
 * Looks through an ONNX model (onnx.proto) without running it: which operators it needs, and whether it wants other files. A tensor that stands elsewhere
 * would be read from the disk by the runtime, whatever its name points at. Iterative, so that no depth is too deep. Fails with NotOnnx.
 */
export function inspectOnnx(bytes: Uint8Array): OnnxSummary {
  const found: Found = {
    inputs: [],
    outputs: [],
    operators: new Set(),
    domains: new Set(),
    hasExternalData: false,
    hasFunctions: false,
  };
  const waiting: { message: Message; bytes: Uint8Array; isOuter: boolean }[] = [{ message: 'model', bytes, isOuter: true }];
  let count = 0;
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const fields = new Fields(one.bytes);
    for (let field = fields.next(); field !== undefined; field = fields.next()) {
      count += 1;
      if (count > MAX_FIELDS) throw new NotOnnx('too many fields');
      note(one.message, field, found, one.isOuter);
      const within = WITHIN[one.message][field.number];
      if (within !== undefined) waiting.push({ message: within, bytes: field.bytes, isOuter: one.message === 'model' });
    }
  }
  if (found.operators.size === 0) throw new NotOnnx('no graph');
  found.domains.delete('');
  return found;
}
