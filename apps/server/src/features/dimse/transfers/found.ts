import type { FoundStudy, NodeQuery } from '@negatoscope/contract';
import { type DicomJsonElement, type DicomJsonObject, isStorableUid } from '@negatoscope/dicom';
import { keyText } from '../ask/identifier.ts';

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

const MOST_TEXT = 200;
/** A node may write anything: what nobody sees, or what turns the writing around, is not shown, and no more than so many characters. */
export const shownText = (text: string, instead = ''): string =>
  text.replaceAll(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, instead).slice(0, MOST_TEXT);
const shown = (element: DicomJsonElement | undefined): string => (element === undefined ? '' : shownText(keyText(element)));

export const uidIn = (match: DicomJsonObject, tag: string): string | undefined => {
  const uid = match[tag] === undefined ? '' : keyText(match[tag]);
  return isStorableUid(uid) ? uid : undefined;
};

function countIn(element: DicomJsonElement | undefined): number | null {
  const text = element === undefined ? '' : keyText(element);
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** A study as it is shown; undefined for an answer that names none. */
export function foundStudy(match: DicomJsonObject): Omit<FoundStudy, 'here'> | undefined {
  const studyInstanceUid = uidIn(match, '0020000D');
  if (studyInstanceUid === undefined) return undefined;
  const modalities = shown(match['00080061'])
    .split('\\')
    .filter((one) => /^[A-Z0-9_ ]{1,16}$/.test(one));
  return {
    studyInstanceUid,
    patientName: shown(match['00100010']).split('=')[0] ?? '',
    patientId: shown(match['00100020']),
    patientBirthDate: shown(match['00100030']),
    patientSex: shown(match['00100040']),
    studyDate: shown(match['00080020']),
    description: shown(match['00081030']),
    accessionNumber: shown(match['00080050']),
    modalities: [...new Set(modalities)].slice(0, 20),
    instances: countIn(match['00201208']),
  };
}
