import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { flushFolder } from '../../../kernel/flush-folder.ts';
import { ID_PATTERN } from '../../../kernel/ids.ts';
import { ErasureEntry } from './entry.ts';

const FOLDER = 'erasures';
const NAME = new RegExp(`^${ID_PATTERN}\\.json$`);

/** Erasures beside the database, a file each in `DATA_DIR/erasures`: a database that its own tools bring back to an older moment does not bring these. */
export async function readKept(dataDir: string): Promise<ErasureEntry[]> {
  const folder = path.join(dataDir, FOLDER);
  const names = await readdir(folder).catch(() => []);
  const found: ErasureEntry[] = [];
  for (const name of names.filter((one) => NAME.test(one)).sort()) {
    // What was cut off or is damaged costs only itself; the database writes it again.
    const entry = ErasureEntry.safeParse(jsonOf(await readFile(path.join(folder, name), 'utf8')));
    if (entry.success) found.push(entry.data);
  }
  return found;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes those that are not there, each whole and flushed. Gives how many. */
export async function keepEntries(dataDir: string, entries: readonly ErasureEntry[]): Promise<number> {
  const known = new Set((await readKept(dataDir)).map(({ id }) => id));
  const missing = entries.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return 0;
  const folder = path.join(dataDir, FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const entry of missing) {
    const draft = path.join(folder, `${entry.id}.draft`);
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(entry));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path.join(folder, `${entry.id}.json`));
  }
  await flushFolder(folder);
  return missing.length;
}
