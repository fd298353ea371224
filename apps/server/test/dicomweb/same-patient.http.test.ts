import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { fileOf, newUid } from './blind-imports-support.ts';
import { type DicomwebServer, firstValue, type Json, openDicomweb } from './support.ts';

const NUMBER = 'HOSP-78382';
const MARTIN = { PatientID: NUMBER, PatientName: 'MARTIN^PAUL', PatientBirthDate: '19500101', StudyInstanceUID: newUid() };
const MARTIN_AGAIN = { ...MARTIN, StudyInstanceUID: newUid() };
const LOPEZ = { PatientID: NUMBER, PatientName: 'LOPEZ^ANA', PatientBirthDate: '19880202', StudyInstanceUID: newUid() };
const STAR = { PatientID: '*', PatientName: 'STAR^PATIENT', PatientBirthDate: '19700303', StudyInstanceUID: newUid() };

describe('samePatientAs means the patient’s record, never a text', () => {
  let server: DicomwebServer;
  let reader: Browser;
  let groupId: string;
  beforeAll(async () => {
    server = await openDicomweb();
    groupId = await server.makeGroup();
    reader = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
    for (const one of [MARTIN, MARTIN_AGAIN, LOPEZ, STAR])
      expect((await server.store(reader, [fileOf(one)])).statusCode).toBe(200);
  });
  afterAll(() => server.close());

  const same = async (who: Browser, study: string): Promise<string[]> => {
    const list: Json[] = await server.json(who, `/studies?samePatientAs=${study}`);
    return list.map((one) => firstValue(one, '0020000D')).sort();
  };

  test('two people under one Patient ID stay two', async () => {
    expect(await same(reader, MARTIN.StudyInstanceUID)).toEqual([MARTIN.StudyInstanceUID, MARTIN_AGAIN.StudyInstanceUID].sort());
    expect(await same(reader, LOPEZ.StudyInstanceUID)).toEqual([LOPEZ.StudyInstanceUID]);
  });

  test('a Patient ID that reads as a wildcard finds nobody else', async () => {
    expect(await same(reader, STAR.StudyInstanceUID)).toEqual([STAR.StudyInstanceUID]);
  });

  test.each([NUMBER, 'HOSP-7*', 'H?SP-78382', '*'])(
    'who sees pseudonyms learns nothing from an import of their own under %s',
    async (guess) => {
      const who = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
      const own = newUid();
      expect(
        (await server.store(who, [fileOf({ PatientID: guess, PatientName: 'A^B', StudyInstanceUID: own })])).statusCode,
      ).toBe(200);
      expect(await same(who, own)).toEqual([own]);
    },
  );
});
