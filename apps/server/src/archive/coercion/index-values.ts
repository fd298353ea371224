import {
  type DicomJsonElement,
  type DicomJsonObject,
  formatPersonName,
  jsonPersonName,
  jsonString,
  jsonValues,
  parseDate,
  parsePersonName,
} from '@negatoscope/dicom';
import type { IndexedPatient, IndexValues } from './read-overlay.ts';

/** Longest texts that the index keeps of a received file, in characters. */
const KEPT = { part: 200, name: 1000, id: 256, description: 500 };
const kept = (text: string | undefined, length: number): string => (text ?? '').replaceAll('\0', '').trim().slice(0, length);

/** The PN value of a patient: the received one as long as it says the same as the edited columns, which have no middle name, prefix or script. */
export function shownName({
  family_name,
  given_name,
  person_name,
}: Pick<IndexedPatient, 'family_name' | 'given_name' | 'person_name'>): string {
  // Nearly every name is one group of these two parts: nothing to take apart.
  if (given_name !== '' && person_name === `${family_name}^${given_name}` && !person_name.endsWith('^')) return person_name;
  if (person_name === '') return `${family_name}^${given_name}`.replace(/\^+$/, '');
  const groups = parsePersonName(person_name);
  const shown = groups.alphabetic ?? groups.ideographic ?? groups.phonetic;
  const given = [shown?.given, shown?.middle].filter(Boolean).join(' ');
  const isCurrent = kept(shown?.family, KEPT.part) === family_name && kept(given, KEPT.part) === given_name;
  return isCurrent ? person_name : `${family_name}^${given_name}`.replace(/\^+$/, '');
}

const element = (vr: string, value: string): DicomJsonElement => (value === '' ? { vr } : { vr, Value: [value] });

function nameElement(name: string): DicomJsonElement {
  if (name === '') return { vr: 'PN' };
  const [alphabetic = '', ideographic = '', phonetic = ''] = name.split('=');
  return {
    vr: 'PN',
    Value: [
      {
        ...(alphabetic === '' ? {} : { Alphabetic: alphabetic }),
        ...(ideographic === '' ? {} : { Ideographic: ideographic }),
        ...(phonetic === '' ? {} : { Phonetic: phonetic }),
      },
    ],
  };
}

const textIn = (stored: DicomJsonObject, tag: string): string | undefined => {
  const [value] = jsonValues(stored, tag);
  return typeof value === 'number' ? String(value) : jsonString(stored, tag);
};
const nameIn = (value: Parameters<typeof parsePersonName>[0]): string =>
  kept(formatPersonName(parsePersonName(value)), KEPT.name);

/** Specific Character Set and the attributes that `differences` looks at, ascending. */
export const COMPARED_TAGS = [0x00080005, 0x00081030, 0x00100010, 0x00100020, 0x00100030, 0x00100040];

/** What the index lays over one attribute of a stored header; undefined where it says the same or has nothing to say. */
type Difference = (stored: DicomJsonObject, values: Shown) => DicomJsonElement | undefined;
type Shown = IndexedPatient & Pick<IndexValues, 'description'>;

/** Ascending by tag. */
const DIFFERENCES: ReadonlyMap<string, Difference> = new Map<string, Difference>([
  [
    '00081030',
    (stored, { description }) =>
      description === null || kept(textIn(stored, '00081030'), KEPT.description) === description.trim()
        ? undefined
        : element('LO', description),
  ],
  [
    '00100010',
    (stored, values) => {
      const name = shownName(values);
      return nameIn(jsonPersonName(stored, '00100010')) === nameIn(name) ? undefined : nameElement(name);
    },
  ],
  [
    '00100020',
    (stored, { external_id: externalId, record_number: recordNumber }) => {
      const own = kept(textIn(stored, '00100020'), KEPT.id);
      // Files without an identifier stay so while nobody has given their patient one; another's goes in any case.
      const id = externalId ?? (own === '' ? '' : recordNumber);
      return own === id.trim() ? undefined : element('LO', id);
    },
  ],
  [
    '00100030',
    (stored, { birth_date: birthDate }) =>
      (parseDate(textIn(stored, '00100030')) ?? null) === birthDate
        ? undefined
        : element('DA', birthDate?.replaceAll('-', '') ?? ''),
  ],
  [
    '00100040',
    (stored, { sex }) => (sex === 'U' || textIn(stored, '00100040')?.toUpperCase() === sex ? undefined : element('CS', sex)),
  ],
]);

/** Tags of the attributes that the index may lay over those of a file, ascending. */
export const INDEXED_TAGS: readonly string[] = [...DIFFERENCES.keys()];

/** The element that the index lays over one stored attribute, undefined to leave what is stored. */
export const differenceAt = (tag: string, stored: DicomJsonElement | undefined, values: Shown): DicomJsonElement | undefined =>
  DIFFERENCES.get(tag)?.(stored === undefined ? {} : { [tag]: stored }, values);

/**
 * A stored header as the index names its patient and study: for what is made of the study, which is whose the study is now and not whose its images say.
 * An Issuer of Patient ID (0010,0021) of another number is left out: it qualifies that one.
 */
export function namedByIndex(stored: DicomJsonObject, values: IndexValues): DicomJsonObject {
  const laid = differences(stored, values);
  const { '00100021': issuer, ...rest } = stored;
  return { ...rest, ...(issuer === undefined || laid['00100020'] !== undefined ? {} : { '00100021': issuer }), ...laid };
}

/**
 * The attributes of a stored header for which the index has something else, in the form in which the index keeps them: padding, trailing
 * delimiters and values that the index can't hold are no differences. Sex U, a missing description and an identifier that nobody gave
 * leave the file's own.
 */
export function differences(stored: DicomJsonObject, values: IndexValues): DicomJsonObject {
  const found: Record<string, DicomJsonElement> = {};
  for (const [tag, difference] of DIFFERENCES) {
    const element = difference(stored, values);
    if (element !== undefined) found[tag] = element;
  }
  return found;
}
