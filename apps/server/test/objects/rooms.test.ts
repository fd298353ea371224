import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const SOURCES = path.resolve(import.meta.dirname, '..', '..', 'src');

/** Who may use the file system, and for what that is no object's data. */
const FILES: Readonly<Record<string, string>> = {
  'platform/objects/disk/': 'the objects on this machine’s disk',
  'platform/postgres/': 'the embedded database',
  'platform/codecs/': 'code of the codecs',
  'platform/db/migrate.ts': 'migrations',
  'platform/workers/worker-script.ts': 'code of worker threads',
  'config/': 'settings, secrets, the data directory',
  'kernel/flush-folder.ts': 'flushing the names of any folder of those below',
  'supervisor/': 'sockets of the processes',
  'web-process.ts': 'its socket',
  'platform/backup/': 'the folder that backups go to',
  'backup/':
    'what of the data directory is no object: a backup copies the database’s files, secrets and models, a restore makes them',
  'cli/backup.ts': 'the file of a new key',
  'upgrade/': 'folders of the embedded database',
  'cli/doctor-findings.ts': 'room and speed of the disk',
  'http/': 'the page and OHIF',
  'platform/metrics/supervised.ts': 'how much room the disk has',
  'object-store.ts': 'whether there are objects on the disk that wait to be moved',
  'platform/shared-state/redis-line.ts': 'the authority by which Redis is known',
  'platform/tls/': 'the administrator’s keys and certificates',
  'platform/onnx/': 'how much memory a process has, and the empty folder where it stands',
  'features/predictions/inference/inference.worker.ts': 'files of models',
  'features/predictions/models/': 'folders of models',
  'features/privacy/erasure/kept-list.ts': 'who was erased, outside of the database',
  'features/system/disk.ts': 'how much room the disk has',
  'features/audit/syslog/receiver.ts': 'the authorities of the receiver of audit messages',
  'features/audit/anchor.ts': 'the head of the chain of events, outside of the database',
};
/** By these alone the three ports are known. */
const DOORS = ['staging', 'store', 'scratch'].map((port) => `platform/objects/${port}/`);
const ADAPTERS = ['disk', 's3'].map((adapter) => `platform/objects/${adapter}/`);
/** Who joins the parts knows the adapters. */
const JOINERS = [
  'compose.ts',
  'object-store.ts',
  'stage.worker.ts',
  'cli/doctor-findings.ts',
  'cli/move-objects.ts',
  'backup/open-target.ts',
];

const importsOf = (file: string, source: string): string[] =>
  [...source.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name = '']) =>
    name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name,
  );

function isTrespass(file: string, imported: string): boolean {
  if (/^(?:node:)?fs\b/.test(imported)) return !Object.keys(FILES).some((place) => file.startsWith(place));
  if (!imported.startsWith('platform/objects/')) return false;
  const adapter = ADAPTERS.find((place) => imported.startsWith(place));
  if (adapter !== undefined) return !file.startsWith(adapter) && !JOINERS.includes(file);
  const isOwn = DOORS.some((door) => file.startsWith(door) && imported.startsWith(door));
  // An adapter keeps to the ports as well, each of which is one file.
  const isPort = ADAPTERS.some((place) => file.startsWith(place)) && imported.endsWith('/port.ts');
  return !isOwn && !isPort && !DOORS.some((door) => imported === `${door}index.ts`);
}

const sources = (): { file: string; source: string }[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('-fixture.ts'))
    .map((file) => ({ file: file.replaceAll('\\', '/'), source: readFileSync(path.join(SOURCES, file), 'utf8') }));

describe('rooms of objects', () => {
  test('the file system and the adapter are known where they belong; everybody else comes by the three doors', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(200);
    const found = files.flatMap(({ file, source }) =>
      importsOf(file, source)
        .filter((imported) => isTrespass(file, imported))
        .map((imported) => `${file}: ${imported}`),
    );
    expect(found).toEqual([]);
  });

  test('no place may use the file system that no longer does', () => {
    const using = sources().filter(({ file, source }) => importsOf(file, source).some((name) => name.startsWith('node:fs')));
    expect(Object.keys(FILES).filter((place) => !using.some(({ file }) => file.startsWith(place)))).toEqual([]);
  });

  test.each([
    ['features/ingest/spool.ts', "import { open } from 'node:fs/promises';", true],
    ['features/ingest/spool.ts', "const { rm } = await import('node:fs');", true],
    ['archive/metadata/packing.ts', "import fs from 'fs';", true],
    ['features/ingest/stage.ts', "import { DiskStore } from '../../platform/objects/disk/index.ts';", true],
    ['features/ingest/stage.ts', "import type { Draft } from '../../platform/objects/staging/port.ts';", true],
    ['platform/sending/spool.ts', "import { DiskScratch } from '../objects/disk/disk-scratch.ts';", true],
    ['platform/objects/store/guarded-store.ts', "import { errorCode } from '../disk/fs-port.ts';", true],
    ['platform/objects/s3/upload.ts', "import { errorCode } from '../disk/fs-port.ts';", true],
    ['features/ingest/stage.ts', "import { S3Store } from '../../platform/objects/s3/index.ts';", true],
    ['platform/objects/scratch/port.ts', "import type { FileHandle } from 'node:fs/promises';", true],
    ['features/ingest/stage.ts', "import type { Draft } from '../../platform/objects/staging/index.ts';", false],
    ['compose.ts', "import { DiskStore } from './platform/objects/disk/index.ts';", false],
    ['archive/objects/orphans.ts', "import { mark } from './damage.ts';", false],
  ])('%s, %s', (file, source, isRefused) => {
    expect(importsOf(file, source).some((imported) => isTrespass(file, imported))).toBe(isRefused);
  });

  test.each(['store', 'staging'])('the port of %s has no word of a file system', (port) => {
    const source = readFileSync(path.join(SOURCES, 'platform', 'objects', port, 'port.ts'), 'utf8');
    expect(
      source.match(/\b(?:paths?|fd|renamed?|inodes?|folders?|director(?:y|ies)|f(?:data)?sync|descriptors?|files?|disks?)\b/gi),
    ).toBeNull();
  });

  test('objects know nothing of DICOM', () => {
    const found = sources().filter(
      ({ file, source }) => file.startsWith('platform/objects/') && /\bDICOM\b|@negatoscope\/dicom|\bpatients?\b/i.test(source),
    );
    expect(found.map(({ file }) => file)).toEqual([]);
  });
});
