import { call } from './calls.ts';
import { textOfConstant } from './catalogue.ts';
import { isPresent, isSaidNotNull, where } from './conditions.ts';
import { isStrictOperator } from './functions.ts';
import { flagOf, nodeOf, nodesOf, numberOf, type TreeNode } from './node-tree.ts';
import { armsOf, type Inferred, inside, isNulled, originOf, outputOf, queryOf, type Scope } from './scope.ts';
import { quoted, typeOf, union } from './types.ts';

const NULLABLE: Inferred = { isNullable: true };
const GIVEN: Inferred = { isNullable: false };

/** Several expressions one of which is the value; NULL where any may be. */
export function either(some: readonly Inferred[]): Inferred {
  // Beside a shape the literals are one, too.
  const all = some.some(({ shape }) => shape !== undefined && shape !== 'never') ? some.map(asShape) : some;
  const literals = all.every((one) => one.literals !== undefined)
    ? [...new Set(all.flatMap((one) => one.literals ?? []))]
    : undefined;
  const shapes = [...new Set(all.flatMap((one) => one.shape ?? []))].filter((shape, _, found) => !isEmptyOf(shape, found));
  const shape = shapes.length > 0 && all.every((one) => one.shape !== undefined) ? shapes.join(' | ') : undefined;
  return {
    isNullable: all.some((one) => one.isNullable),
    ...(literals === undefined || all.length === 0 ? {} : { literals }),
    ...(shape === undefined ? {} : { shape }),
  };
}

const asShape = (one: Inferred): Inferred =>
  one.shape === undefined && one.literals !== undefined ? { ...one, shape: union(one.literals) } : one;

/** An empty list says nothing beside a list of something, and NULL nothing beside anything. */
const isEmptyOf = (shape: string, all: readonly string[]): boolean =>
  (shape === 'never[]' && all.some((one) => one.startsWith('Array<'))) || (shape === 'never' && all.length > 1);

export const anyNull = (nodes: readonly TreeNode[], scope: Scope): Inferred => ({
  isNullable: nodes.some((node) => infer(node, scope).isNullable),
});

export function infer(node: TreeNode, scope: Scope): Inferred {
  const rule = RULES[node.type];
  return rule === undefined ? NULLABLE : rule(node, scope);
}

const ofArg = (node: TreeNode, scope: Scope): Inferred => {
  const arg = nodeOf(node, 'arg');
  return arg === undefined ? NULLABLE : infer(arg, scope);
};
const bare = ({ isNullable }: Inferred): Inferred => ({ isNullable });

function variable(node: TreeNode, scope: Scope): Inferred {
  const isNonNull = isSaidNotNull(node, scope);
  const found = ofOrigin(node, scope);
  // RETURNING old.*: there is no old row of what was inserted.
  const isOld = numberOf(node, 'varreturningtype') === 1;
  const isAbsent = isNulled(node) && !isPresent(node, scope);
  return { ...found, isNullable: !isNonNull && (found.isNullable || isAbsent || isOld) };
}

function ofOrigin(node: TreeNode, scope: Scope): Inferred {
  const origin = originOf(node, scope);
  if (origin === undefined) return NULLABLE;
  if ('row' in origin) return GIVEN;
  if ('column' in origin) {
    const { table, name, literals, isNotNull } = origin.column;
    const isDeclared = scope.catalogue.declared.has(`${table}.${name}`);
    return {
      isNullable: !isNotNull,
      ...(isDeclared ? { shape: `ColumnTypes['${table}.${name}']` } : {}),
      ...(literals === undefined ? {} : { literals }),
    };
  }
  if ('call' in origin) return origin.isOrdinal ? GIVEN : call(origin.call, origin.scope, { kind: 'row', infer });
  if (scope.open.includes(node)) return { isNullable: false, literals: [], shape: 'never' };
  const open = [...scope.open, node];
  return either(origin.expressions.map((one) => infer(one.expression, { ...one.scope, open })));
}

function constant(node: TreeNode): Inferred {
  const isNullable = flagOf(node, 'constisnull');
  const bytes = textOfConstant(node);
  if (isNullable || bytes === undefined) return { isNullable, ...(isNullable ? { literals: [], shape: 'never' } : {}) };
  // The binary form of [] and {}.
  const shape = bytes === '\0\0\0\x40' ? 'never[]' : bytes === '\0\0\0\x20' ? 'Record<string, never>' : undefined;
  return {
    isNullable,
    ...(isText(numberOf(node, 'consttype')) ? { literals: [bytes] } : {}),
    ...(shape === undefined ? {} : { shape }),
  };
}

const TEXT_TYPES = new Set([25, 1043, 1042, 19, 705]);
const isText = (type: number): boolean => TEXT_TYPES.has(type);

