import { type Catalogue, type Column, columnAt } from './catalogue.ts';
import { flagOf, listsOf, membersOf, nodeOf, nodesOf, numberOf, type TreeNode, textOf } from './node-tree.ts';

/** Where an expression stands: its query last, those around it before. */
export interface Scope {
  readonly catalogue: Catalogue;
  readonly queries: readonly TreeNode[];
  /** Parameters of which NULL is never handed over. */
  readonly givenParameters: ReadonlySet<number>;
  /** Parameters that are arrays without NULL. */
  readonly givenElements: ReadonlySet<number>;
  /** Tables of a query whose row is there, by `CASE WHEN t.id IS NOT NULL`, although an outer join may leave it out. */
  readonly present: readonly Presence[];
  /** Expressions that are being looked at, for those that refer to themselves (WITH RECURSIVE). */
  readonly open: readonly TreeNode[];
}

export interface Presence {
  readonly query: TreeNode;
  readonly varno: number;
}

/** What is known of the values of an expression besides their type. */
export interface Inferred {
  readonly isNullable: boolean;
  /** The only texts that it can be. */
  readonly literals?: readonly string[];
  /** The TypeScript type where more is known than PostgreSQL's: of JSON, and of columns that the program has types for. */
  readonly shape?: string;
}

export const queryOf = (scope: Scope): TreeNode => {
  const query = scope.queries.at(-1);
  if (query === undefined) throw new Error('An expression stands in no query.');
  return query;
};
export const inside = (scope: Scope, query: TreeNode): Scope => ({ ...scope, queries: [...scope.queries, query] });

/** The scope of the query that is `levels` around this one. */
export const around = (scope: Scope, levels: number): Scope =>
  levels === 0 ? scope : { ...scope, queries: scope.queries.slice(0, -levels) };

export const RTE = { RELATION: 0, SUBQUERY: 1, JOIN: 2, FUNCTION: 3, VALUES: 5, CTE: 6, GROUP: 9 } as const;
const COMMAND_SELECT = 1;

/** What a query gives: the columns of SELECT, or of RETURNING. */
export const outputOf = (query: TreeNode): readonly TreeNode[] =>
  nodesOf(query, numberOf(query, 'commandType') === COMMAND_SELECT ? 'targetList' : 'returningList').filter(
    (entry) => !flagOf(entry, 'resjunk'),
  );

/** What a column of a query's FROM is: a table's column, one of these expressions (of each row of VALUES, each arm of UNION), or a function's. */
export type Origin =
  | { readonly column: Column }
  | { readonly expressions: readonly { readonly expression: TreeNode; readonly scope: Scope }[] }
  | { readonly call: TreeNode; readonly position: number; readonly isOrdinal: boolean; readonly scope: Scope }
  | { readonly row: true };

export const entryOf = (scope: Scope, number: number): TreeNode | undefined => nodesOf(queryOf(scope), 'rtable')[number - 1];

/** Whether an outer join around it may put NULL in the place of a column. */
export const isNulled = (variable: TreeNode): boolean => membersOf(variable, 'varnullingrels').length > 0;

export function originOf(variable: TreeNode, from: Scope): Origin | undefined {
  const scope = around(from, numberOf(variable, 'varlevelsup'));
  const entry = entryOf(scope, numberOf(variable, 'varno'));
  const position = numberOf(variable, 'varattno');
  if (entry === undefined || position < 0) return undefined;
  if (position === 0) return { row: true };
  const one = (expression: TreeNode | undefined): Origin | undefined =>
    expression === undefined ? undefined : { expressions: [{ expression, scope }] };
  switch (numberOf(entry, 'rtekind')) {
    case RTE.RELATION: {
      const column = columnAt(scope.catalogue, numberOf(entry, 'relid'), position);
      return column === undefined ? undefined : { column };
    }
    case RTE.SUBQUERY: {
      const query = nodeOf(entry, 'subquery');
      return query === undefined ? undefined : outputAt(query, position, inside(scope, query));
    }
    case RTE.JOIN:
      return one(nodesOf(entry, 'joinaliasvars')[position - 1]);
    case RTE.GROUP:
      return one(nodesOf(entry, 'groupexprs')[position - 1]);
    case RTE.VALUES:
      return {
        expressions: listsOf(entry, 'values_lists').flatMap((row) => {
          const expression = row[position - 1];
          return expression === undefined ? [] : [{ expression, scope }];
        }),
      };
    case RTE.CTE:
      return ofCte(entry, position, scope);
    case RTE.FUNCTION:
      return ofFunction(entry, position, scope);
    default:
      return undefined;
  }
}

/** unnest(a, b) is one call for each: PostgreSQL takes it apart. */
function ofFunction(entry: TreeNode, position: number, scope: Scope): Origin | undefined {
  const calls = nodesOf(entry, 'functions');
  let before = 0;
  for (const call of calls) {
    const count = numberOf(call, 'funccolcount');
    const expression = nodeOf(call, 'funcexpr');
    if (position <= before + count && expression !== undefined)
      return { call: expression, position: position - before, isOrdinal: false, scope };
    before += count;
  }
  const first = calls[0] === undefined ? undefined : nodeOf(calls[0], 'funcexpr');
  // Behind the last column stands that of WITH ORDINALITY.
  return first === undefined ? undefined : { call: first, position, isOrdinal: true, scope };
}

function ofCte(entry: TreeNode, position: number, from: Scope): Origin | undefined {
  const scope = around(from, numberOf(entry, 'ctelevelsup'));
  const name = textOf(entry, 'ctename');
  const cte = nodesOf(queryOf(scope), 'cteList').find((one) => textOf(one, 'ctename') === name);
  const query = cte === undefined ? undefined : nodeOf(cte, 'ctequery');
  return query === undefined ? undefined : outputAt(query, position, inside(scope, query));
}

function outputAt(query: TreeNode, position: number, scope: Scope): Origin | undefined {
  const expressions = armsOf(query, scope).flatMap((arm) => {
    const entry = outputOf(queryOf(arm))[position - 1];
    const expression = entry === undefined ? undefined : nodeOf(entry, 'expr');
    return expression === undefined ? [] : [{ expression, scope: arm }];
  });
  return expressions.length === 0 ? undefined : { expressions };
}

/** The queries that UNION, INTERSECT or EXCEPT put together; itself where nothing is. */
export function armsOf(query: TreeNode, scope: Scope): readonly Scope[] {
  const operations = nodeOf(query, 'setOperations');
  if (operations === undefined) return [scope];
  const leaves = (node: TreeNode): TreeNode[] =>
    node.type === 'RANGETBLREF'
      ? [node]
      : [nodeOf(node, 'larg'), nodeOf(node, 'rarg')].flatMap((arm) => (arm === undefined ? [] : leaves(arm)));
  return leaves(operations).flatMap((leaf) => {
    const entry = entryOf(scope, numberOf(leaf, 'rtindex'));
    const arm = entry === undefined ? undefined : nodeOf(entry, 'subquery');
    return arm === undefined ? [] : armsOf(arm, inside(scope, arm));
  });
}
