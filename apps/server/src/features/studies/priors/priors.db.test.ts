import type { Prior } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createIndexApp,
  GROUP_A,
  GROUP_B,
  type IndexApp,
  seedPatient,
  seedStudy,
  type Who,
} from '../../../../test/support/index-app.ts';
import { isLong } from '../../../../test/support/sample.ts';
import { ALL, ofGroup, UNGROUPED } from '../../../access/scope.ts';
import { findCompared } from '../../../archive/records/priors.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import { composed, type SqlValue } from '../../../platform/db/statements.ts';

let index: IndexApp;
let patientId: string;
beforeAll(async () => {
  index = await createIndexApp();
});
afterAll(() => index.close());

interface Seed {
  readonly uid: string;
  readonly date: string | null;
  readonly modality?: string;
  readonly bodyPart?: string | null;
  readonly description?: string;
}
const ROOT = '1.2.826.90';
async function seed(patient: string, groupId: string | null, { uid, bodyPart, ...of }: Seed): Promise<string> {
  const { id, seriesId } = await seedStudy(index.owner, { patientId: patient, groupId, uid: `${ROOT}.${uid}`, ...of });
  await index.owner.query('UPDATE series SET body_part = $2 WHERE id = $1', [
    seriesId,
    bodyPart === undefined ? 'CHEST' : bodyPart,
  ]);
  return id;
}
async function priors(
  who: Who,
  uid: string,
  query = '',
): Promise<{ status: number; items: Prior[]; isWhole: boolean; code: string }> {
  const { status, text } = await index.ask(who, 'GET', `/api/studies/${ROOT}.${uid}/priors${query}`);
  return { status, ...JSON.parse(text) };
}
const uidsOf = (items: readonly Prior[]): string[] =>
  items.map(({ studyInstanceUid }) => studyInstanceUid.slice(ROOT.length + 1));

