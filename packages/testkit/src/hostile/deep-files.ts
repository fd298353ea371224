import type { Dataset } from '../part10/dataset.ts';
import { encodeElements } from '../part10/elements.ts';
import { writePart10 } from '../part10/writer.ts';
import { EXPLICIT, smallDataset } from './small.ts';

export const EXPLICIT_LAYOUT = { isExplicit: true, isBigEndian: false, isDeflated: false };

/** Sequences within sequences, `depth` of them. */
export function nested(depth: number, isUndefined: boolean): Dataset {
  let inner: Dataset = { CodeValue: 'DEEPEST' };
  for (let level = 1; level < depth; level++) inner = { ReferencedImageSequence: { vr: 'SQ', value: [inner] } };
  return {
    ReferencedImageSequence: { vr: 'SQ', value: [inner], undefinedLength: isUndefined, undefinedItemLength: isUndefined },
  };
}

/** Depth with undefined lengths, written flat: a recursive writer would run out of stack before the readers do. */
export function nestedFlat(name: string, depth: number): Uint8Array {
  const open = Buffer.from([
    0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff,
  ]);
  const close = Buffer.from([0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const { before, after } = splitSmall(name);
  return concat([before, ...Array.from({ length: depth }, () => open), ...Array.from({ length: depth }, () => close), after]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The small file cut where (0008,1140) belongs: after StudyDescription's place, before group 0010. */
function splitSmall(name: string): { before: Uint8Array; after: Uint8Array } {
  const dataset = smallDataset(name);
  const { PatientName, PatientID, PatientBirthDate, PatientSex, ...rest } = dataset;
  const isEarly = (key: string): boolean =>
    /^(SpecificCharacterSet|SOP|StudyDate|StudyTime|AccessionNumber|Modality|Conversion|Referring)/.test(key);
  const early = Object.fromEntries(Object.entries(rest).filter(([key]) => isEarly(key)));
  const late = Object.fromEntries(Object.entries(rest).filter(([key]) => !isEarly(key)));
  return {
    before: writePart10(early, EXPLICIT),
    after: concat(
      encodeElements({ PatientName, PatientID, PatientBirthDate, PatientSex, ...late }, EXPLICIT_LAYOUT, { text: 'utf8' }),
    ),
  };
}
