import type { DicomJsonObject } from '@negatoscope/dicom';
import { chestXray, ctVolume, smallPicture } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { INDEXED } from '../../src/archive/search/attributes.ts';
import { findAs, text } from './find-as.ts';
import { closeRawPeers, createDimseFixture, type DimseFixture } from './support.ts';

const PATIENT_ROOT = '1.2.840.10008.5.1.4.1.2.1.1';

let fixture: DimseFixture;
beforeAll(async () => {
  fixture = await createDimseFixture();
  await fixture.addNode({ aeTitle: 'ASKS', mayQuery: true });
  const of = (at: number) => ({
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: `Ramanantsoa^Été ${at}`,
    PatientID: at === 2 ? '' : `P${at}`,
    PatientSex: ['F', 'M', 'O', ''][at % 4] ?? '',
    PatientBirthDate: at === 3 ? '' : `1954070${at}`,
    ReferringPhysicianName: 'Rasoa^Voahangy',
    StudyID: `S${at}`,
    ...(at === 4 ? {} : { StudyDate: `2024010${at}`, StudyTime: '101112' }),
    BodyPartExamined: 'CHEST',
  });
  const files = [
    ...ctVolume({ seed: 'alone 1', slices: 3, rows: 8, columns: 8, dataset: of(1) }),
    ...chestXray({ seed: 'alone 2', rows: 16, columns: 16, dataset: of(2) }),
    ...[3, 4, 5].map((at) => smallPicture({ seed: `alone ${at}`, columns: 2, cells: Uint8Array.of(0, 1), dataset: of(at) })),
  ].map(({ bytes }, at) => ({ name: `${at}`, bytes: Buffer.from(bytes) }));
  const admin = await fixture.actor('ADMIN');
  await fixture.send(files, { actor: admin });
});
afterAll(() => fixture.close());
afterEach(closeRawPeers);

const OWNERS = ['patient', 'study', 'series', 'instance'];
const LEVELS = ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'];
const KEPT = [
  '00080051',
  '00081032',
  '00081048',
  '00101010',
  '00080021',
  '00080070',
  '00081190',
  '00080201',
  '00080061',
  '00080005',
];

describe.each(LEVELS)('C-FIND at the level %s (PS3.4 C.4.1.1.3.2)', (level) => {
  test('tells of each key alone what it tells beside all others', async () => {
    const at = LEVELS.indexOf(level);
    const tags = INDEXED.filter(({ owner }) => OWNERS.indexOf(owner) <= at).map(({ tag, vr }): [string, string] => [tag, vr]);
    const more = at === 0 ? [] : KEPT.map((tag): [string, string] => [tag, 'LO']);
    const all = [...tags, ...more];
    const ask = (keys: readonly (readonly [string, string])[]) =>
      findAs(
        fixture,
        { '00080052': text('CS', level), ...Object.fromEntries(keys.map(([tag, vr]) => [tag, text(vr)])) } as DicomJsonObject,
        { aet: 'ASKS', root: PATIENT_ROOT },
      );
    const beside = await ask(all);
    expect(beside.status).toBe(0);
    expect(beside.found.length).toBeGreaterThan(4);
    for (const [tag, vr] of all) {
      const alone = await ask([[tag, vr]]);
      expect(
        alone.found.map((json) => json[tag]),
        tag,
      ).toEqual(beside.found.map((json) => json[tag]));
    }
    for (const [tag] of tags)
      expect(
        beside.found.some((json) => json[tag]?.Value !== undefined),
        tag,
      ).toBe(true);
  });
});
