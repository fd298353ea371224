import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { service } from '../../src/access/index.ts';
import { prepareDataDir } from '../../src/config/preflight.ts';
import { validateSettings } from '../../src/config/settings.ts';
import { orthancCopies } from '../../src/features/orthanc/index.ts';
import { askAgain, type ErasureEntry, eraseAsked } from '../../src/features/privacy/index.ts';
import { insertShare, withdraw } from '../../src/features/sharing/repository.ts';
import { hashOf, newSecret } from '../../src/features/sharing/rules.ts';
import { newId } from '../../src/kernel/ids.ts';
import { composed } from '../../src/platform/db/statements.ts';
import { ROW_KINDS, ROWS_BY_TEXT, ROWS_BY_UID } from '../../src/row-kinds.ts';
import type { ServerParts } from '../../src/server-parts.ts';
import { type Installation, makeParent, openInstallation, restoreTo } from './installation.ts';

// Clusters are made and recovered: seconds each on an idle machine, far more on a busy one. The long run restores more often (backup.long.test.ts).
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const failure = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) });

let parent: string;
let target: string;
let server: Installation;
let first: Map<string, string>;

beforeAll(async () => {
  parent = await makeParent();
  target = path.join(parent, 'target');
  server = await openInstallation(path.join(parent, 'data'), target);
  first = await server.import('first', 12);
});
afterAll(async () => {
  await server.close();
  await rm(parent, { recursive: true, force: true });
});

