import { textOfConstant } from './catalogue.ts';
import { COLLECTING, COUNTS, GIVING, ROWS, STRICT_FUNCTIONS, SUMMING } from './functions.ts';
import { nodeOf, nodesOf, numberOf, type TreeNode } from './node-tree.ts';
import { type Inferred, queryOf, type Scope } from './scope.ts';
import { jsonOf, typeOf } from './types.ts';

type CallKind = 'value' | 'row' | 'aggregate' | 'window';
type Infer = (node: TreeNode, scope: Scope) => Inferred;
interface How {
  readonly kind: CallKind;
  /** How what stands in the call is looked at. */
  readonly infer: Infer;
}

const JSONB = 3802;
const ID_FIELD = { value: 'funcid', row: 'funcid', aggregate: 'aggfnoid', window: 'winfnoid' } as const;

const anyNull = (nodes: readonly TreeNode[], scope: Scope, infer: Infer): boolean =>
  nodes.some((node) => infer(node, scope).isNullable);

/** The value of a call of a function or an aggregate; of `row`, what one row of it has. */
export function call(node: TreeNode, scope: Scope, { kind, infer }: How): Inferred {
  const name = scope.catalogue.functions.get(numberOf(node, ID_FIELD[kind])) ?? '';
  if (node.type !== 'FUNCEXPR' && (kind === 'value' || kind === 'row')) return infer(node, scope);
  if (kind === 'aggregate') return aggregate(node, { name, scope, infer });
  if (kind === 'window') return { isNullable: !COUNTS.has(name) };
  if (kind === 'row') return ofRows(node, name, scope);
  const args = nodesOf(node, 'args');
  const made = shapeOf(name, args, (arg) => jsonOf(typeOf(arg, scope), infer(arg, scope), scope.catalogue));
  const shape = made === undefined ? {} : { shape: made };
  if (GIVING.has(name)) return { isNullable: false, ...shape };
  const isCast = numberOf(node, 'funcformat') === 1 || numberOf(node, 'funcformat') === 2;
  const [first] = args;
  // Only the separator counts.
  if (name === 'concat_ws') return { isNullable: first === undefined || infer(first, scope).isNullable };
  // JSON's own null becomes NULL.
  const isFromJson = isCast && first !== undefined && typeOf(first, scope) === JSONB;
  // Other fields of a moment than its seconds are NULL where it is infinite.
  const isEpoch = name === 'extract' && first?.type === 'CONST' && textOfConstant(first) === 'epoch';
  const isStrict = (isCast && !isFromJson) || STRICT_FUNCTIONS.has(name) || isEpoch;
  return { isNullable: !isStrict || anyNull(args, scope, infer), ...shape };
}

function ofRows(node: TreeNode, name: string, scope: Scope): Inferred {
  if (ROWS.has(name)) return { isNullable: false };
  // An array that a statement is handed has no NULL unless its type says so (parameters.ts), and what a column holds has none.
  if (name !== 'unnest') return { isNullable: true };
  const [array] = nodesOf(node, 'args');
  return { isNullable: array?.type !== 'VAR' && array?.type !== 'ARRAYEXPR' ? !isGivenArray(array, scope) : false };
}

const isGivenArray = (array: TreeNode | undefined, scope: Scope): boolean =>
  array?.type === 'PARAM' && scope.givenElements.has(numberOf(array, 'paramid'));

function aggregate(node: TreeNode, { name, scope, infer }: { name: string; scope: Scope; infer: Infer }): Inferred {
  if (COUNTS.has(name)) return { isNullable: false };
  const args = nodesOf(node, 'args').flatMap((entry) => nodeOf(entry, 'expr') ?? []);
  const isOfSome = nodesOf(queryOf(scope), 'groupClause').length > 0 && nodeOf(node, 'aggfilter') === undefined;
  const [value] = args;
  const found = value === undefined ? { isNullable: true } : infer(value, scope);
  if (COLLECTING.has(name)) {
    const isList = name === 'jsonb_agg' || name === 'json_agg';
    return {
      isNullable: !isOfSome,
      ...(isList && value !== undefined ? { shape: `Array<${jsonOf(typeOf(value, scope), found, scope.catalogue)}>` } : {}),
    };
  }
  const literals = (name === 'max' || name === 'min') && found.literals !== undefined ? { literals: found.literals } : {};
  return { isNullable: !SUMMING.has(name) || !isOfSome || anyNull(args, scope, infer), ...literals };
}

/** The TypeScript type of the JSON that a call makes. */
function shapeOf(name: string, args: readonly TreeNode[], shapeOfArg: (arg: TreeNode) => string): string | undefined {
  const [first] = args;
  if ((name === 'to_jsonb' || name === 'to_json') && first !== undefined) return shapeOfArg(first);
  if (name !== 'jsonb_build_object' && name !== 'json_build_object') return undefined;
  const fields: string[] = [];
  for (let at = 0; at < args.length; at += 2) {
    const [key, value] = [args[at], args[at + 1]];
    const text = key?.type === 'CONST' ? textOfConstant(key) : undefined;
    if (text === undefined || value === undefined) return undefined;
    fields.push(`${JSON.stringify(text)}: ${shapeOfArg(value)}`);
  }
  return `{ ${fields.join('; ')} }`;
}
