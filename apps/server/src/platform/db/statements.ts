/**
 * What the migrated catalogue says of each statement, by its very text: every room adds its own in a statements.gen.ts (`npm run sql` writes it, decision
 * 0035). A text that stands in none does not compile.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the rooms fill it.
export interface Statements {}

/**
 * What is known of a column besides what the catalogue says, by `table.column`: the shape of its JSON, or the texts that the program alone writes into it.
 * The owner of the table adds it; `npm run sql` refuses a column that is not there.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the rooms fill it.
export interface ColumnTypes {}

export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Buffer
  | null
  | readonly SqlValue[]
  | Readonly<Record<string, unknown>>;

/**
 * One parametrised statement as an object: to be sent later, or with others. With a `name` it is prepared once a connection. Its rows are as those of the
 * statement `like`, which the catalogue knows; nobody reads rows of one without.
 */
export interface Statement<S extends string = string> {
  readonly text: string;
  readonly values: readonly SqlValue[];
  readonly name: string | undefined;
  readonly like: S | undefined;
}

/** `never` for a text that nobody has asked the catalogue about, or that is no literal. */
type Described<S> = S extends keyof Statements ? Statements[S] : never;

/** A row of a statement; nothing can be read of one that the catalogue does not know. */
export type RowOf<S> =
  S extends Statement<infer L>
    ? RowOf<L>
    : [Described<S>] extends [never]
      ? object
      : Described<S> extends { readonly row: infer R extends object }
        ? R
        : never;

/** A row that a function finds: by it a room names the rows of its statement. */
export type FoundBy<F extends (...given: never[]) => Promise<unknown>> = NonNullable<
  Awaited<ReturnType<F>> extends readonly (infer R)[] ? R : Awaited<ReturnType<F>>
>;

/** The values of a statement's parameters. */
export type ValuesOf<S> = Described<S> extends { readonly values: infer V extends readonly SqlValue[] } ? V : never;

/** What the compiler asks for where a text is not described. */
interface RunNpmRunSql extends ReadonlyArray<never> {
  readonly undescribed: never;
}

/** What a statement is handed: its values in the order of its parameters, and the name under which it is prepared. */
export type Given<S> = S extends Statement
  ? []
  : [Described<S>] extends [never]
    ? [values: RunNpmRunSql]
    : Described<S> extends { readonly values: infer V extends readonly SqlValue[] }
      ? V extends readonly []
        ? [values?: V, name?: string]
        : [values: V, name?: string]
      : never;

/** The rows of statements that are sent together. */
export type RowsOf<L extends readonly Statement[]> = {
  -readonly [K in keyof L]: L[K] extends Statement<infer S> ? RowOf<S>[] : never;
};

/** A statement of the catalogue with its values. */
export function statement<const S extends string>(text: S, ...given: Given<S>): Statement<S> {
  const [values = [], name]: readonly [values?: readonly SqlValue[], name?: string] = given;
  return { text, values, name, like: text };
}

interface ComposedText {
  readonly text: string;
  readonly values?: readonly SqlValue[];
  readonly name?: string | undefined;
}

/** What is put together while the program runs. A test asks PostgreSQL about such texts and compares their rows with those of `like` (composed.db.test.ts). */
export const composed = <const S extends keyof Statements = never>(
  { text, values = [], name }: ComposedText,
  like?: S,
): Statement<S> => ({
  text,
  values,
  name,
  like,
});
