import type { Dataset } from '../part10/dataset.ts';
import { SopClass, TransferSyntax } from '../part10/transfer-syntax.ts';
import { type WriteOptions, writePart10 } from '../part10/writer.ts';
import { type Seed, seededUid } from '../prng.ts';

export const EXPLICIT: WriteOptions = { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian };

/** A small secondary capture, complete and right; each name gets its own UIDs. */
export function smallDataset(name: string, seed: Seed = 'hostile'): Dataset {
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: SopClass.secondaryCapture,
    SOPInstanceUID: seededUid(seed, name, 'instance'),
    StudyInstanceUID: seededUid(seed, name, 'study'),
    SeriesInstanceUID: seededUid(seed, name, 'series'),
    StudyDate: '20260115',
    StudyTime: '101500',
    AccessionNumber: '',
    Modality: 'OT',
    ConversionType: 'WSD',
    ReferringPhysicianName: '',
    PatientName: 'PHANTOM^Hostile',
    PatientID: `H-${name}`.slice(0, 64),
    PatientBirthDate: '19700101',
    PatientSex: 'O',
    StudyID: '1',
    SeriesNumber: 1,
    InstanceNumber: 1,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 8,
    Columns: 8,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: { vr: 'OB', value: Uint8Array.from({ length: 64 }, (_, index) => index * 4) },
  };
}

/** The small file's bytes, with changes. */
export function small(name: string, changes: Dataset = {}, options: Partial<WriteOptions> = {}): Uint8Array {
  return writePart10({ ...smallDataset(name), ...changes }, { ...EXPLICIT, ...options });
}
