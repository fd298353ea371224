import { mkdir, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { seededUid, smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import pino from 'pino';
import { service } from '../../src/access/index.ts';
import { type BackupResult, openTarget, readerOf, restore, runBackup } from '../../src/backup/index.ts';
import { composeWeb, openServerParts, type WebServer } from '../../src/compose.ts';
import { loadSecrets } from '../../src/config/secrets.ts';
import { type Settings, validateSettings } from '../../src/config/settings.ts';
import { createSequencer } from '../../src/features/audit/index.ts';
import { JOB_KINDS } from '../../src/job-kinds.ts';
import type { BackupTarget } from '../../src/platform/backup/index.ts';
import { type AppliedScripts, migrate, readApplied } from '../../src/platform/db/migrate.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts';
import { migrateQueue } from '../../src/platform/queue/queue.ts';
import type { ServerParts } from '../../src/server-parts.ts';

const log = pino({ level: 'silent' });
export const KEY = '0123456789abcdef'.repeat(4);
const IMPORTER = service('test-import', ['imports.create', 'patients.identity']);
const KEEPER = service('backup', ['system.manage']);

/** A server on a cluster of its own, as `npm run backup` meets it. */
export interface Installation {
  readonly dataDir: string;
  readonly parts: ServerParts;
  /** Imports so many small instances of one study; gives the ids and hashes of what was acknowledged. */
  import(name: string, count: number): Promise<Map<string, string>>;
  stored(): Promise<Map<string, string>>;
  backUp(options?: {
    to?: string;
    target?: BackupTarget;
    key?: string | undefined;
    keep?: number;
    isWhole?: boolean;
    applied?: AppliedScripts;
    signal?: AbortSignal;
  }): Promise<BackupResult>;
  /** A web process of it; closed before the installation. */
  openWeb(): Promise<WebServer>;
  close(): Promise<void>;
}

export const makeParent = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'negatoscope-backup-'));

const settingsOf = (dataDir: string): Settings => ({ ...validateSettings({}), dataDir });

/** `given`: on a server that runs already. */
export async function openInstallation(
  dataDir: string,
  target: string,
  given?: Pick<EmbeddedPostgres, 'owner' | 'app' | 'stop'>,
): Promise<Installation> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const embedded = given ?? (await startEmbeddedPostgres({ dataDir, log, durable: false }));
  await migrate(embedded.owner);
  await migrateQueue(embedded.owner, JOB_KINDS);
  const settings = settingsOf(dataDir);
  const options = { settings, secrets: loadSecrets(settings), log, database: { connection: embedded.app }, poolSize: 8 };
  const parts = await openServerParts(options, 'web');
  const sequencer = createSequencer({ db: parts.db, clock: parts.clock, key: parts.auditKey, anchorFolder: parts.anchorFolder });
  return {
    dataDir,
    parts,
    import: (name, count) => importInstances(parts, name, count),
    stored: () => storedIn(parts),
    backUp: async ({ to = target, target: given, key = KEY, ...options } = {}) => {
      while ((await sequencer.step()) > 0);
      const reader = await readerOf(dataDir);
      try {
        return await runBackup({
          ...{
            parts,
            dataDir,
            by: KEEPER,
            target: given ?? (await openTarget(to)),
            key,
            isPlainWanted: false,
            reader,
            applied: await readApplied(embedded.owner),
          },
          ...{ signal: new AbortController().signal, ...options },
        });
      } finally {
        await reader?.close();
      }
    },
    openWeb: async () => {
      const web = await composeWeb({ ...options, poolSize: 2 });
      await web.app.ready();
      return web;
    },
    close: async () => {
      await parts.close();
      await embedded.stop();
    },
  };
}

export const restoreTo = async (dataDir: string, target: string, options: Partial<Parameters<typeof restore>[0]> = {}) => {
  const by = service('restore', ['system.manage', 'trash.purge']);
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const given = {
    settings: settingsOf(dataDir),
    target: await openTarget(target),
    key: KEY,
    acceptsDamage: false,
    by,
    log,
    print,
    durable: false,
  };
  return { ...(await restore({ ...given, ...options })), lines };
};

/** Ids and hashes of the instances that a DATA_DIR without a running server holds, whose bytes are what their rows say. */
export async function readBack(dataDir: string): Promise<Map<string, string>> {
  const server = await openInstallation(dataDir, '');
  try {
    const stored = await server.stored();
    for (const [id, sha256] of stored) {
      const reason = await server.parts.objects.examine({ id, sha256: Buffer.from(sha256, 'hex') });
      if (reason !== undefined) throw new Error(`${id} is damaged: ${reason}`);
    }
    return stored;
  } finally {
    await server.close();
  }
}

async function importInstances(parts: ServerParts, name: string, count: number): Promise<Map<string, string>> {
  const files = (async function* () {
    for (let index = 0; index < count; index += 1) {
      const bytes = smallInstance(name, index);
      yield {
        name: `${name}-${index}.dcm`,
        stream: (async function* () {
          yield bytes;
        })(),
      };
    }
  })();
  const results = await parts.ingest.ingestFiles(IMPORTER, { entrance: 'DIMSE' }, files);
  const refused = results.find(({ outcome }) => outcome !== 'stored');
  if (refused !== undefined) throw new Error(JSON.stringify(refused));
  const ids = new Set(results.map((result) => result.instanceId ?? ''));
  return new Map([...(await storedIn(parts))].filter(([id]) => ids.has(id)));
}

const storedIn = (parts: ServerParts): Promise<Map<string, string>> =>
  parts.db.withSystem(async (tx) => {
    const rows = await tx.rows("SELECT id, encode(file_sha256, 'hex') AS sha256 FROM instances");
    return new Map(rows.map(({ id, sha256 }) => [id, sha256 ?? '']));
  });

/** One secondary capture of a study that `name` names, of a patient of its own. */
const smallInstance = (name: string, index: number): Uint8Array =>
  writePart10(
    { ...smallDataset(name), SOPInstanceUID: seededUid(name, String(index), 'instance'), InstanceNumber: String(index) },
    { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian },
  );