describe('the priors of a study', () => {
  beforeAll(async () => {
    patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Prior' });
    for (const of of [
      { uid: '1', date: '2026-02-10' },
      { uid: '2', date: '2025-02-10', bodyPart: 'THORAX' },
      { uid: '3', date: '2026-01-10', modality: 'DX', bodyPart: null, description: 'Genou gauche de Mme Prior' },
      { uid: '4', date: '2026-01-11', modality: 'DX', bodyPart: null, description: 'Thorax de face' },
      { uid: '5', date: '2026-02-12' },
      { uid: '6', date: '2020-01-01', modality: 'of Mrs Prior', bodyPart: 'of Mrs Prior' },
    ])
      await seed(patientId, GROUP_A, of);
  });

  test('are the patient’s other studies, the best to compare with first', async () => {
    const { items, isWhole } = await priors('RADIOLOGIST@A', '1');
    expect(uidsOf(items)).toEqual(['2', '4', '6', '3', '5']);
    expect(isWhole).toBe(true);
    expect(items[0]).toEqual({
      id: items[0]?.id,
      studyInstanceUid: `${ROOT}.2`,
      groupId: GROUP_A,
      studyDate: '2025-02-10',
      studyTime: null,
      description: 'Thorax',
      modalities: ['CT'],
      bodyParts: ['THORAX'],
      seriesCount: 1,
      status: 'TO_READ',
      rank: 1,
      reasons: ['SAME_REGION', 'SAME_MODALITY'],
      isComparable: true,
    });
    expect(items.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    expect(items[1]?.reasons).toEqual(['SAME_REGION', 'REGION_FROM_DESCRIPTION']);
    expect(items[4]).toMatchObject({ reasons: ['SAME_REGION', 'SAME_MODALITY', 'LATER'], isComparable: false });
    expect((await priors('RADIOLOGIST@A', '1', '?limit=2')).isWhole).toBe(false);
  });

  test('tell a researcher nothing that identifies, and no text has a part in their order', async () => {
    const { items } = await priors('RESEARCHER@A', '1');
    // Of 3 and 4 nothing is known but their dates: the later one comes first.
    expect(uidsOf(items)).toEqual(['2', '4', '3', '6', '5']);
    expect(JSON.stringify(items)).not.toMatch(/Mrs|Mme|Prior|Thorax de/);
    expect(items.every(({ description }) => description === null)).toBe(true);
    const swapped = items.find(({ studyInstanceUid }) => studyInstanceUid.endsWith('.4'));
    expect(swapped?.reasons).toEqual([]);
    expect(items.find(({ studyInstanceUid }) => studyInstanceUid.endsWith('.6'))).toMatchObject({
      modalities: [],
      bodyParts: [],
    });
  });

  test('are out of reach with their study, like one that there is not', async () => {
    const unknown = await priors('RADIOLOGIST@B', '999');
    const foreign = await priors('RADIOLOGIST@B', '1');
    expect([unknown.status, foreign.status]).toEqual([404, 404]);
    expect(foreign.code).toBe(unknown.code);
    expect((await priors('RESEARCHER@-', '1')).status).toBe(404);
  });

  test('leave one event of a use', async () => {
    await index.owner.query('DELETE FROM audit_events');
    await priors('PHYSICIAN@A', '1');
    const { rows } = await index.owner.query('SELECT action, patient_id, group_id FROM audit_events');
    expect(rows).toEqual([{ action: 'study.priors', patient_id: patientId, group_id: GROUP_A }]);
  });
});

describe('who is the same patient', () => {
  test('the patient’s record says: not a Patient ID, not a name; what is moved or merged counts where it is now', async () => {
    const [one, other] = [
      await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'Twin', externalId: 'P-1' }),
      await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'Twin', externalId: 'P-1' }),
    ];
    for (const [patient, issuer] of [
      [one, 'HOSPITAL A'],
      [other, 'HOSPITAL B'],
    ])
      await index.owner.query(
        "INSERT INTO patient_identifiers (patient_id, group_id, issuer, value) VALUES ($1, $2, $3, 'P-1')",
        [patient, GROUP_B, issuer],
      );
    await seed(one, GROUP_B, { uid: '20', date: '2026-02-10' });
    await seed(other, GROUP_B, { uid: '21', date: '2026-01-10' });
    expect((await priors('RADIOLOGIST@B', '20')).items).toEqual([]);
    await index.ask('RADIOLOGIST@B', 'PATCH', `/api/studies/${ROOT}.21`, { patientId: one });
    expect(uidsOf((await priors('RADIOLOGIST@B', '20')).items)).toEqual(['21']);
    expect(uidsOf((await priors('RADIOLOGIST@B', '21')).items)).toEqual(['20']);
  });

  test('one in the trash is nobody’s', async () => {
    const patient = await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'Thrown' });
    await seed(patient, GROUP_B, { uid: '30', date: '2026-02-10' });
    await seed(patient, GROUP_B, { uid: '31', date: '2026-01-10' });
    expect((await index.ask('ADMIN@-', 'DELETE', `/api/studies/${ROOT}.31`)).status).toBe(204);
    expect((await priors('RADIOLOGIST@B', '30')).items).toEqual([]);
  });

  test('images that name somebody else are marked, unless somebody has decided', async () => {
    const patient = await seedPatient(index.owner, { groupId: GROUP_B, familyName: 'Marked' });
    await seed(patient, GROUP_B, { uid: '40', date: '2026-02-10' });
    for (const [uid, cause] of [
      ['41', 'FOUND'],
      ['42', 'DECIDED'],
    ] as const) {
      const id = await seed(patient, GROUP_B, { uid, date: `2026-01-${uid === '41' ? '20' : '10'}` });
      await index.owner.query('UPDATE studies SET identity_mismatch = $2 WHERE id = $1', [
        id,
        { kind: 'OTHER_IDENTITY', cause, received: {}, reason: null, userId: null, importId: null, at: '2026-01-01T00:00:00Z' },
      ]);
    }
    const { items } = await priors('RADIOLOGIST@B', '40');
    expect(items.map(({ isComparable, reasons }) => [isComparable, reasons.includes('OTHER_IDENTITY')])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(uidsOf(items)).toEqual(['42', '41']);
  });
});

