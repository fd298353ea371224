import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '../kernel/start-error.ts';
import type { Pieces } from '../platform/backup/index.ts';
import { segmentName } from '../platform/postgres/log-segments.ts';
import type { ChosenDatabase } from './choose.ts';
import type { KeptFile } from './manifest.ts';

const hashOf = (name: string): Buffer => Buffer.from(name, 'base64');

/** A path from a list never leaves the folder, whoever wrote the list. */
function inside(folder: string, name: string): string {
  const place = path.resolve(folder, name);
  if (place.startsWith(`${path.resolve(folder)}${path.sep}`)) return place;
  throw new StartError('BACKUP_DAMAGED', `a list names ${JSON.stringify(name)}, which lies elsewhere`);
}

async function writeFile(
  pieces: Pieces,
  file: string,
  { mode, sizeBytes, pieces: names }: Omit<KeptFile, 'path'>,
): Promise<number> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'wx', mode);
  try {
    let written = 0;
    for (const name of names) {
      const bytes = await pieces.read(hashOf(name));
      await handle.writeFile(bytes);
      written += bytes.length;
    }
    if (written !== sizeBytes)
      throw new StartError('BACKUP_DAMAGED', `${path.basename(file)} has ${written} bytes of ${sizeBytes}`);
    await handle.datasync();
    return written;
  } finally {
    await handle.close();
  }
}

/** Writes what was copied as files. Gives the bytes. */
export async function writeFiles(pieces: Pieces, folder: string, files: readonly KeptFile[]): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += await writeFile(pieces, inside(folder, file.path), file);
  return bytes;
}

/** Makes the cluster as it was copied, and lays its log beside it; a start with a recovery brings it to the moment. Gives the bytes. */
export async function writeCluster(
  pieces: Pieces,
  { clusterDir, logFolder }: { readonly clusterDir: string; readonly logFolder: string },
  { base, segments, timeline }: ChosenDatabase,
): Promise<number> {
  for (const folder of [clusterDir, logFolder]) await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const folder of base.folders) await mkdir(inside(clusterDir, folder), { recursive: true, mode: 0o700 });
  let bytes = await writeFiles(pieces, clusterDir, base.files);
  const text = async (name: string, content: string): Promise<void> => {
    const handle = await open(path.join(clusterDir, name), 'wx', 0o600);
    await handle
      .writeFile(content)
      .then(() => handle.datasync())
      .finally(() => handle.close());
  };
  await text('backup_label', base.label);
  await text('recovery.signal', '');
  for (const { number, piece } of segments) {
    const sizeBytes = (await pieces.read(hashOf(piece))).length;
    bytes += await writeFile(pieces, path.join(logFolder, segmentName(timeline, number)), {
      mode: 0o600,
      sizeBytes,
      pieces: [piece],
    });
  }
  return bytes;
}
