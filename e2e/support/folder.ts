import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chestXray, ctVolume } from '@negatoscope/testkit';

export interface TestFolder {
  readonly path: string;
  /** DICOM instances that can be stored. */
  readonly instances: number;
  readonly ctStudyInstanceUid: string;
  remove(): void;
}

const PERSON = {
  PatientName: 'N’DIAYE^Aïssatou',
  PatientID: 'E2E-001',
  PatientBirthDate: '19820714',
  PatientSex: 'F',
  SpecificCharacterSet: 'ISO_IR 192',
};
const OTHER = {
  PatientName: 'DUPONT-LACROIX^Éléonore',
  PatientID: 'E2E-002',
  PatientBirthDate: '19591130',
  PatientSex: 'F',
  SpecificCharacterSet: 'ISO_IR 192',
};
const SLICES = 24;

/** A folder as a person has it: a CT and a chest film with and without extension, a text file, a broken DICOM file. */
export function makeFolder(): TestFolder {
  const root = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-folder-'));
  mkdirSync(path.join(root, 'CT'));
  let ctStudyInstanceUid = '';
  let count = 0;
  for (const slice of ctVolume({
    seed: 'e2e',
    slices: SLICES,
    rows: 256,
    columns: 256,
    dataset: { ...PERSON, StudyDescription: 'Scanner thoracique' },
  })) {
    ctStudyInstanceUid = slice.studyInstanceUid;
    count += 1;
    writeFileSync(path.join(root, 'CT', count % 2 === 0 ? `IM${count}` : `IM${count}.dcm`), slice.bytes);
    if (count === 3) writeFileSync(path.join(root, 'CT', 'coupee.dcm'), slice.bytes.subarray(0, 900));
  }
  for (const film of chestXray({ seed: 'e2e', rows: 512, columns: 512, dataset: OTHER })) {
    count += 1;
    writeFileSync(path.join(root, `radio-${count}`), film.bytes);
  }
  writeFileSync(path.join(root, 'LISEZMOI.TXT'), 'Ceci n’est pas une image.');
  return { path: root, instances: count, ctStudyInstanceUid, remove: () => rmSync(root, { recursive: true, force: true }) };
}
