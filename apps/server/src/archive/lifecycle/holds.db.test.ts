import { afterAll, expect, test } from 'vitest';
import { KINDS, mergeOf, openKinds, type Walk } from '../../../test/support/kinds.ts';
import { newId } from '../../kernel/ids.ts';
import { isHeld } from '../../platform/db/sql-state.ts';
import { mergePatients } from './merge.ts';
import { findMerge, findMerges, undoMerge } from './merge-undo.ts';
import { duePatients, dueStudies, purgePatient, purgeStudy } from './purge.ts';
import { trashPatient, trashStudy } from './trash.ts';

const DAY_MS = 86_400_000;
const { db, owner, walk, rows, close } = await openKinds();
afterAll(close);

const hold = (of: { patient?: string; study?: string }): Promise<unknown> =>
  owner.query("INSERT INTO legal_holds (id, patient_id, study_id, reason, placed_at) VALUES ($1, $2, $3, 'court', now())", [
    newId(),
    of.patient ?? null,
    of.study ?? null,
  ]);
const lift = (): Promise<unknown> => owner.query('UPDATE legal_holds SET lifted_at = now()');

/** Whether what a transaction does is refused for a hold. */
async function isRefused(work: Parameters<typeof db.withSystem>[0]): Promise<boolean> {
  try {
    await db.withSystem(work);
    return false;
  } catch (error) {
    if (isHeld(error)) return true;
    throw error;
  }
}

const longAgo = new Date(Date.now() - 40 * DAY_MS);
const before = new Date(Date.now() - 30 * DAY_MS);

test.each(['patient', 'study'] as const)(
  'what a %s under a legal hold has goes neither to the trash nor for good, by any statement',
  async (of) => {
    const one = await walk();
    await hold({ [of]: one[of] });
    expect(await isRefused((tx) => trashStudy(tx, one.study, longAgo))).toBe(true);
    expect(await isRefused((tx) => trashPatient(tx, one.patient, longAgo))).toBe(true);
    expect(await isRefused((tx) => tx.run('DELETE FROM instances WHERE id = $1', [one.instance]))).toBe(true);
    expect(await isRefused((tx) => tx.run('DELETE FROM studies WHERE id = $1', [one.study]))).toBe(true);
    expect(await isRefused((tx) => tx.run('DELETE FROM legal_holds'))).toBe(true);
    // The owner of the database is no exception.
    await expect(owner.query('DELETE FROM instances WHERE id = $1', [one.instance])).rejects.toThrow('under a legal hold');
    await lift();
    expect(await isRefused((tx) => trashPatient(tx, one.patient, longAgo))).toBe(false);
  },
);

test('what is in the trash already stays there while it is held, and the job that ends what is due leaves it out', async () => {
  const [kept, gone] = [await walk(), await walk()];
  for (const { patient } of [kept, gone]) await db.withSystem((tx) => trashPatient(tx, patient, longAgo));
  await hold({ patient: kept.patient });
  const due = async (): Promise<string[]> => [
    ...(await db.withSystem((tx) => dueStudies(tx, before))),
    ...(await db.withSystem((tx) => duePatients(tx, before))),
  ];
  expect(await due()).toEqual(expect.arrayContaining([gone.study, gone.patient]));
  expect(await due()).not.toContain(kept.study);
  expect(await due()).not.toContain(kept.patient);
  expect(await db.withSystem((tx) => purgeStudy(tx, KINDS, kept.study, before))).toBeUndefined();
  expect(await db.withSystem((tx) => purgeStudy(tx, KINDS, gone.study, before))).toBeDefined();
  await lift();
  await db.withSystem((tx) => purgeStudy(tx, KINDS, kept.study, before));
  expect(await db.withSystem((tx) => purgePatient(tx, KINDS, kept.patient, before))).toBeDefined();
  expect(await rows('SELECT 1 AS one FROM legal_holds WHERE patient_id = $1', [kept.patient])).toEqual([]);
});

test('a study does not leave a held patient, save with them into the record that stays; undoing brings the hold back', async () => {
  const [held, other] = [await walk(), await walk()];
  await hold({ patient: held.patient });
  const move = (study: string, to: string) => (tx: Parameters<Parameters<typeof db.withSystem>[0]>[0]) =>
    tx.run('UPDATE studies SET patient_id = $2 WHERE id = $1', [study, to]);
  expect(await isRefused(move(held.study, other.patient))).toBe(true);
  await db.withSystem((tx) => mergePatients(tx, KINDS, mergeOf(held, other)));
  const holder = async (): Promise<unknown> =>
    rows('SELECT patient_id FROM legal_holds WHERE lifted_at IS NULL AND patient_id = ANY($1)', [[held.patient, other.patient]]);
  expect(await holder()).toEqual([{ patient_id: other.patient }]);
  expect(await isRefused((tx) => trashStudy(tx, other.study, longAgo))).toBe(true);
  await undo(other);
  expect(await holder()).toEqual([{ patient_id: held.patient }]);
  await lift();
});

async function undo(into: Walk): Promise<void> {
  await db.withSystem(async (tx) => {
    const [last] = await findMerges(tx, into.patient);
    const merge = last === undefined ? undefined : await findMerge(tx, last.id);
    if (merge === undefined) throw new Error('No merge was noted.');
    await undoMerge(tx, KINDS, { merge, actorId: newId(), now: new Date() });
  });
}
