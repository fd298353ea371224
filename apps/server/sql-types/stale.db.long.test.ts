import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { describeAll, type Outcome, staleFiles } from './main.ts';
import { findStatements } from './sources.ts';

const SERVER = path.resolve(import.meta.dirname, '..');
const ROOT = path.resolve(SERVER, '../..');
const GENERATED = 'src/archive/statements.gen.ts';
const SOURCE = `import { type RowOf, statement, type Statement } from '../platform/db/statements.ts';
const COLUMNS = 'id, family_name';
const byId = <const A extends string>(alias: A) => \`\${alias}.id = $1\` as const;
const where = (group: string | null) => (group === null ? ('p.group_id IS NULL' as const) : ('p.sex IS NOT NULL' as const));
export const sent = [
  statement(\`SELECT \${COLUMNS} FROM patients p WHERE \${byId('p')}\`, ['id']),
  statement(\`SELECT sex FROM patients p WHERE \${where(null)}\`),
];
declare function send<S extends string>(statement: Statement<S>): RowOf<S>;
export const row = send(
  statement('SELECT p.birth_date, s.size_bytes AS size FROM patients p LEFT JOIN studies s ON s.patient_id = p.id'),
);
export const birthDate: string | null = row.birth_date;
export const notOurs = { run: (text: string) => text }.run('this is no SQL');
`;

let database: TestDatabase;
let client: Client;
let workspace: string;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client(database.ownerConfig);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(() => {
  workspace = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-sql-'));
  mkdirSync(path.join(workspace, 'src/platform/db'), { recursive: true });
  mkdirSync(path.join(workspace, 'src/archive'), { recursive: true });
  mkdirSync(path.join(workspace, 'test'));
  const compilerOptions = {
    strict: true,
    target: 'ES2023',
    module: 'ESNext',
    moduleResolution: 'Bundler',
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: [path.join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(path.join(workspace, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  copyFileSync(path.join(SERVER, 'src/platform/db/statements.ts'), path.join(workspace, 'src/platform/db/statements.ts'));
  writeFileSync(path.join(workspace, 'src/archive/a.ts'), SOURCE);
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

const ask = async (): Promise<Outcome> => describeAll(client, findStatements(workspace));
const edit = (file: string, change: (text: string) => string): void => {
  const target = path.join(workspace, file);
  writeFileSync(target, change(readFileSync(target, 'utf8')));
};
function write({ files }: Outcome): void {
  for (const [file, text] of files) writeFileSync(path.join(workspace, file), text);
}
const stale = ({ files }: Outcome): string[] => staleFiles(workspace, files);

test('the texts are what the compiler says of each call: constants, functions of them, and both of two', async () => {
  expect(findStatements(workspace).statements.map(({ file, line, text }) => [file, line, text])).toEqual([
    ['src/archive/a.ts', 6, 'SELECT id, family_name FROM patients p WHERE p.id = $1'],
    ['src/archive/a.ts', 7, 'SELECT sex FROM patients p WHERE p.group_id IS NULL'],
    ['src/archive/a.ts', 7, 'SELECT sex FROM patients p WHERE p.sex IS NOT NULL'],
    ['src/archive/a.ts', 11, expect.stringMatching(/^SELECT p\.birth_date/)],
  ]);
});

test('what was written is right until a statement, a file or the catalogue is another', async () => {
  const first = await ask();
  expect(stale(first)).toEqual([GENERATED]);
  write(first);
  expect(stale(await ask())).toEqual([]);
  edit('src/archive/a.ts', (text) => text.replace('family_name', 'given_name'));
  const second = await ask();
  expect(stale(second)).toEqual([GENERATED]);
  write(second);
  edit(GENERATED, (text) => text.replace('given_name: string', 'given_name: number'));
  expect(stale(second)).toEqual([GENERATED]);
  write(second);
  await client.query('ALTER TABLE patients ALTER given_name DROP NOT NULL');
  expect(stale(await ask())).toEqual([GENERATED]);
  await client.query('ALTER TABLE patients ALTER given_name SET NOT NULL');
  edit('src/archive/a.ts', () => 'export {};\n');
  expect(stale(await ask())).toEqual([GENERATED]);
});

/** The codes of what the compiler says of each file of the workspace that it says anything of. */
function compilerSays(): Record<string, string[]> {
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', workspace], { encoding: 'utf8', cwd: workspace });
  const said: Record<string, string[]> = {};
  for (const [, file = '', code = ''] of stdout.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm))
    said[file] = [...(said[file] ?? []), code];
  return said;
}

/** What is changed in a file that uses what was described, and what the compiler says of it then. */
const MISTAKES: readonly (readonly [what: string, change: (text: string) => string, code: string])[] = [
  ['a column has another type', (text) => `${text}export const a: number | null = row.birth_date;\n`, 'TS2322'],
  ['what may be NULL is used as if it were not', (text) => `${text}export const a: string = row.birth_date;\n`, 'TS2322'],
  ['what an outer join may leave out is', (text) => `${text}export const a: number = row.size;\n`, 'TS2322'],
  ['there is no such column', (text) => `${text}export const a = row.birth_day;\n`, 'TS2551'],
  ['a value is of another type', (text) => text.replace("['id']", '[1]'), 'TS2322'],
  ['a value is missing', (text) => text.replace("['id']", '[]'), 'TS2345'],
  ['the text is another than what was described', (text) => text.replace('family_name', 'given_name'), 'TS2322'],
  ['the text is no literal', (text) => `${text}export const a = statement(String(birthDate), []);\n`, 'TS2741'],
];

// The compiler reads the types of Node each time: all of them at once, a file each.
test('the compiler sees each way to use a row or a value as what it is not, and nothing wrong where nothing is', async () => {
  write(await ask());
  const fileOf = (what: string): string => `src/archive/${what.replaceAll(/\W+/g, '-')}.ts`;
  for (const [what, change] of MISTAKES) {
    const changed = change(SOURCE);
    expect(changed).not.toBe(SOURCE);
    writeFileSync(path.join(workspace, fileOf(what)), changed);
  }
  expect(compilerSays()).toEqual(Object.fromEntries(MISTAKES.map(([what, , code]) => [fileOf(what), [code]])));
});

test('a statement that PostgreSQL does not take is told by its place', async () => {
  edit('src/archive/a.ts', (text) => text.replace("'id, family_name'", "'id, no_such_column'"));
  expect((await ask()).failures).toEqual([expect.stringMatching(/^src\/archive\/a\.ts:6: .*no_such_column/)]);
});

test('two statements under one name are told: a connection prepares but one', async () => {
  edit('src/archive/a.ts', (text) =>
    text.replace("['id']", "['id'], 'by-id'").replace('where(null)}`)', "where(null)}`, [], 'by-id')"),
  );
  const other = expect.stringMatching(/^src\/archive\/a\.ts:7: the name by-id/);
  expect((await ask()).failures).toEqual([other, other]);
});

test('a column that the program has a type for is one of the database', async () => {
  edit(
    'src/archive/a.ts',
    (text) => `${text}declare module '../platform/db/statements.ts' { interface ColumnTypes { 'patients.gone': string } }\n`,
  );
  await expect(ask()).rejects.toThrow('patients.gone');
});
