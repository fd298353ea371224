import { MADE_SERIES, type PredictionFeature, type PredictionWarning } from '@negatoscope/contract';
import {
  type Code,
  contentMoment,
  type DicomJsonObject,
  type InstanceReference,
  type MadeCode,
  type MadeDerivation,
  type MadeDevice,
  type MadeInstance,
  type MadeModelReport,
  type MadeRegion,
  type MadeValue,
  madePersonName,
  modelReport,
  plainText,
  secondaryCaptureImage,
  uidOfUuid,
} from '@negatoscope/dicom';
import type { Language } from '../../../access/asked.ts';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import { MODEL_EVIDENCE } from '../gates.ts';
import type { PredictionRow } from '../repository.ts';
import type { ResultRow } from './repository.ts';

const CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const REPORT = '1.2.840.10008.5.1.4.1.1.88.33';
const ENGLISH: Code = { value: 'en', scheme: 'RFC5646', meaning: 'English' };
/** The program, whatever its model: a UID of its own (PS3.5 B.2). */
const DEVICE_UID = '2.25.297316043482150611836471275934028640917';

/** What PS3.16 has no code for. Meanings are English, as there. */
const own = (value: string, meaning: string): Code => ({ value, scheme: '99NEGATOSCOPE', meaning });
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });

const NO_UNITS: Code = { value: '1', scheme: 'UCUM', meaning: 'no units' };
const QUESTIONS: Readonly<Record<string, Code>> = { tuberculosis: sct('56717001', 'Tuberculosis') };
const LEVELS = {
  LOW: own('LOW', 'Low'),
  MEDIUM: own('MEDIUM', 'Medium'),
  HIGH: own('HIGH', 'High'),
} as const satisfies Record<string, Code>;
const FINDINGS = {
  TUBERCULOSIS: sct('56717001', 'Tuberculosis'),
  NO_TUBERCULOSIS: own('NO_TUBERCULOSIS', 'No tuberculosis'),
  UNDETERMINED: own('UNDETERMINED', 'Undetermined'),
} as const satisfies Record<string, Code>;
const SOURCES = {
  CULTURE: own('CULTURE', 'Culture'),
  XPERT: own('XPERT', 'Xpert MTB/RIF'),
  CLINICAL: own('CLINICAL', 'Clinical'),
} as const satisfies Record<string, Code>;
const DECISIONS = {
  VALIDATED: own('VALIDATED', 'The score stands as a result'),
  AMENDED: own('AMENDED', 'The score stands with what is said beside it'),
  REJECTED: own('REJECTED', 'The score does not stand'),
} as const satisfies Record<string, Code>;
const SITES: Readonly<Record<PredictionFeature['region'], Code>> = {
  RIGHT_UPPER: own('RIGHT_UPPER', 'Right upper third of the lungs'),
  RIGHT_MIDDLE: own('RIGHT_MIDDLE', 'Right middle third of the lungs'),
  RIGHT_LOWER: own('RIGHT_LOWER', 'Right lower third of the lungs'),
  LEFT_UPPER: own('LEFT_UPPER', 'Left upper third of the lungs'),
  LEFT_MIDDLE: own('LEFT_MIDDLE', 'Left middle third of the lungs'),
  LEFT_LOWER: own('LEFT_LOWER', 'Left lower third of the lungs'),
};
const WARNINGS: Readonly<Record<PredictionWarning, string>> = {
  AGE_UNKNOWN: 'Warning: the age is not known; the model must not be used in children.',
  CUT_OFF: 'Warning: the lungs may leave the film.',
  PATIENT_TOO_YOUNG: 'Warning: the patient was too young for the model at the examination; the score must not be used.',
  SENT_ON: 'Warning: the film was refused and sent on to the model by a physician.',
};
const WHAT_IT_IS =
  'Research and triage support, below the WHO’s 90/70 target; not a diagnosis. The score is not a probability of disease. Regions are model evidence, not lesions.';

