import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIndexApp, GROUP_A, type IndexApp, seedPatient, seedStudy, type Who } from './support/index-app.ts';

let index: IndexApp;
beforeAll(async () => {
  index = await createIndexApp();
});
afterAll(() => index.close());

const PHYSICIAN: Who = 'PHYSICIAN@A';
let made = 0;

/** A patient and a study whose text was read by a guess. */
async function doubtful(): Promise<{ id: string; uid: string }> {
  const uid = `2.25.90${made++}`;
  const patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Núñez', givenName: 'José' });
  await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid, description: 'Épaule' });
  await index.owner.query('UPDATE patients SET text_uncertain = true WHERE id = $1', [patientId]);
  await index.owner.query('UPDATE studies SET text_uncertain = true WHERE study_instance_uid = $1', [uid]);
  return { id: patientId, uid };
}
const patientOf = async (id: string, who: Who = PHYSICIAN) => (await index.ask(who, 'GET', `/api/patients/${id}`)).json;
const studyOf = async (uid: string, who: Who = PHYSICIAN) => (await index.ask(who, 'GET', `/api/studies/${uid}`)).json;

describe('text that was read by another character set than it declares', () => {
  test('is said to be uncertain, of the patient and of the study, to who sees identities', async () => {
    const { id, uid } = await doubtful();
    expect(await patientOf(id)).toMatchObject({ textUncertain: true });
    expect(await studyOf(uid)).toMatchObject({ textUncertain: true, patient: { textUncertain: true } });
    const list = await index.ask(PHYSICIAN, 'GET', '/api/studies?q=nunez');
    expect(list.json.items).toMatchObject([{ textUncertain: true, patient: { textUncertain: true } }]);
    expect(await patientOf(id, 'RESEARCHER@A')).toMatchObject({ textUncertain: false });
    expect(await studyOf(uid, 'RESEARCHER@A')).toMatchObject({ textUncertain: false, patient: { textUncertain: false } });
  });

  test('of a patient is certain once a person has written the name, or said that it is right; nothing else makes it so', async () => {
    for (const [change, isUncertain] of [
      [{ phone: '1' }, true],
      [{ lastName: 'Nunes' }, false],
      [{ firstName: 'Jo' }, false],
      [{ textUncertain: false }, false],
    ] as const) {
      const { id } = await doubtful();
      const { updatedAt } = await patientOf(id);
      const answer = await index.ask(PHYSICIAN, 'PATCH', `/api/patients/${id}`, { updatedAt, ...change });
      expect([answer.status, answer.json.textUncertain]).toEqual([200, isUncertain]);
      expect(answer.json.updatedAt).not.toBe(updatedAt);
    }
  });

  test('of a study likewise, by its description', async () => {
    for (const [change, isUncertain] of [
      [{ status: 'IN_PROGRESS' }, true],
      [{ description: 'Coude' }, false],
      [{ textUncertain: false }, false],
    ] as const) {
      const { uid } = await doubtful();
      const answer = await index.ask(PHYSICIAN, 'PATCH', `/api/studies/${uid}`, change);
      expect([answer.status, answer.json.textUncertain]).toEqual([200, isUncertain]);
    }
  });

  test('is not called uncertain by anybody: only files are', async () => {
    const { id } = await doubtful();
    const { updatedAt } = await patientOf(id);
    expect((await index.ask(PHYSICIAN, 'PATCH', `/api/patients/${id}`, { updatedAt, textUncertain: true })).status).toBe(400);
  });
});
