// `npm run sql`: writes the types of every statement. With `--check` it writes nothing, and fails where they are others than those that are there.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { withDatabase } from '../test/support/cluster.ts';
import { openMigratedCluster } from '../test/support/migrated-cluster.ts';
import { createDescriber, type Described } from './describe.ts';
import { byHome, textOfHome } from './rooms.ts';
import { type Found, type FoundStatement, findStatements } from './sources.ts';

export interface Outcome {
  /** One line for each statement that PostgreSQL does not take. */
  readonly failures: readonly string[];
  /** The text of each generated file by its path in the workspace. */
  readonly files: ReadonlyMap<string, string>;
}

export async function describeAll(client: Client, { statements, columns }: Found): Promise<Outcome> {
  const describer = await createDescriber(client, columns);
  const described = new Map<string, Described>();
  const failures: string[] = [];
  for (const { file, line, text } of statements) {
    if (described.has(text)) continue;
    try {
      described.set(text, await describer.describe(text));
    } catch (error) {
      failures.push(`${file}:${line}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  failures.push(...namesOfOthers(statements));
  const files = new Map([...byHome(statements)].map(([home, own]) => [home, textOfHome(home, own, described)]));
  return { failures, files };
}

/** A connection prepares one text under a name: another one fails there. */
function namesOfOthers(statements: readonly FoundStatement[]): string[] {
  const texts = new Map<string, string>();
  return statements.flatMap(({ file, line, text, name }) => {
    if (name === undefined) return [];
    const first = texts.get(name) ?? text;
    texts.set(name, first);
    return first === text ? [] : [`${file}:${line}: the name ${name} is that of another statement`];
  });
}

const filesBelow = (folder: string, pattern: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => path.join(folder, name))
    .sort();

const generatedIn = (workspace: string): string[] =>
  ['src', 'test'].flatMap((folder) => filesBelow(path.join(workspace, folder), /\.gen\.ts$/));

/** Of everything that the answer depends on: what was right once needs no database to be right again. */
function stampOf(workspace: string, { statements, columns }: Found): string {
  const hash = createHash('sha256').update(
    JSON.stringify([columns, statements.map(({ file, text, name }) => [file, text, name])]),
  );
  const files = [
    ...generatedIn(workspace),
    ...filesBelow(path.join(workspace, 'migrations'), /\.sql$/),
    ...filesBelow(path.join(workspace, 'sql-types'), /\.ts$/),
  ];
  for (const file of files) hash.update(path.relative(workspace, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

async function askDatabase(found: Found): Promise<Outcome> {
  const { cluster, stop } = await openMigratedCluster();
  try {
    const client = new Client(withDatabase(cluster.owner, cluster.templateName));
    await client.connect();
    try {
      return await describeAll(client, found);
    } finally {
      await client.end();
    }
  } finally {
    await stop();
  }
}

/** Generated files that are not what the database says, by path: another text, missing, or left from statements that are gone. */
export function staleFiles(workspace: string, files: ReadonlyMap<string, string>): string[] {
  const there = generatedIn(workspace).map((file) => path.relative(workspace, file).replaceAll('\\', '/'));
  const stale = [...files].filter(
    ([file, text]) => !there.includes(file) || readFileSync(path.join(workspace, file), 'utf8') !== text,
  );
  return [...stale.map(([file]) => file), ...there.filter((file) => !files.has(file))];
}

function write(workspace: string, files: ReadonlyMap<string, string>): void {
  for (const file of staleFiles(workspace, files)) {
    const text = files.get(file);
    if (text === undefined) rmSync(path.join(workspace, file));
    else writeFileSync(path.join(workspace, file), text);
    console.log(`${text === undefined ? 'removed' : 'written'} ${file}`);
  }
}

/** Gives the exit code. `cache` is where the last right answer is noted. */
export async function main(workspace: string, cache: string, isCheck: boolean): Promise<number> {
  const found = findStatements(workspace);
  const note = path.join(cache, 'sql-types.txt');
  if (isCheck && existsSync(note) && readFileSync(note, 'utf8') === stampOf(workspace, found)) return 0;
  const { failures, files } = await askDatabase(found);
  for (const failure of failures) console.error(failure);
  if (!isCheck) write(workspace, files);
  const stale = isCheck ? staleFiles(workspace, files) : [];
  for (const file of stale) console.error(`${file} is not what the migrated database says: npm run sql`);
  if (failures.length > 0 || stale.length > 0) return 1;
  mkdirSync(cache, { recursive: true });
  writeFileSync(note, stampOf(workspace, found));
  return 0;
}
