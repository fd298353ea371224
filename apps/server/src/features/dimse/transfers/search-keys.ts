import type { NodeQuery } from '@negatoscope/contract';
import type { DicomJsonElement, DicomJsonObject } from '@negatoscope/dicom';

/** What a study is asked for (PS3.4 C.6.2.1), with the VR of each. */
const ASKED: Readonly<Record<string, string>> = {
  '00080020': 'DA',
  '00080050': 'SH',
  '00080061': 'CS',
  '00081030': 'LO',
  '00100010': 'PN',
  '00100020': 'LO',
  '00100030': 'DA',
  '00100040': 'CS',
  '0020000D': 'UI',
  '00201208': 'IS',
};

/** A text that has no wildcard of its own is the beginning of what is looked for. */
const beginning = (text: string): string => (/[*?]/.test(text) ? text : `${text}*`);
const plainDate = (date: string): string => date.replaceAll('-', '');

/** The keys of a search at the level of studies: those with values are matched, the others come back. */
export function keysOf({ patientName, patientId, accessionNumber, modality, from, to }: NodeQuery): DicomJsonObject {
  const text = (vr: string, value: string | undefined): DicomJsonElement =>
    value === undefined ? { vr } : { vr, Value: [value] };
  const name = patientName === undefined ? undefined : beginning(patientName);
  const dates = from === undefined && to === undefined ? undefined : `${plainDate(from ?? '')}-${plainDate(to ?? '')}`;
  return {
    ...Object.fromEntries(Object.entries(ASKED).map(([tag, vr]) => [tag, { vr }])),
    '00080020': text('DA', dates),
    '00080050': text('SH', accessionNumber),
    '00080061': text('CS', modality),
    '00100010': name === undefined ? { vr: 'PN' } : { vr: 'PN', Value: [{ Alphabetic: name }] },
    '00100020': text('LO', patientId),
  };
}