describe('a backup of a busy server (reliability R22, R23)', () => {
  it('is made while an import runs, and a second one beside it is refused', async () => {
    const meanwhile = server.import('meanwhile', 40);
    const made = server.backUp();
    await vi.waitFor(async () => expect(await readdir(target)).toContain('lock.json'), { timeout: 20_000 });
    await expect(server.backUp({ to: path.join(parent, 'other') })).rejects.toThrow(failure('BACKUP_RUNNING'));
    const { manifest, isWhole, progress } = await made;
    await meanwhile;
    expect({ isWhole, damaged: progress.damaged, isExact: manifest.counts.isExact }).toEqual({
      isWhole: true,
      damaged: 0,
      isExact: true,
    });
    expect(manifest.counts.instances).toBeGreaterThanOrEqual(first.size);
    expect(await readdir(target)).not.toContain('lock.json');
  });

  it('copies what is new the next time, and nothing twice', async () => {
    await server.import('second', 5);
    const { manifest, isWhole, progress } = await server.backUp();
    expect(isWhole).toBe(false);
    expect(progress.copiedObjects).toBeGreaterThanOrEqual(5);
    expect(manifest.counts.instances).toBe((await server.stored()).size);
    const again = await server.backUp();
    expect({ isWhole: again.isWhole, copied: again.progress.copiedObjects }).toEqual({ isWhole: false, copied: 0 });
  });

  it('that is cut off is none: the one before is whole, and the journal says what happened', async () => {
    const before = await readdir(path.join(target, 'backups'));
    await expect(server.backUp({ signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await readdir(path.join(target, 'backups'))).toEqual(before);
    const rows = await server.parts.db.withSystem((tx) => tx.rows('SELECT outcome, failure FROM backups ORDER BY started_at'));
    expect(rows.map(({ outcome }) => outcome)).toEqual(['DONE', 'DONE', 'DONE', 'FAILED']);
    expect(rows.at(-1)?.failure).toBe('CANCELLED');
  });

  it('is not restored with another key, to a moment that none reaches, or where no whole one is', async () => {
    const dataDir = path.join(parent, 'never');
    await expect(restoreTo(dataDir, target, { key: 'f'.repeat(64) })).rejects.toThrow(failure('BACKUP_KEY_WRONG'));
    const at = new Date(Date.now() - 86_400_000);
    await expect(restoreTo(dataDir, target, { at })).rejects.toThrow(failure('BACKUP_NOT_THEN', 'choose from'));
    await expect(restoreTo(dataDir, target, { name: 'unknown' })).rejects.toThrow(failure('BACKUP_UNKNOWN'));
    const cut = path.join(parent, 'cut');
    await cp(target, cut, { recursive: true });
    await rm(path.join(cut, 'backups'), { recursive: true });
    await expect(restoreTo(dataDir, cut)).rejects.toThrow(failure('BACKUP_NONE'));
    await expect(readdir(dataDir)).rejects.toThrow('ENOENT');
  });

  it('with a flipped bit names the file, and no server starts on what was restored until then', async () => {
    const bad = path.join(parent, 'bad');
    await cp(target, bad, { recursive: true });
    const packs = (await readdir(path.join(bad, 'packs'), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    for (const { name, parentPath } of packs) {
      const bytes = await readFile(path.join(parentPath, name));
      bytes[5_000] = (bytes[5_000] ?? 0) ^ 1;
      await writeFile(path.join(parentPath, name), bytes);
    }
    const dataDir = path.join(parent, 'half');
    await expect(restoreTo(dataDir, bad)).rejects.toThrow(failure('BACKUP_DAMAGED', 'packs/'));
    expect(() => prepareDataDir(dataDir)).toThrow(failure('RESTORE_UNFINISHED'));
  });

  it('of a newer version is refused before anything is written', async () => {
    const newer = { migrations: [{ name: '9999-of-tomorrow.sql', sha256: '' }], functions: [] };
    await server.backUp({ applied: newer });
    const dataDir = path.join(parent, 'never');
    await expect(restoreTo(dataDir, target)).rejects.toThrow(failure('BACKUP_NEWER'));
    await expect(readdir(dataDir)).rejects.toThrow('ENOENT');
  });
});

/** Ids of the studies of these instances, and of their patients. */
const studiesOf = async ({ db }: ServerParts, objects: readonly string[]): Promise<Record<'id' | 'patient_id', string>[]> => {
  const text =
    'SELECT DISTINCT t.id, t.patient_id FROM studies t JOIN series s ON s.study_id = t.id JOIN instances i ON i.series_id = s.id WHERE i.id = ANY($1::uuid[])';
  const found = await db.withSystem((tx) => tx.rows(composed({ text, values: [objects] })));
  return found as Record<'id' | 'patient_id', string>[]; // The text's own columns.
};

/** Shares a study by a link of a radiologist of no group; gives the share's id and the link's secret. */
async function shareStudy({ db, clock }: ServerParts, studyId: string): Promise<{ id: string; secret: string }> {
  const [id, userId, secret, now] = [newId(), newId(), newSecret(), clock.now()];
  const user =
    "INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, status) VALUES ($1, $2, 'x', 'Anne', 'Auteur', 'RADIOLOGIST', 'WRITE', 'ACTIVE')";
  await db.withSystem(async (tx) => {
    await tx.run(composed({ text: user, values: [userId, `${userId}@example.org`] }));
    await insertShare(tx, {
      ...{
        id,
        userId,
        secretHash: hashOf(secret) ?? Buffer.alloc(0),
        codeHash: null,
        profile: 'IDENTIFIED',
        recipient: 'Dr Dupont',
      },
      ...{ note: null, mayDownload: false, maxOpenings: null, now, expiresAt: new Date(now.getTime() + 86_400_000) },
      studyIds: [studyId],
    });
  });
  return { id, secret };
}

/** Status of opening each link, in a web process of an installation. */
async function openingsIn(installation: Installation, links: readonly { readonly secret: string }[]): Promise<number[]> {
  const web = await installation.openWeb();
  try {
    const origin = new URL(validateSettings({}).publicUrl).origin;
    const statuses: number[] = [];
    for (const { secret } of links) {
      const request = { method: 'POST', url: '/api/shared/open', headers: { origin, host: new URL(origin).host } } as const;
      statuses.push((await web.app.inject({ ...request, payload: { secret } })).statusCode);
    }
    return statuses;
  } finally {
    await web.close();
  }
}

describe('a restore into an empty folder (R22, R23; GDPR, art. 17)', () => {
  it('of an older backup has counts, hashes and the chain of the audit as they were, opens the links that were open and no others, and brings back nobody who was erased since', async () => {
    const objects = [...(await server.import('erased', 2)).keys()];
    const [kept, lost] = [
      (await studiesOf(server.parts, [...first.keys()]))[0]?.id,
      (await studiesOf(server.parts, objects))[0]?.id,
    ];
    const open = await shareStudy(server.parts, kept ?? '');
    const withdrawn = await shareStudy(server.parts, kept ?? '');
    const ofErased = await shareStudy(server.parts, lost ?? '');
    await server.parts.db.withSystem((tx) => withdraw(tx, withdrawn.id, new Date()));
    const { manifest } = await server.backUp();
    const stored = (await server.stored()).size;
    const { parts } = server;
    const by = service('erase-patients', ['trash.purge']);
    const [study] = await studiesOf(parts, objects);
    const entry: ErasureEntry = {
      ...{
        id: newId(),
        records: [study?.patient_id ?? ''],
        studies: [study?.id ?? ''],
        marks: [Buffer.alloc(32, 1).toString('base64')],
      },
      ...{ reason: 'PATIENT' as const, askedAt: '2026-11-27T10:00:00.000Z' },
    };
    await askAgain({ db: parts.db, by }, [entry]);
    const rows = { kinds: ROW_KINDS, byUid: ROWS_BY_UID, byText: ROWS_BY_TEXT };
    expect(
      await eraseAsked({
        ...parts,
        by,
        rows,
        elsewhere: orthancCopies(undefined),
        dataDir: server.dataDir,
        endEmergencies: async () => undefined,
        keepBeside: async () => 0,
      }),
    ).toMatchObject({
      patients: 1,
      held: 0,
    });
    // A later backup puts the list beside all of them; the older one is what is restored.
    await server.backUp();
    const dataDir = path.join(parent, 'erased-again');
    const { differences, objects: brought, lines } = await restoreTo(dataDir, target, { name: manifest.id });
    expect(differences).toEqual([]);
    expect(brought).toMatchObject({ missing: [], objects: stored });
    // Without the last, nothing that was sealed opens any more: second factors, keys of projects without identity.
    for (const name of ['secrets/audit-key', 'secrets/session-secret', 'secrets/factor-key'])
      expect(await readFile(path.join(dataDir, name), 'utf8')).toBe(await readFile(path.join(server.dataDir, name), 'utf8'));
    expect(() => prepareDataDir(dataDir)).not.toThrow();
    await expect(restoreTo(dataDir, target)).rejects.toThrow(failure('DATA_DIR_NOT_EMPTY'));
    expect(lines.join('\n')).toContain('1 patients who had been erased');
    expect(await readdir(path.join(dataDir, 'erasures'))).toEqual([`${entry.id}.json`]);
    const again = await openInstallation(dataDir, '');
    try {
      expect(await studiesOf(again.parts, objects)).toEqual([]);
      for (const id of objects) expect(await again.parts.objects.examine({ id, sha256: Buffer.alloc(32) })).toBe('MISSING');
      expect((await again.stored()).size).toBeGreaterThan(0);
      // Links: one that was open opens; one that was withdrawn, and one to who was erased, do not.
      expect(await openingsIn(again, [open, withdrawn, ofErased])).toEqual([201, 404, 404]);
    } finally {
      await again.close();
    }
  });
});
