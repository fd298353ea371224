import { type Field, Fields, NotOnnx } from './protobuf-fields';
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

const MAX_FIELDS = 5_000_000;

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
