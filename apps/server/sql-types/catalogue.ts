import type { Client } from 'pg';
import { isNode, nodeOf, nodesOf, numberOf, parseTree, type TreeNode, textOf } from './node-tree.ts';

export interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: number;
  readonly isNotNull: boolean;
  /** The only texts that a CHECK (column IN (…)) lets in. */
  readonly literals?: readonly string[];
}

export interface PgType {
  readonly oid: number;
  readonly name: string;
  /** A row of a table. */
  readonly isComposite: boolean;
  /** The type of an array's elements. */
  readonly element?: number;
}

/** What the migrated database says of itself. */
export interface Catalogue {
  /** Columns of which the program says the type (`ColumnTypes`), as `table.column`. */
  readonly declared: ReadonlySet<string>;
  /** Columns by `relation oid.number`. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly types: ReadonlyMap<number, PgType>;
  /** Names of functions, aggregates and operators. */
  readonly functions: ReadonlyMap<number, string>;
  readonly operators: ReadonlyMap<number, string>;
}

export const columnAt = (catalogue: Catalogue, relation: number, attribute: number): Column | undefined =>
  catalogue.columns.get(`${relation}.${attribute}`);

/** The text of a constant of a type with variable length; undefined for any other. Bytes as PostgreSQL keeps them: the length first, in four bytes. */
export function textOfConstant(constant: TreeNode): string | undefined {
  const value = constant.fields.get('constvalue');
  const [, bytes] = Array.isArray(value) ? value : [];
  if (!Array.isArray(bytes)) return undefined;
  const whole = Buffer.from(bytes.map((byte) => Number(byte) & 0xff));
  const length = numberOf(constant, 'constlen');
  // A literal that has no type yet ends with NUL.
  if (length === -2) return whole.subarray(0, -1).toString('utf8');
  return length === -1 ? whole.subarray(4).toString('utf8') : undefined;
}

/** The constants of `column IN ('a', 'b')`, by the column's number. */
export function allowedTexts(check: TreeNode): { attribute: number; literals: readonly string[] } | undefined {
  if (check.type !== 'SCALARARRAYOPEXPR' || textOf(check, 'useOr') !== 'true') return undefined;
  const [column, list] = nodesOf(check, 'args').map(uncoerced);
  if (column?.type !== 'VAR' || list?.type !== 'ARRAYEXPR') return undefined;
  const literals = nodesOf(list, 'elements').map((element) => textOfConstant(uncoerced(element)));
  return literals.every((literal) => literal !== undefined) ? { attribute: numberOf(column, 'varattno'), literals } : undefined;
}

/** What is inside conversions of one text type into another. */
export function uncoerced(node: TreeNode): TreeNode {
  const inside = ['RELABELTYPE', 'COERCEVIAIO', 'ARRAYCOERCEEXPR', 'COERCETODOMAIN'].includes(node.type)
    ? nodeOf(node, 'arg')
    : undefined;
  return inside === undefined ? node : uncoerced(inside);
}

async function readColumns(client: Client): Promise<Map<string, Column>> {
  const { rows: checks } = await client.query<{ relation: number; tree: string }>(
    "SELECT conrelid::int AS relation, conbin::text AS tree FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0",
  );
  const literals = new Map<string, readonly string[]>();
  for (const { relation, tree } of checks) {
    const check = parseTree(tree);
    const allowed = isNode(check) ? allowedTexts(check) : undefined;
    if (allowed !== undefined) literals.set(`${relation}.${allowed.attribute}`, allowed.literals);
  }
  const { rows } = await client.query<Omit<Column, 'literals'> & { at: string }>(
    `SELECT a.attrelid || '.' || a.attnum AS at, c.relname AS "table", a.attname AS name, a.atttypid::int AS type, a.attnotnull AS "isNotNull"
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')`,
  );
  return new Map(
    rows.map(({ at, ...column }) => {
      const allowed = literals.get(at);
      return [at, allowed === undefined ? column : { ...column, literals: allowed }];
    }),
  );
}

export async function readCatalogue(client: Client, declared: readonly string[]): Promise<Catalogue> {
  const columns = await readColumns(client);
  const names = new Set([...columns.values()].map(({ table, name }) => `${table}.${name}`));
  const unknown = declared.filter((name) => !names.has(name));
  if (unknown.length > 0) throw new Error(`ColumnTypes names columns that the database does not have: ${unknown.join(', ')}`);
  const types = await client.query<{ oid: number; name: string; isComposite: boolean; element: number }>(
    `SELECT oid::int, typname AS name, typtype = 'c' AS "isComposite", CASE WHEN typcategory = 'A' THEN typelem::int ELSE 0 END AS element FROM pg_type`,
  );
  const functions = await client.query<{ oid: number; name: string }>('SELECT oid::int, proname AS name FROM pg_proc');
  const operators = await client.query<{ oid: number; name: string }>('SELECT oid::int, oprname AS name FROM pg_operator');
  return {
    declared: new Set(declared),
    columns,
    types: new Map(types.rows.map(({ element, ...type }) => [type.oid, element === 0 ? type : { ...type, element }])),
    functions: new Map(functions.rows.map(({ oid, name }) => [oid, name])),
    operators: new Map(operators.rows.map(({ oid, name }) => [oid, name])),
  };
}
