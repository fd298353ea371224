import { uncoerced } from './catalogue.ts';
import { isStrictOperator } from './functions.ts';
import { nodeOf, nodesOf, numberOf, type TreeNode, textOf } from './node-tree.ts';
import { around, queryOf, type Scope } from './scope.ts';

const JOIN = { INNER: 0, LEFT: 1, RIGHT: 3 } as const;
const COMMAND_UPDATE = 2;
const IS_NOT_NULL = 1;

/** Conditions that every row of a query has passed: WHERE, and ON of what no outer join can pass by. */
function conditionsOf(node: TreeNode): readonly TreeNode[] {
  const quals = nodeOf(node, 'quals');
  const own = quals === undefined ? [] : [quals];
  if (node.type === 'FROMEXPR') return [...own, ...nodesOf(node, 'fromlist').flatMap(conditionsOf)];
  if (node.type !== 'JOINEXPR') return [];
  const [left, right] = [nodeOf(node, 'larg'), nodeOf(node, 'rarg')].map((side) =>
    side === undefined ? [] : conditionsOf(side),
  );
  const kind = numberOf(node, 'jointype');
  if (kind === JOIN.INNER) return [...own, ...(left ?? []), ...(right ?? [])];
  if (kind === JOIN.LEFT) return left ?? [];
  return kind === JOIN.RIGHT ? (right ?? []) : [];
}

/** Columns that are not NULL where a condition holds. */
function demandedBy(condition: TreeNode, scope: Scope): readonly TreeNode[] {
  const node = uncoerced(condition);
  const args = nodesOf(node, 'args');
  if (node.type === 'VAR') return numberOf(node, 'varlevelsup') === 0 ? [node] : [];
  if (node.type === 'BOOLEXPR') {
    return textOf(node, 'boolop') === 'or'
      ? []
      : args.flatMap((arg) => (textOf(node, 'boolop') === 'and' || isPlain(arg) ? demandedBy(arg, scope) : []));
  }
  if (node.type === 'NULLTEST') {
    const arg = nodeOf(node, 'arg');
    return numberOf(node, 'nulltesttype') === IS_NOT_NULL && arg !== undefined ? demandedBy(arg, scope) : [];
  }
  if (node.type === 'OPEXPR' && isStrictOperator(scope.catalogue.operators.get(numberOf(node, 'opno')) ?? '')) {
    return args.flatMap((arg) => demandedBy(arg, scope));
  }
  return node.type === 'SCALARARRAYOPEXPR' && args[0] !== undefined ? demandedBy(args[0], scope) : [];
}

/** NOT of something that is NULL for NULL. */
const isPlain = (node: TreeNode): boolean => node.type === 'VAR' || node.type === 'OPEXPR';

/** Whether the conditions of its query leave no row in which a column is NULL. */
export function isSaidNotNull(variable: TreeNode, from: Scope): boolean {
  const scope = around(from, numberOf(variable, 'varlevelsup'));
  const query = queryOf(scope);
  const tree = nodeOf(query, 'jointree');
  if (tree === undefined || isOverwritten(query, variable)) return false;
  return conditionsOf(tree)
    .flatMap((condition) => demandedBy(condition, scope))
    .some((demanded) => isSame(demanded, variable, 'varno') && isSame(demanded, variable, 'varattno'));
}

const isSame = (one: TreeNode, other: TreeNode, field: string): boolean => numberOf(one, field) === numberOf(other, field);

/** Whether a condition of its query, or around it, leaves only rows in which the column's table has a row of its own. */
export function isPresent(variable: TreeNode, from: Scope): boolean {
  const scope = around(from, numberOf(variable, 'varlevelsup'));
  const query = queryOf(scope);
  const tree = nodeOf(query, 'jointree');
  const varno = numberOf(variable, 'varno');
  const demanded = tree === undefined ? [] : conditionsOf(tree).flatMap((condition) => demandedBy(condition, scope));
  return (
    demanded.some((one) => numberOf(one, 'varno') === varno) ||
    from.present.some((one) => one.query === query && one.varno === varno)
  );
}

/** What follows for the scope of an arm of CASE from its condition (`is`) or from its failing. */
export function where(condition: TreeNode | undefined, is: boolean, scope: Scope): Scope {
  const query = queryOf(scope);
  const arg =
    condition?.type === 'NULLTEST' && numberOf(condition, 'nulltesttype') !== IS_NOT_NULL ? nodeOf(condition, 'arg') : undefined;
  const demanded = is
    ? condition === undefined
      ? []
      : demandedBy(condition, scope)
    : arg === undefined
      ? []
      : demandedBy(arg, scope);
  return { ...scope, present: [...scope.present, ...demanded.map((one) => ({ query, varno: numberOf(one, 'varno') }))] };
}

/** RETURNING gives what UPDATE has written, whatever its WHERE said of the old value. */
const isOverwritten = (query: TreeNode, variable: TreeNode): boolean =>
  numberOf(query, 'commandType') === COMMAND_UPDATE &&
  numberOf(variable, 'varno') === numberOf(query, 'resultRelation') &&
  nodesOf(query, 'targetList').some((entry) => numberOf(entry, 'resno') === numberOf(variable, 'varattno'));
