import type { Catalogue } from './catalogue.ts';
import { nodeOf, numberOf, type TreeNode } from './node-tree.ts';
import { type Inferred, outputOf, type Scope } from './scope.ts';

interface Mapping {
  /** What node-postgres gives, with the parsers of platform/db/database.ts. */
  readonly row: string;
  /** What it is handed. */
  readonly value: string;
  /** The same in JSON that PostgreSQL writes. */
  readonly json: string;
  /** The elements of an array, where they are read differently; none where node-postgres doesn't read such arrays. */
  readonly element?: string | undefined;
}

const TEXT: Mapping = { row: 'string', value: 'string', json: 'string' };
const NUMBER: Mapping = { row: 'number', value: 'number', json: 'number' };
const JSON_VALUE: Mapping = { row: 'unknown', value: 'string', json: 'unknown' };
/** By PostgreSQL's own names. Another type fails: it is added here, and to types.db.test.ts, which compares this with what comes. */
export const MAPPINGS: Readonly<Record<string, Mapping>> = {
  bool: { row: 'boolean', value: 'boolean', json: 'boolean' },
  int2: NUMBER,
  int4: NUMBER,
  int8: { row: 'number', value: 'number | bigint', json: 'number', element: 'string' },
  float4: NUMBER,
  float8: NUMBER,
  numeric: { row: 'string', value: 'number | string', json: 'number', element: 'number' },
  oid: NUMBER,
  text: TEXT,
  varchar: TEXT,
  bpchar: TEXT,
  name: { ...TEXT, element: undefined },
  char: { ...TEXT, element: undefined },
  uuid: TEXT,
  inet: TEXT,
  void: { ...TEXT, element: undefined },
  regclass: { ...TEXT, element: undefined },
  date: { ...TEXT, element: 'Date' },
  timestamptz: { row: 'Date', value: 'Date | string', json: 'string' },
  bytea: { row: 'Buffer', value: 'Buffer', json: 'string' },
  json: JSON_VALUE,
  jsonb: JSON_VALUE,
};

const TEXTS = new Set(['text', 'varchar', 'bpchar', 'name']);

function mappingOf(type: number, catalogue: Catalogue): { mapping: Mapping; name: string; isArray: boolean } {
  const found = catalogue.types.get(type);
  const element = found?.element === undefined ? undefined : catalogue.types.get(found.element);
  const name = element?.name ?? found?.name ?? String(type);
  const mapping = MAPPINGS[name];
  const isList = element !== undefined;
  if (mapping === undefined || (isList && 'element' in mapping && mapping.element === undefined))
    throw new Error(`No TypeScript type is known for PostgreSQL's ${found?.name ?? type}: sql-types/types.ts has the list.`);
  return { mapping, name, isArray: isList };
}

export const quoted = (text: string): string =>
  `'${text.replaceAll(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
const orNull = (type: string, isNullable: boolean): string =>
  isNullable && type !== 'unknown' && type !== 'null' ? `${type} | null` : type;
export const union = (literals: readonly string[]): string => literals.map(quoted).join(' | ');

/** NULL alone has no shape of its own. */
const isKnown = (inferred: Inferred): inferred is Inferred & { readonly shape: string } =>
  inferred.shape !== undefined && inferred.shape !== 'never';
const literalsOf = ({ literals = [] }: Inferred): string | undefined => (literals.length === 0 ? undefined : union(literals));

/** What a column of a row is. */
export function rowType(type: number, inferred: Inferred, catalogue: Catalogue): string {
  const { mapping, name, isArray } = mappingOf(type, catalogue);
  if (isKnown(inferred)) return orNull(inferred.shape, inferred.isNullable);
  if (isArray) return orNull(`${mapping.element ?? mapping.row}[]`, inferred.isNullable);
  return orNull((TEXTS.has(name) ? literalsOf(inferred) : undefined) ?? mapping.row, inferred.isNullable);
}

/** What the same is within JSON. */
export function jsonOf(type: number, inferred: Inferred, catalogue: Catalogue): string {
  if (isKnown(inferred)) return orNull(inferred.shape, inferred.isNullable);
  // A whole row.
  if (catalogue.types.get(type)?.isComposite === true) return 'unknown';
  const { mapping, name, isArray } = mappingOf(type, catalogue);
  if (isArray) return orNull(`${mapping.json}[]`, inferred.isNullable);
  return orNull((TEXTS.has(name) ? literalsOf(inferred) : undefined) ?? mapping.json, inferred.isNullable);
}

export interface ParameterUse {
  readonly isNullable: boolean;
  readonly hasNullElements: boolean;
  readonly literals?: readonly string[];
}

/** What a statement is handed. */
export function valueType(type: number, use: ParameterUse, catalogue: Catalogue): string {
  const { mapping, name, isArray } = mappingOf(type, catalogue);
  const one = TEXTS.has(name) && use.literals !== undefined ? union(use.literals) : mapping.value;
  if (!isArray) return orNull(one, use.isNullable);
  const element = orNull(one, use.hasNullElements);
  return orNull(`readonly ${element.includes('|') ? `(${element})` : element}[]`, use.isNullable);
}

const RESULT_FIELDS: Readonly<Record<string, string>> = {
  VAR: 'vartype',
  CONST: 'consttype',
  PARAM: 'paramtype',
  FUNCEXPR: 'funcresulttype',
  OPEXPR: 'opresulttype',
  AGGREF: 'aggtype',
  WINDOWFUNC: 'wintype',
  COALESCEEXPR: 'coalescetype',
  CASEEXPR: 'casetype',
  MINMAXEXPR: 'minmaxtype',
  RELABELTYPE: 'resulttype',
  COERCEVIAIO: 'resulttype',
  ARRAYCOERCEEXPR: 'resulttype',
  COERCETODOMAIN: 'resulttype',
  FIELDSELECT: 'resulttype',
  ARRAYEXPR: 'array_typeid',
  SUBSCRIPTINGREF: 'refrestype',
  SQLVALUEFUNCTION: 'type',
  ROWEXPR: 'row_typeid',
  NULLIFEXPR: 'opresulttype',
};
const BOOL = 16;
const BOOLEAN = new Set(['NULLTEST', 'BOOLEANTEST', 'BOOLEXPR', 'DISTINCTEXPR', 'SCALARARRAYOPEXPR', 'ROWCOMPAREEXPR']);

/** The oid of an expression's type. */
export function typeOf(node: TreeNode, scope: Scope): number {
  if (BOOLEAN.has(node.type)) return BOOL;
  if (node.type === 'SUBLINK') return typeOfSublink(node, scope);
  const field = RESULT_FIELDS[node.type];
  if (field === undefined) throw new Error(`The type of ${node.type} is not known: sql-types/types.ts has the list.`);
  return numberOf(node, field);
}

function typeOfSublink(node: TreeNode, scope: Scope): number {
  const [kind, query] = [numberOf(node, 'subLinkType'), nodeOf(node, 'subselect')];
  const [entry] = query === undefined ? [] : outputOf(query);
  const expression = entry === undefined ? undefined : nodeOf(entry, 'expr');
  if (kind !== 4 && kind !== 6) return BOOL;
  if (expression === undefined || query === undefined) throw new Error('A subquery without a column.');
  const type = typeOf(expression, { ...scope, queries: [...scope.queries, query] });
  if (kind === 4) return type;
  for (const { oid, element } of scope.catalogue.types.values()) if (element === type) return oid;
  throw new Error('A list of a type that has no array.');
}
