import { type Column, columnAt, uncoerced } from './catalogue.ts';
import { isStrictOperator } from './functions.ts';
import { flagOf, isNode, nodeOf, nodesOf, numberOf, type TreeNode, type Value } from './node-tree.ts';
import { entryOf, inside, originOf, type Scope } from './scope.ts';
import type { ParameterUse } from './types.ts';

/** What becomes of a parameter: it is written into a column, compared, or anything else. `isElement`: its elements, by unnest or `= ANY`. */
interface Use {
  readonly kind: 'written' | 'compared' | 'other';
  readonly isElement: boolean;
  readonly column?: Column;
}

interface Reading {
  readonly uses: Map<number, Use[]>;
  /** Nodes whose use was found from the other side. */
  readonly explained: Set<TreeNode>;
}

/** LIMIT NULL is none, which nobody means who hands a limit over. */
const LIMIT: Use = { kind: 'written', isElement: false, column: { table: '', name: 'limit', type: 20, isNotNull: true } };
const COMMAND_UPDATE = 2;
const COMMAND_INSERT = 3;

/** How each parameter of an analysed statement is used, by its number. */
export function readParameters(queries: readonly TreeNode[], scope: Scope): ReadonlyMap<number, ParameterUse> {
  const reading: Reading = { uses: new Map(), explained: new Set() };
  // First what is written and compared, then the rest: a parameter may be reached through subqueries.
  for (const pass of [explain, leave]) for (const query of queries) pass(query, inside(scope, query), reading);
  return new Map([...reading.uses].map(([number, uses]) => [number, useOf(uses)]));
}

function useOf(uses: readonly Use[]): ParameterUse {
  const elements = uses.filter(({ isElement }) => isElement);
  const isWritten = uses.some(({ kind, column, isElement }) => !isElement && kind === 'written' && column?.isNotNull === true);
  const literals = uses.find(({ column, kind }) => kind !== 'other' && column?.literals !== undefined)?.column?.literals;
  return {
    // A comparison with NULL finds nothing, which may be meant; a list is never NULL where only its elements count.
    isNullable: !isWritten && (elements.length === 0 || elements.length < uses.length),
    hasNullElements:
      elements.length > 0 &&
      !elements.some(({ kind, column }) => kind === 'compared' || (kind === 'written' && column?.isNotNull === true)),
    ...(literals === undefined ? {} : { literals }),
  };
}

function note(node: TreeNode, use: Use, { uses, explained }: Reading): void {
  const number = numberOf(node, 'paramid');
  explained.add(node);
  uses.set(number, [...(uses.get(number) ?? []), use]);
}

/** Inside conversions, written or not. */
function bare(node: TreeNode): TreeNode {
  const inner = uncoerced(node);
  const isCast = inner.type === 'FUNCEXPR' && [1, 2].includes(numberOf(inner, 'funcformat'));
  const [arg] = isCast ? nodesOf(inner, 'args') : [];
  return arg === undefined ? inner : bare(arg);
}

/** The parameters that an expression is, straight or through the columns of subqueries; `isElement` where it is one of an array's elements. */
function parametersOf(expression: TreeNode, scope: Scope, depth = 0): readonly { node: TreeNode; isElement: boolean }[] {
  const node = bare(expression);
  if (node.type === 'PARAM') return [{ node, isElement: false }];
  const origin = node.type === 'VAR' && depth < 8 ? originOf(node, scope) : undefined;
  if (origin === undefined) return [];
  if ('expressions' in origin) return origin.expressions.flatMap((one) => parametersOf(one.expression, one.scope, depth + 1));
  if (!('call' in origin) || origin.isOrdinal || nameOf(origin.call, scope) !== 'unnest') return [];
  const array = nodesOf(origin.call, 'args').map(bare);
  return array.flatMap((arg) => (arg.type === 'PARAM' ? [{ node: arg, isElement: true }] : []));
}

const nameOf = (call: TreeNode, scope: Scope): string | undefined => scope.catalogue.functions.get(numberOf(call, 'funcid'));

