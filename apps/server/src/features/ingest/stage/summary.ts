import {
  type DicomJsonObject,
  formatPersonName,
  jsonElement,
  jsonNumber,
  jsonPersonName,
  jsonString,
  jsonValues,
  type ParsedInstance,
  parseDate,
  parsePersonName,
  parseTime,
} from '@negatoscope/dicom';
import type { InstanceSummary, ReceivedIdentity, SeriesSummary, StudySummary } from '../../../archive/write/received.ts';
import { storableJson } from '../../../kernel/storable-json.ts';
import { Rejection } from '../rejection.ts';

/** Attributes of a study and its patient that QIDO-RS answers (PS3.18 10.6.1.2.3, table 10.6.1-3), as received. */
const STUDY_TAGS =
  '00080020 00080030 00080050 00080051 00080090 00080201 00081030 00081032 00081048 00081060 00100010 00100020 00100021 00100030 00100032 00100040 00101010 00101020 00101030 0020000D 00200010'.split(
    ' ',
  );
/** Of a series (PS3.18 table 10.6.1-4). */
const SERIES_TAGS =
  '00080021 00080031 00080060 00080070 0008103E 00081010 00081050 00081090 00180015 00181000 00181030 0020000E 00200011 00200052 00200060 00400244 00400245 00400275'.split(
    ' ',
  );
/** Text of a patient, and of a study, that people read. */
const IDENTITY_TEXT = ['00100010', '00100020', '00100021'];
const STUDY_TEXT = ['00080050', '00080090', '00081030'];
const MAX_ATTRIBUTE_CHARACTERS = 16_384;
const UID = /^[0-9]+(\.[0-9]+)*$/;
const MAX_INTEGER = 2_147_483_647;

/** Text that PostgreSQL can keep: no NUL, no half characters, no longer than the index can hold. */
function clean(text: string | undefined, maxCharacters: number): string {
  return (text ?? '').replaceAll('\0', '').toWellFormed().trim().slice(0, maxCharacters);
}

const optional = (text: string | undefined, max: number): string | null => clean(text, max) || null;

/** Numbers in text attributes (a Patient ID that a broken file sends as another VR) are taken as text. */
function text(json: DicomJsonObject, tag: string): string | undefined {
  const value = jsonValues(json, tag)[0];
  return typeof value === 'number' ? String(value) : jsonString(json, tag);
}

function integer(json: DicomJsonObject, tag: string, max = MAX_INTEGER): number | null {
  const value = jsonNumber(json, tag) ?? Number(jsonString(json, tag) ?? Number.NaN);
  return Number.isInteger(value) && Math.abs(value) <= max ? value : null;
}

function uid(json: DicomJsonObject, tag: string, missing: Rejection['code']): string {
  const value = jsonString(json, tag)?.trim();
  if (value === undefined || value === '') throw new Rejection(missing);
  if (value.length > 64 || !UID.test(value)) throw new Rejection('INVALID_UID');
  return value;
}

/** DICOM JSON of some attributes; a value of unreasonable size is left out. */
function pick(json: DicomJsonObject, tags: readonly string[]): string {
  const picked: DicomJsonObject = {};
  for (const tag of tags) {
    const element = jsonElement(json, tag);
    if (element !== undefined && element.BulkDataURI === undefined) picked[tag] = element;
  }
  const text = JSON.stringify(picked);
  return storableJson(text.length <= MAX_ATTRIBUTE_CHARACTERS ? text : JSON.stringify(withoutLong(picked)));
}

const withoutLong = (json: DicomJsonObject): DicomJsonObject =>
  Object.fromEntries(Object.entries(json).filter(([, element]) => JSON.stringify(element).length <= MAX_ATTRIBUTE_CHARACTERS));

export function identityOf(json: DicomJsonObject): ReceivedIdentity {
  const name = jsonPersonName(json, '00100010');
  const groups = parsePersonName(name);
  const shown = groups.alphabetic ?? groups.ideographic ?? groups.phonetic;
  const sex = text(json, '00100040')?.toUpperCase();
  return {
    patientId: clean(text(json, '00100020'), 256),
    issuer: clean(text(json, '00100021'), 256),
    familyName: clean(shown?.family, 200),
    givenName: clean([shown?.given, shown?.middle].filter(Boolean).join(' '), 200),
    personName: clean(name === undefined ? '' : formatPersonName(groups), 1000),
    birthDate: parseDate(text(json, '00100030')) ?? null,
    sex: sex === 'M' || sex === 'F' || sex === 'O' ? sex : 'U',
  };
}

function studyOf(json: DicomJsonObject): StudySummary {
  const referrer = parsePersonName(jsonPersonName(json, '00080090'));
  const { family = '', given = '' } = referrer.alphabetic ?? referrer.ideographic ?? {};
  return {
    studyDate: parseDate(text(json, '00080020')) ?? null,
    studyTime: parseTime(text(json, '00080030')) ?? null,
    studyId: optional(text(json, '00200010'), 64),
    accessionNumber: optional(text(json, '00080050'), 64),
    description: optional(text(json, '00081030'), 500),
    referrer: optional(`${family} ${given}`, 200),
    attributes: pick(json, STUDY_TAGS),
  };
}

function seriesOf(json: DicomJsonObject): SeriesSummary {
  return {
    modality: clean(text(json, '00080060'), 16) || 'OT',
    seriesNumber: integer(json, '00200011'),
    description: optional(text(json, '0008103E'), 500),
    bodyPart: optional(text(json, '00180015'), 64),
    attributes: pick(json, SERIES_TAGS),
  };
}

/** Whether text of these attributes was read by another character set than the declared one. */
const uncertainIn = ({ warnings }: ParsedInstance, tags: readonly string[]): { isUncertain?: true } =>
  warnings.some(({ code, tag }) => code === 'UNCERTAIN_TEXT' && tag !== undefined && tags.includes(tag))
    ? { isUncertain: true }
    : {};

/**
 * What the index keeps of a file. Fails with a Rejection: MISSING_… for an absent UID, INVALID_UID for one outside PS3.5 9.1 (leading
 * zeros are tolerated, they are common), TRUNCATED when pixel data ends before its announced length.
 */
export function summarise(parsed: ParsedInstance, frames: number): InstanceSummary {
  const { json } = parsed;
  const uids = {
    sopClassUid: uid(json, '00080016', 'MISSING_SOP_CLASS_UID'),
    sopInstanceUid: uid(json, '00080018', 'MISSING_SOP_INSTANCE_UID'),
    studyInstanceUid: uid(json, '0020000D', 'MISSING_STUDY_UID'),
    seriesInstanceUid: uid(json, '0020000E', 'MISSING_SERIES_UID'),
  };
  if (parsed.warnings.some((warning) => warning.code === 'PIXEL_DATA_TRUNCATED')) throw new Rejection('TRUNCATED');
  return {
    ...uids,
    transferSyntaxUid: clean(parsed.transferSyntaxUid, 64),
    instanceNumber: integer(json, '00200013'),
    rows: integer(json, '00280010'),
    columns: integer(json, '00280011'),
    frames: Math.min(frames, MAX_INTEGER),
    bitsAllocated: integer(json, '00280100', 32_767),
    identity: { ...identityOf(json), ...uncertainIn(parsed, IDENTITY_TEXT) },
    study: { ...studyOf(json), ...uncertainIn(parsed, STUDY_TEXT) },
    series: seriesOf(json),
  };
}
