import path from 'node:path';
import type { Described } from './describe.ts';
import type { FoundStatement } from './sources.ts';
import { quoted } from './types.ts';

const GENERATED = 'statements.gen.ts';
const MODULE = 'src/platform/db/statements.ts';

/** The file that has a statement's types: one for the archive, for each feature and for every other folder of src, and one for all tests. */
export function homeOf(file: string): string {
  if (!file.startsWith('src/') || file.endsWith('.test.ts') || file.endsWith('-fixture.ts')) return `test/${GENERATED}`;
  const [, place = '', room = ''] = file.split('/');
  if (place.endsWith('.ts')) return `src/${GENERATED}`;
  return place === 'features' || place === 'platform' ? `src/${place}/${room}/${GENERATED}` : `src/${place}/${GENERATED}`;
}

/** The statements of each generated file, each once, where it stands first. */
export function byHome(statements: readonly FoundStatement[]): ReadonlyMap<string, readonly FoundStatement[]> {
  const homes = new Map<string, FoundStatement[]>();
  for (const statement of statements) {
    const home = homeOf(statement.file);
    const there = homes.get(home) ?? [];
    if (!there.some(({ text }) => text === statement.text)) there.push(statement);
    homes.set(home, there);
  }
  return homes;
}

const objectOf = ({ columns = [] }: Described): string =>
  columns.length === 0
    ? '{}'
    : `{ ${columns.map(({ name, type }) => `${/^[a-z_]\w*$/i.test(name) ? name : quoted(name)}: ${type}`).join('; ')} }`;

/** The text of one generated file. */
export function textOfHome(
  home: string,
  statements: readonly FoundStatement[],
  described: ReadonlyMap<string, Described>,
): string {
  const folder = path.posix.dirname(home);
  const module = path.posix.relative(folder, MODULE);
  const from = module.startsWith('.') ? module : `./${module}`;
  const lines: string[] = [];
  let last = '';
  for (const { file, text } of statements) {
    const found = described.get(text);
    if (found === undefined) continue;
    if (file !== last) lines.push(`    // ${path.posix.relative(folder, file)}`);
    last = file;
    const row = found.columns === undefined ? '' : `; row: ${objectOf(found)}`;
    lines.push(`    ${quoted(text)}: { values: readonly [${found.values.join(', ')}]${row} };`);
  }
  const usesTypes = lines.some((line) => line.includes("ColumnTypes['"));
  return [
    '// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.',
    usesTypes ? `import type { ColumnTypes } from '${from}';` : `import '${from}';`,
    '',
    `declare module '${from}' {`,
    '  interface Statements {',
    ...lines,
    '  }',
    '}',
    '',
  ].join('\n');
}
