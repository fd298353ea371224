import type { FoundStudy } from '@negatoscope/contract';
import { type DicomJsonElement, type DicomJsonObject, isStorableUid } from '@negatoscope/dicom';
import { keyText } from '../ask/identifier.ts';

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
