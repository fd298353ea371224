import { type DicomJsonObject, isStorableUid, jsonItems, jsonString, parseDate, parseTime } from '@negatoscope/dicom';
import { type Answer, STATUS } from '@negatoscope/dimse';

export const STEP_STATUSES = ['IN_PROGRESS', 'COMPLETED', 'DISCONTINUED'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** A performed procedure step as a device tells it. */
export interface ToldStep {
  readonly status: StepStatus;
  /** Without what says whose it is: that is known by the order. */
  readonly attributes: DicomJsonObject;
}

/** As it stands in a dataset. */
const told = (status: StepStatus): string => status.replace('_', ' ');

/** What a new one was scheduled as: numbers of steps, procedures and requests, and the studies. */
export interface Scheduled {
  readonly numbers: readonly string[];
  readonly studyUids: readonly string[];
}

const STATUS_TAG = '00400252';
const SCHEDULED = '00400270';
const [START_DAY, START_TIME, END_DAY, END_TIME] = ['00400244', '00400245', '00400250', '00400251'] as const;
const STEP_ID = '00400253';
const STATION = '00400241';
const MODALITY = '00080060';
/** Of type 1 when it is created (PS3.4 table F.7.2-1). */
const OF_BEGINNING = [SCHEDULED, STEP_ID, STATION, START_DAY, START_TIME, STATUS_TAG, MODALITY];
const OF_END = [END_DAY, END_TIME];
/** What stays as it was created. */
const FIXED: ReadonlySet<string> = new Set([
  SCHEDULED,
  STEP_ID,
  STATION,
  START_DAY,
  START_TIME,
  MODALITY,
  '00200010',
  '00080005',
]);
/** Groups of the patient and the visit. */
const OF_PERSON = /^00(?:10|38)/;

/** PS3.4 F.7.2.2.2: a step that has ended stays as it is. */
export const ENDED: Answer = {
  status: STATUS.PROCESSING_FAILURE,
  errorId: 0xa506,
  comment: 'Performed Procedure Step Object may no longer be updated',
};

const wrong = (status: number, tag: string): Answer => ({ status, comment: `(${tag.slice(0, 4)},${tag.slice(4)})` });

function lacking(dataset: DicomJsonObject, tags: readonly string[]): Answer | undefined {
  for (const tag of tags) {
    if (dataset[tag] === undefined) return wrong(STATUS.MISSING_ATTRIBUTE, tag);
    if ((dataset[tag].Value ?? []).length === 0) return wrong(STATUS.MISSING_VALUE, tag);
  }
  return undefined;
}

/** Of each of these there is one (PS3.6). */
const IS_SENSE: Readonly<Record<string, (text: string) => boolean>> = {
  [STATUS_TAG]: (text) => STEP_STATUSES.some((status) => told(status) === text),
  [START_DAY]: (text) => parseDate(text) !== undefined,
  [END_DAY]: (text) => parseDate(text) !== undefined,
  [START_TIME]: (text) => parseTime(text) !== undefined,
  [END_TIME]: (text) => parseTime(text) !== undefined,
};

function nonsense(dataset: DicomJsonObject): Answer | undefined {
  const tag = Object.keys(IS_SENSE).find((one) => {
    const text = jsonString(dataset, one);
    return (text !== undefined && IS_SENSE[one]?.(text) === false) || (dataset[one]?.Value?.length ?? 0) > 1;
  });
  return tag === undefined ? undefined : wrong(STATUS.INVALID_ATTRIBUTE_VALUE, tag);
}

const statusIn = (dataset: DicomJsonObject): StepStatus | undefined =>
  STEP_STATUSES.find((status) => told(status) === jsonString(dataset, STATUS_TAG));

const kept = (dataset: DicomJsonObject): DicomJsonObject =>
  Object.fromEntries(Object.entries(dataset).filter(([tag]) => !OF_PERSON.test(tag) && !/^.{3}[13579BDF]|0000$/.test(tag)));

const isAnswer = (value: object | undefined): value is Answer => value !== undefined;

/** A new step (N-CREATE, PS3.4 F.7.2.1), or what it is refused with: it begins IN PROGRESS. */
export function begun(dataset: DicomJsonObject): (ToldStep & Scheduled) | { readonly refused: Answer } {
  const refused = lacking(dataset, OF_BEGINNING) ?? nonsense(dataset);
  if (isAnswer(refused)) return { refused };
  const items = jsonItems(dataset, SCHEDULED);
  if (items.length === 0) return { refused: wrong(STATUS.INVALID_ATTRIBUTE_VALUE, SCHEDULED) };
  for (const item of items) {
    const missing = lacking(item, ['0020000D']);
    if (missing !== undefined) return { refused: missing };
  }
  const studyUids = items.map((item) => jsonString(item, '0020000D') ?? '');
  if (!studyUids.every((uid) => isStorableUid(uid))) return { refused: wrong(STATUS.INVALID_ATTRIBUTE_VALUE, '0020000D') };
  if (statusIn(dataset) !== 'IN_PROGRESS') return { refused: wrong(STATUS.INVALID_ATTRIBUTE_VALUE, STATUS_TAG) };
  const numbers = items.flatMap((item) => ['00400009', '00401001', '00080050'].map((tag) => jsonString(item, tag) ?? ''));
  return { status: 'IN_PROGRESS', attributes: kept(dataset), numbers: [...new Set(numbers)], studyUids };
}

/** A step as a device says that it goes on or has ended (N-SET, PS3.4 F.7.2.2), or what that is refused with. What stays as it was created is left alone. */
export function gone(present: ToldStep, dataset: DicomJsonObject): ToldStep | { readonly refused: Answer } {
  if (present.status !== 'IN_PROGRESS') return { refused: ENDED };
  const change = kept(Object.fromEntries(Object.entries(dataset).filter(([tag]) => !FIXED.has(tag))));
  const attributes = { ...present.attributes, ...change };
  const refused = nonsense(change) ?? (STATUS_TAG in change ? lacking(change, [STATUS_TAG]) : undefined);
  if (isAnswer(refused)) return { refused };
  const status = STATUS_TAG in change ? statusIn(change) : present.status;
  if (status === undefined) return { refused: wrong(STATUS.INVALID_ATTRIBUTE_VALUE, STATUS_TAG) };
  const open = status === 'IN_PROGRESS' ? undefined : lacking(attributes, OF_END);
  return isAnswer(open) ? { refused: open } : { status, attributes };
}
