import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chestXray } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIngestFixture, type IngestFixture, type NamedBytes, xray } from './ingest-fixture.ts';

const FAULTS = fileURLToPath(new URL('../../../../../../shared/testdata/faults/charset-misdeclared', import.meta.url));

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await createIngestFixture();
});
afterAll(() => fixture.close());

const patients = () =>
  fixture.db.withSystem((tx) =>
    tx.rows(
      'SELECT id, family_name, given_name, identity_status, study_count, search_text, text_uncertain FROM patients ORDER BY id',
    ),
  );

/** A file that declares one character set and is written in another. */
function misdeclared(seed: string, declared: string, written: 'latin1' | 'utf8', patientId = 'NUNEZ'): NamedBytes {
  const name = Buffer.from('Núñez^José', written);
  const dataset = {
    PatientID: patientId,
    PatientBirthDate: '19700203',
    SpecificCharacterSet: declared,
    PatientName: 'Q'.repeat(name.length),
  };
  for (const { bytes } of chestXray({ seed, rows: 16, columns: 16, dataset })) {
    const file = Buffer.from(bytes);
    name.copy(file, file.indexOf(Buffer.from('QQQQQQ')));
    return { name: `${seed}.dcm`, bytes: file };
  }
  throw new Error('The phantom has no instance.');
}

describe('files that declare another character set than they are written in', () => {
  test('are of one patient, whole, found by "nunez"', async () => {
    const results = await fixture.send([
      misdeclared('right', 'ISO_IR 192', 'utf8'),
      misdeclared('utf8 declared', 'ISO_IR 192', 'latin1'),
      misdeclared('latin1 declared', 'ISO_IR 100', 'utf8'),
      misdeclared('latin1', 'ISO_IR 100', 'latin1'),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored', 'stored']);
    expect(await patients()).toMatchObject([
      { family_name: 'Núñez', given_name: 'José', identity_status: 'CONFIRMED', study_count: 4 },
    ]);
    expect((await patients())[0]?.search_text).toContain('nunez jose');
  });

  test('are said to be uncertain, on the file and on the patient; what is as declared is not', async () => {
    const results = await fixture.send([
      misdeclared('doubtful', 'ISO_IR 192', 'latin1', 'DOUBTFUL'),
      misdeclared('doubtless', 'ISO_IR 100', 'latin1', 'DOUBTLESS'),
    ]);
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['stored', 'TEXT_UNCERTAIN'],
      ['stored', undefined],
    ]);
    expect((await patients()).slice(-2).map((patient) => patient.text_uncertain)).toEqual([true, false]);
  });

  test('a study whose own text is so is said to be uncertain, its patient is not', async () => {
    const described = xray('described', {
      SpecificCharacterSet: 'ISO_IR 192',
      StudyDescription: 'Q'.repeat(12),
      PatientID: 'PLAIN',
    });
    const file = Buffer.from(described.bytes);
    file.write('Cœur étendu'.replace('œ', 'oe'), file.indexOf('QQQQQQ'), 'latin1');
    const [result] = await fixture.send([{ ...described, bytes: file }]);
    expect(result).toMatchObject({ outcome: 'stored', reason: 'TEXT_UNCERTAIN' });
    const rows = await fixture.db.withSystem((tx) =>
      tx.rows(
        'SELECT s.text_uncertain AS study, p.text_uncertain AS patient, s.description FROM studies s JOIN patients p ON p.id = s.patient_id WHERE study_instance_uid = $1',
        [result?.studyInstanceUid ?? ''],
      ),
    );
    expect(rows).toEqual([{ study: true, patient: false, description: 'Coeur étendu' }]);
  });

  test.skipIf(!existsSync(FAULTS))('those of ../shared/testdata/faults are one more patient', async () => {
    const before = new Set((await patients()).map(({ id }) => id));
    const files = readdirSync(FAULTS)
      .sort()
      .map((name) => ({ name, bytes: readFileSync(path.join(FAULTS, name)) }));
    await fixture.send(files);
    const added = (await patients()).filter(({ id }) => !before.has(id));
    expect(added).toHaveLength(1);
    expect(added[0]?.search_text).toContain('nunez');
    expect(JSON.stringify(added)).not.toContain('\uFFFD');
  });
});