/** What a result is made of. */
export interface ResultSource {
  readonly result: ResultRow;
  readonly row: PredictionRow;
  readonly organization: string;
  /** Of the names of its series. */
  readonly language: Language;
  /** Of the film, as the index names its patient. */
  readonly header: DicomJsonObject;
  readonly film: InstanceReference;
  readonly rows: number;
  readonly columns: number;
  readonly predecessor: { readonly series_instance_uid: string; readonly sop_instance_uid: string } | undefined;
  /** Whether there is a heat map, stored with this result or with one before it. */
  readonly hasHeat: boolean;
  /** Red, green, blue of the film under its heat map; undefined where it is stored, or there is none. */
  readonly heat: { readonly pixels: Uint8Array; readonly rows: number; readonly columns: number } | undefined;
}

const deviceOf = ({ model_name }: PredictionRow): MadeDevice => ({
  uid: DEVICE_UID,
  manufacturer: 'Negatoscope',
  model: model_name,
});

const commonOf = ({
  header,
  result,
}: ResultSource): Omit<MadeInstance, 'seriesInstanceUid' | 'sopInstanceUid' | 'seriesNumber'> => ({
  study: header,
  instanceNumber: result.seq,
  ...contentMoment(result.made_at),
  manufacturer: 'Negatoscope',
  implementation: IMPLEMENTATION,
});

const PERCENT: Code = { value: '%', scheme: 'UCUM', meaning: 'percent' };
/** The percentage, where the model was recalibrated at the site. */
const percentageOf = ({ recalibrated }: PredictionRow): MadeValue[] =>
  recalibrated === null
    ? []
    : [
        {
          concept: own('RECALIBRATED', 'Probability recalibrated on cases of the site'),
          value: Math.round(recalibrated.share * 100),
          unit: PERCENT,
        },
      ];
const aboutPercentage = ({ recalibrated }: PredictionRow): string[] => {
  if (recalibrated === null) return [];
  const [low, high] = [recalibrated.low, recalibrated.high].map((share) => Math.round(share * 100));
  return [`The percentage was recalibrated on ${recalibrated.cases} cases of this site (95% interval ${low} to ${high}%).`];
};

const value = (concept: Code, number: number | null): MadeValue[] =>
  number === null ? [] : [{ concept, value: number, unit: NO_UNITS }];

/** Corners of a box that is given as fractions of the film, in turn. */
function cornersOf({ box }: PredictionFeature, { rows, columns }: ResultSource): number[] {
  const [left = 0, top = 0, right = 1, bottom = 1] = box.map((at, axis) => at * (axis % 2 === 0 ? columns : rows));
  return [left, top, right, top, right, bottom, left, bottom];
}

const regionsOf = (source: ResultSource): MadeRegion[] =>
  source.row.features.map((feature, index) => ({
    trackingId: `Model evidence ${index + 1}`,
    trackingUid: uidOfUuid(
      source.result.id.replace(/.{2}$/, (last) => (Number.parseInt(last, 16) ^ (index + 1)).toString(16).padStart(2, '0')),
    ),
    site: SITES[feature.region],
    corners: cornersOf(feature, source),
    value: { concept: own('MODEL_EVIDENCE', 'Model evidence, 0 to 1'), value: feature.score, unit: NO_UNITS },
  }));

function codesOf({ question, confidence_level: level, is_positive: isPositive }: PredictionRow): MadeCode[] {
  const side = isPositive === true ? own('AT_OR_ABOVE', 'At or above the threshold') : own('BELOW', 'Below the threshold');
  return [
    { concept: own('QUESTION', 'What the model was asked'), value: QUESTIONS[question] ?? own('OTHER', question) },
    { concept: own('SIDE', 'Side of the threshold'), value: side },
    ...(level === null ? [] : [{ concept: own('LEVEL', 'Agreement of the networks'), value: LEVELS[level] }]),
  ];
}