function cases(node: TreeNode, scope: Scope): Inferred {
  const otherwise = nodeOf(node, 'defresult');
  let rest = scope;
  const found: Inferred[] = [];
  for (const arm of nodesOf(node, 'args')) {
    const [condition, result] = [nodeOf(arm, 'expr'), nodeOf(arm, 'result')];
    if (result !== undefined) found.push(infer(result, where(condition, true, rest)));
    rest = where(condition, false, rest);
  }
  if (otherwise !== undefined) found.push(infer(otherwise, rest));
  const all = either(found);
  return otherwise === undefined ? { ...all, isNullable: true } : all;
}

/** NULL only where all are. */
function first(node: TreeNode, scope: Scope): Inferred {
  const all = nodesOf(node, 'args').map((arg) => infer(arg, scope));
  return { ...either(all), isNullable: all.every((one) => one.isNullable) };
}

const SUBLINK = { EXISTS: 0, EXPR: 4, ARRAY: 6 } as const;

function subquery(node: TreeNode, scope: Scope): Inferred {
  const kind = numberOf(node, 'subLinkType');
  if (kind === SUBLINK.EXISTS) return GIVEN;
  const query = nodeOf(node, 'subselect');
  if (query === undefined || (kind !== SUBLINK.EXPR && kind !== SUBLINK.ARRAY)) return NULLABLE;
  const within = inside(scope, query);
  const values = either(
    armsOf(query, within).map((arm) => {
      const expression = nodeOf(outputOf(queryOf(arm))[0] ?? query, 'expr');
      return expression === undefined ? NULLABLE : infer(expression, arm);
    }),
  );
  if (kind === SUBLINK.ARRAY) return GIVEN;
  return { ...values, isNullable: values.isNullable || !isAlwaysOneRow(query) };
}

/** A sum over all rows is one row, also of none. */
const isAlwaysOneRow = (query: TreeNode): boolean =>
  ((flagOf(query, 'hasAggs') && nodesOf(query, 'groupClause').length === 0) || isWithoutFrom(query)) &&
  nodeOf(query, 'havingQual') === undefined &&
  nodeOf(query, 'limitCount') === undefined &&
  nodeOf(query, 'limitOffset') === undefined;
function isWithoutFrom(query: TreeNode): boolean {
  const tree = nodeOf(query, 'jointree');
  return tree !== undefined && nodesOf(tree, 'fromlist').length === 0 && nodeOf(tree, 'quals') === undefined;
}

function operator(node: TreeNode, scope: Scope): Inferred {
  const name = scope.catalogue.operators.get(numberOf(node, 'opno')) ?? '';
  const args = nodesOf(node, 'args');
  const shape = shapeOfOperator(name, args, scope);
  const known = shape === undefined ? {} : { shape };
  return { ...(isStrictOperator(name) ? anyNull(args, scope) : NULLABLE), ...known };
}

const JSONB = 3802;

/** `a || b` of JSON has the members of both; `a -> 'member'` is one of a shape that is known, `a ->> 'member'` its text. */
function shapeOfOperator(name: string, args: readonly TreeNode[], scope: Scope): string | undefined {
  const [left, right] = args;
  if (left === undefined || right === undefined || typeOf(left, scope) !== JSONB) return undefined;
  const shape = infer(left, scope).shape;
  if (shape === undefined) return undefined;
  if (name === '->' || name === '->>') {
    const member = textOfConstant(right);
    if (member === undefined || !shape.startsWith('ColumnTypes[')) return undefined;
    const found = `${shape}[${quoted(member)}]`;
    return name === '->' ? found : `Extract<${found}, string>`;
  }
  const other = name === '||' ? infer(right, scope).shape : undefined;
  return other === undefined ? undefined : `${shape} & ${other}`;
}

const RULES: Readonly<Record<string, (node: TreeNode, scope: Scope) => Inferred>> = {
  VAR: variable,
  CONST: constant,
  PARAM: (node, scope) => ({ isNullable: !scope.givenParameters.has(numberOf(node, 'paramid')) }),
  RELABELTYPE: ofArg,
  COERCEVIAIO: (node, scope) => {
    const found = ofArg(node, scope);
    return isText(numberOf(node, 'resulttype')) ? found : bare(found);
  },
  COERCETODOMAIN: ofArg,
  ARRAYCOERCEEXPR: (node, scope) => bare(ofArg(node, scope)),
  FUNCEXPR: (node, scope) => call(node, scope, { kind: 'value', infer }),
  AGGREF: (node, scope) => call(node, scope, { kind: 'aggregate', infer }),
  WINDOWFUNC: (node, scope) => call(node, scope, { kind: 'window', infer }),
  OPEXPR: operator,
  DISTINCTEXPR: () => GIVEN,
  SCALARARRAYOPEXPR: (node, scope) => anyNull(nodesOf(node, 'args'), scope),
  BOOLEXPR: (node, scope) => anyNull(nodesOf(node, 'args'), scope),
  NULLTEST: () => GIVEN,
  BOOLEANTEST: () => GIVEN,
  CASEEXPR: cases,
  COALESCEEXPR: first,
  MINMAXEXPR: first,
  SUBLINK: subquery,
  ARRAYEXPR: () => GIVEN,
  ROWEXPR: () => GIVEN,
  SQLVALUEFUNCTION: () => GIVEN,
};