// Plans are chosen by how many rows there are: thousands take nine seconds.
if (isLong)
  describe('with many studies', () => {
    const MANY = 20_000;
    let current: string;
    beforeAll(async () => {
      // 9,999 others, each of a patient of its own; 10,000 of one who is no person; and the one that is asked about.
      const ofMany = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'Phantom' });
      current = await seed(ofMany, GROUP_A, { uid: '50', date: '2010-06-01' });
      await index.owner.query(
        `INSERT INTO patients (id, group_id, family_name) SELECT gen_random_uuid(), $1, 'Other' FROM generate_series(1, $2::int)`,
        [GROUP_A, MANY / 2],
      );
      await index.owner.query(
        `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date, modalities)
       SELECT gen_random_uuid(), p.group_id, p.id, '${ROOT}.60.' || row_number() OVER (), '2026-01-01', '{CT}' FROM patients p WHERE p.family_name = 'Other'`,
      );
      await index.owner.query(
        `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date, modalities)
       SELECT gen_random_uuid(), $1, $2, '${ROOT}.61.' || n, '2000-01-01'::date + n, '{CT}' FROM generate_series(1, $3::int) n`,
        [GROUP_A, ofMany, MANY / 2],
      );
      await index.owner.query(
        `INSERT INTO series (id, group_id, study_id, series_instance_uid, modality)
       SELECT gen_random_uuid(), s.group_id, s.id, s.study_instance_uid || '.1', 'CT' FROM studies s
       WHERE NOT EXISTS (SELECT FROM series e WHERE e.study_id = s.id)`,
      );
      await index.owner.query('ANALYZE');
    }, 200_000);

    test('the thousand nearest before are compared, and the answer says that there are more', async () => {
      const { status, items, isWhole } = await priors('RADIOLOGIST@A', '50', '?limit=500');
      expect([status, items.length, isWhole]).toEqual([200, 500, false]);
      // That of the same day, then those before it, the newest first.
      expect(items.slice(0, 2)).toMatchObject([
        { studyDate: '2010-06-01', rank: 1, reasons: ['SAME_MODALITY', 'SAME_DAY'] },
        { studyDate: '2010-05-31', rank: 2 },
      ]);
      expect(items.some(({ reasons }) => reasons.includes('LATER'))).toBe(false);
    });

    test.each([
      ['administrator', [ALL]],
      ['member of a group', [ofGroup(GROUP_A), UNGROUPED]],
    ] as const)('no table is read from end to end for a %s, with values or without', async (_who, scope) => {
      const plans = await index.db.reading(scope, async (tx) => {
        const found: string[] = [];
        const explain = async (text: string, values: SqlValue[]): Promise<never[]> => {
          const rows = await tx.rows(composed({ text, values }));
          found.push(rows.map((row) => Object.values(row).join('')).join('\n'));
          return [];
        };
        for (const how of ['custom', 'generic'] as const) {
          const explaining = {
            rows: (text: string, values: SqlValue[]) =>
              how === 'custom' ? explain(`EXPLAIN ${text}`, values) : explain(`EXPLAIN (GENERIC_PLAN) ${text}`, []),
          } as unknown as ReadTx; // Only what the statement asks of it.
          await findCompared(explaining, scope, current, 1_000);
        }
        return found;
      });
      expect(plans).toHaveLength(2);
      for (const plan of plans) {
        expect(plan).toMatch(/studies_patient|studies_by_date/);
        expect(plan).not.toMatch(/Seq Scan on (patients|studies|series)/);
      }
    });
  });
