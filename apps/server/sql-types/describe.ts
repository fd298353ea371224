import type { Client } from 'pg';
import { type Catalogue, readCatalogue } from './catalogue.ts';
import { either, infer } from './expressions.ts';
import { isNode, nodeOf, parseTree, type TreeNode, textOf, type Value } from './node-tree.ts';
import { readParameters } from './parameters.ts';
import { armsOf, type Inferred, inside, outputOf, queryOf, type Scope } from './scope.ts';
import { type ParameterUse, rowType, typeOf, valueType } from './types.ts';

export interface DescribedColumn {
  readonly name: string;
  /** A TypeScript type. */
  readonly type: string;
}

export interface Described {
  /** TypeScript types of the parameters, in order. */
  readonly values: readonly string[];
  /** Undefined for a statement that gives no rows. */
  readonly columns?: readonly DescribedColumn[];
}

/** PostgreSQL doesn't take this statement, or it is one that can't be typed. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
}

/** Statements that PostgreSQL can't prepare: they have neither parameters nor rows. */
const UTILITY = /^\s*(?:SAVEPOINT|RELEASE|ROLLBACK|LOCK|SET|TRUNCATE|LISTEN|NOTIFY|ANALYZE)\b/i;
const ANY_USE: ParameterUse = { isNullable: true, hasNullElements: true };

export interface Describer {
  /** Fails with a StatementError that says what PostgreSQL said. */
  describe(text: string): Promise<Described>;
}

/** Asks a migrated database; `client` is nobody else's meanwhile, and nothing is changed. */
export async function createDescriber(client: Client, declared: readonly string[]): Promise<Describer> {
  const catalogue = await readCatalogue(client, declared);
  return {
    describe: async (text) => {
      if (UTILITY.test(text)) return { values: [] };
      try {
        await client.query('BEGIN');
        const parameters = await parametersOf(client, text);
        return describeTree(await treeOf(client, text, parameters), parameters, catalogue);
      } catch (error) {
        throw new StatementError(error instanceof Error ? error.message : String(error), { cause: error });
      } finally {
        await client.query('ROLLBACK');
        await client.query('DEALLOCATE ALL');
      }
    },
  };
}

/** The types that PostgreSQL gives the parameters. */
async function parametersOf(client: Client, text: string): Promise<readonly { oid: number; name: string }[]> {
  await client.query(`PREPARE described AS ${text}`);
  const { rows } = await client.query<{ oid: number; name: string }>(
    `SELECT t.type::oid::int AS oid, t.type::text AS name FROM pg_prepared_statements s, unnest(s.parameter_types) WITH ORDINALITY AS t (type, place)
     WHERE s.name = 'described' ORDER BY t.place`,
  );
  return rows;
}

/** The analysed statement as PostgreSQL keeps it for a function whose body it is. */
async function treeOf(client: Client, text: string, parameters: readonly { name: string }[]): Promise<Value> {
  await client.query(
    `CREATE FUNCTION pg_temp.described(${parameters.map(({ name }) => name).join(', ')}) RETURNS void LANGUAGE sql BEGIN ATOMIC ${text}; END`,
  );
  const { rows } = await client.query<{ tree: string }>(
    "SELECT prosqlbody::text AS tree FROM pg_proc WHERE proname = 'described' AND pronamespace = pg_my_temp_schema()",
  );
  return parseTree(rows[0]?.tree ?? '');
}

/** The body is a list with one list of queries. */
function queriesOf(value: Value): readonly TreeNode[] {
  if (isNode(value)) return [value];
  return Array.isArray(value) ? value.flatMap(queriesOf) : [];
}

function describeTree(tree: Value, parameters: readonly { oid: number }[], catalogue: Catalogue): Described {
  const queries = queriesOf(tree);
  const [query, other] = queries;
  if (query === undefined || other !== undefined) throw new Error('A statement is one statement.');
  const blank: Scope = { catalogue, queries: [], givenParameters: new Set(), givenElements: new Set(), present: [], open: [] };
  const uses = readParameters(queries, blank);
  const scope: Scope = {
    ...blank,
    givenParameters: new Set([...uses].flatMap(([number, use]) => (use.isNullable ? [] : [number]))),
    givenElements: new Set([...uses].flatMap(([number, use]) => (use.hasNullElements ? [] : [number]))),
  };
  const values = parameters.map(({ oid }, index) => valueType(oid, uses.get(index + 1) ?? ANY_USE, catalogue));
  const columns = outputOf(query).map((entry, index) => column(entry, index, inside(scope, query)));
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two columns are called ${twice}.`);
  return columns.length === 0 && outputOf(query).length === 0 && !isSelect(query) ? { values } : { values, columns };
}

const isSelect = (query: TreeNode): boolean => textOf(query, 'commandType') === '1';

function column(entry: TreeNode, index: number, scope: Scope): DescribedColumn {
  const expression = nodeOf(entry, 'expr');
  if (expression === undefined) throw new Error('A column without an expression.');
  const arms = armsOf(queryOf(scope), scope).map((arm): Inferred => {
    const own = nodeOf(outputOf(queryOf(arm))[index] ?? entry, 'expr');
    return infer(own ?? expression, arm);
  });
  return {
    name: textOf(entry, 'resname') ?? '?column?',
    type: rowType(typeOf(expression, scope), either(arms), scope.catalogue),
  };
}
