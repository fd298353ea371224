/** A node of PostgreSQL's own parse tree (`pg_node_tree`): its name and its fields, by the names of PostgreSQL's source. */
export interface TreeNode {
  readonly type: string;
  readonly fields: ReadonlyMap<string, Value>;
}

/** `null` is `<>`; a field of several words (a constant's bytes) is a list of them. */
export type Value = TreeNode | string | null | readonly Value[];

export const isNode = (value: Value | undefined): value is TreeNode =>
  typeof value === 'object' && value !== null && 'fields' in value;
const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** The field as a node; undefined where it is none. */
export const nodeOf = (node: TreeNode, field: string): TreeNode | undefined => {
  const value = node.fields.get(field);
  return isNode(value) ? value : undefined;
};

/** The nodes of a field that is a list. */
export const nodesOf = (node: TreeNode, field: string): readonly TreeNode[] => nodesIn(node.fields.get(field));
const nodesIn = (value: Value | undefined): readonly TreeNode[] => (isList(value) ? value.filter(isNode) : []);

/** A list of lists of nodes: the rows of VALUES. */
export const listsOf = (node: TreeNode, field: string): readonly (readonly TreeNode[])[] => {
  const value = node.fields.get(field);
  return isList(value) ? value.map(nodesIn) : [];
};

export const textOf = (node: TreeNode, field: string): string | undefined => {
  const value = node.fields.get(field);
  return typeof value === 'string' ? value : undefined;
};
export const numberOf = (node: TreeNode, field: string): number => Number(textOf(node, field) ?? Number.NaN);
export const flagOf = (node: TreeNode, field: string): boolean => textOf(node, field) === 'true';

/** Members of a set of numbers, `(b 1 2)`. */
export const membersOf = (node: TreeNode, field: string): readonly number[] => {
  const value = node.fields.get(field);
  return isList(value) ? value.flatMap((one) => (typeof one === 'string' && /^\d+$/.test(one) ? [Number(one)] : [])) : [];
};

/** Every node below a value, itself included, in the order of the tree. */
export function* walk(value: Value | undefined): Generator<TreeNode> {
  if (isList(value)) for (const one of value) yield* walk(one);
  else if (isNode(value)) {
    yield value;
    for (const field of value.fields.values()) yield* walk(field);
  }
}

/** `\ ` and the like are one character; a text in double quotes stays one word. */
const TOKEN = /\s+|[{}()[\]]|"(?:[^"\\]|\\[\s\S])*"|(?:[^\s{}()[\]\\]|\\[\s\S])+/gy;
const unescaped = (word: string): string => word.replaceAll(/\\([\s\S])/g, '$1');

/** Reads the text of a `pg_node_tree`. Fails with an Error where it isn't one. */
export function parseTree(text: string): Value {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => token.trim() !== '');
  let at = 0;
  const take = (): string => {
    const token = tokens[at];
    if (token === undefined) throw new Error('A parse tree ends in its middle.');
    at += 1;
    return token;
  };
  const until = (end: string): Value[] => {
    const values: Value[] = [];
    while (tokens[at] !== end) values.push(one());
    at += 1;
    return values;
  };
  const field = (): Value => {
    const values: Value[] = [];
    while (tokens[at] !== '}' && !isKey(tokens[at])) values.push(one());
    return values.length === 1 ? (values[0] ?? null) : values;
  };
  const node = (): TreeNode => {
    const type = take();
    const fields = new Map<string, Value>();
    while (tokens[at] !== '}') fields.set(take().slice(1), field());
    at += 1;
    return { type, fields };
  };
  const one = (): Value => {
    const token = take();
    if (token === '{') return node();
    if (token === '(') return until(')');
    if (token === '[') return until(']');
    return token === '<>' ? null : unescaped(token);
  };
  return one();
}

const isKey = (token: string | undefined): boolean => token?.startsWith(':') === true;