/** What the physician says, the diagnosis that they know of and by what. */
function conclusionsOf({ status, comment, finding, source }: ResultRow): MadeModelReport['conclusions'] {
  const words = plainText(comment);
  return [
    { concept: own('DECISION', 'Decision of the physician'), value: DECISIONS[status] },
    ...(finding === null
      ? []
      : [{ concept: { value: '29308-4', scheme: 'LN', meaning: 'Diagnosis' }, value: FINDINGS[finding] }]),
    ...(source === null ? [] : [{ concept: own('DIAGNOSED_BY', 'Source of the diagnosis'), value: SOURCES[source] }]),
    ...(words === '' ? [] : [{ concept: dcm('121077', 'Conclusion'), text: words }]),
  ];
}

const heatReference = ({ result }: ResultSource): InstanceReference => ({
  seriesInstanceUid: result.heat_series_instance_uid,
  sopInstanceUid: result.heat_sop_instance_uid,
  sopClassUid: CAPTURE,
});

/** The version that this one takes the place of. */
const before = ({ predecessor }: ResultSource) =>
  predecessor === undefined
    ? {}
    : {
        predecessor: {
          seriesInstanceUid: predecessor.series_instance_uid,
          sopInstanceUid: predecessor.sop_instance_uid,
          sopClassUid: REPORT,
        },
      };

/** The report of a result: what the model says, and who stands for it. */
export function reportOf(source: ResultSource): Uint8Array {
  const { result, row, organization } = source;
  const { contentDate, contentTime } = contentMoment(result.made_at);
  const { last_name: lastName, first_name: firstName } = result;
  return modelReport({
    ...commonOf(source),
    ...{ seriesInstanceUid: result.series_instance_uid, sopInstanceUid: result.sop_instance_uid },
    ...{ seriesNumber: 9903, seriesDescription: MADE_SERIES.MODEL_RESULT[source.language] },
    algorithm: { name: row.model_name, version: row.model_version, parameters: [`Threshold ${row.threshold}`] },
    device: deviceOf(row),
    verified: {
      by: madePersonName(lastName ?? 'Unknown', firstName ?? ''),
      organization: plainText(organization).replaceAll('\\', ' ').slice(0, 64),
      at: `${contentDate}${contentTime}+0000`,
    },
    ...before(source),
    language: ENGLISH,
    image: source.film,
    pictures: source.hasHeat ? [heatReference(source)] : [],
    trackingUid: uidOfUuid(row.id),
    values: [
      ...value(own('MODEL_SCORE', 'Score of the model, 0 to 1'), row.probability),
      ...percentageOf(row),
      ...value(own('MODEL_THRESHOLD', 'Threshold of the score'), row.threshold),
      ...value(own('MODEL_CERTAINTY', 'Share of the networks on this side of the threshold'), row.confidence),
    ],
    codes: codesOf(row),
    evidence: own('MODEL_EVIDENCE', 'Model evidence, not a lesion'),
    regions: regionsOf(source),
    conclusions: conclusionsOf(result),
    comments: [...row.warnings.map((warning) => WARNINGS[warning]), ...aboutPercentage(row), WHAT_IT_IS],
  });
}

/** The film under its heat map, in colours; undefined where none is to be made. */
export function heatOf(source: ResultSource): Uint8Array | undefined {
  const { row, result, film, heat } = source;
  if (heat === undefined) return undefined;
  const derived: MadeDerivation = {
    kind: MODEL_EVIDENCE,
    description: `Evidence of the model ${row.model_name} ${row.model_version} over its film. ${WHAT_IT_IS}`,
    source: film,
    device: deviceOf(row),
    software: [row.model_name.slice(0, 64), row.model_version.slice(0, 64)],
  };
  return secondaryCaptureImage({
    ...commonOf(source),
    // Of the answer alone: whichever decision comes to make it first makes the same bytes.
    ...{ instanceNumber: 1, ...contentMoment(row.finished_at ?? row.created_at) },
    ...{ seriesInstanceUid: result.heat_series_instance_uid, sopInstanceUid: result.heat_sop_instance_uid },
    ...{ seriesNumber: 9904, seriesDescription: MADE_SERIES.MODEL_EVIDENCE[source.language], ...heat, derived },
  });
}