function columnOf(expression: TreeNode, scope: Scope, depth = 0): Column | undefined {
  const node = bare(expression);
  const origin = node.type === 'VAR' && depth < 8 ? originOf(node, scope) : undefined;
  if (origin === undefined) return undefined;
  if ('column' in origin) return origin.column;
  const [one, other] = 'expressions' in origin ? origin.expressions : [];
  return one !== undefined && other === undefined ? columnOf(one.expression, one.scope, depth + 1) : undefined;
}

function eachChild(node: TreeNode, scope: Scope, visit: (node: TreeNode, scope: Scope) => void): void {
  const look = (value: Value | undefined): void => {
    if (isNode(value)) visit(value, value.type === 'QUERY' ? inside(scope, value) : scope);
    else if (Array.isArray(value)) for (const one of value) look(one);
  };
  for (const value of node.fields.values()) look(value);
}

function explain(node: TreeNode, scope: Scope, reading: Reading): void {
  if (node.type === 'QUERY') explainWrites(node, scope, reading);
  if (node.type === 'OPEXPR' && isStrictOperator(scope.catalogue.operators.get(numberOf(node, 'opno')) ?? '')) {
    const [left, right] = nodesOf(node, 'args');
    compare(left, right, { scope, reading });
    compare(right, left, { scope, reading });
  }
  if (node.type === 'SCALARARRAYOPEXPR') explainMembers(node, scope, reading);
  eachChild(node, scope, (child, around) => explain(child, around, reading));
}

function compare(
  one: TreeNode | undefined,
  other: TreeNode | undefined,
  { scope, reading }: { scope: Scope; reading: Reading },
): void {
  if (one === undefined || other === undefined) return;
  const column = columnOf(other, scope);
  for (const { node, isElement } of parametersOf(one, scope)) {
    note(node, { kind: 'compared', isElement, ...(column === undefined ? {} : { column }) }, reading);
  }
}

function explainMembers(node: TreeNode, scope: Scope, reading: Reading): void {
  const [value, list] = nodesOf(node, 'args');
  if (value === undefined || list === undefined) return;
  const column = columnOf(value, scope);
  const array = bare(list);
  if (array.type === 'PARAM')
    note(array, { kind: 'compared', isElement: true, ...(column === undefined ? {} : { column }) }, reading);
  compare(value, list, { scope, reading });
}

function explainWrites(query: TreeNode, scope: Scope, reading: Reading): void {
  for (const field of ['limitCount', 'limitOffset']) {
    const limit = nodeOf(query, field);
    if (limit !== undefined && bare(limit).type === 'PARAM') note(bare(limit), LIMIT, reading);
  }
  const command = numberOf(query, 'commandType');
  if (command !== COMMAND_INSERT && command !== COMMAND_UPDATE) return;
  const relation = entryOf(scope, numberOf(query, 'resultRelation'));
  const conflict = nodeOf(query, 'onConflict');
  const entries = [...nodesOf(query, 'targetList'), ...(conflict === undefined ? [] : nodesOf(conflict, 'onConflictSet'))];
  for (const entry of entries) {
    const expression = nodeOf(entry, 'expr');
    if (relation === undefined || expression === undefined || flagOf(entry, 'resjunk')) continue;
    const column = columnAt(scope.catalogue, numberOf(relation, 'relid'), numberOf(entry, 'resno'));
    for (const { node, isElement } of parametersOf(expression, scope))
      note(node, { kind: 'written', isElement, ...(column === undefined ? {} : { column }) }, reading);
  }
}

/** What no rule has explained may be anything. */
function leave(node: TreeNode, scope: Scope, reading: Reading): void {
  if (node.type === 'PARAM' && !reading.explained.has(node)) note(node, { kind: 'other', isElement: false }, reading);
  const [arg] = node.type === 'FUNCEXPR' && nameOf(node, scope) === 'unnest' ? nodesOf(node, 'args').map(bare) : [];
  if (arg?.type === 'PARAM' && !reading.explained.has(arg)) note(arg, { kind: 'other', isElement: true }, reading);
  eachChild(node, scope, (child, around) => leave(child, around, reading));
}
