import type { DicomJson } from '../../../archive/search/qido-repository.ts';
import { breathe } from '../../../kernel/turns.ts';
import { MODEL, modelAttribute, modelAttributes, modelItem } from '../native-model.ts';
import type { StoredFile } from '../ports.ts';
import { dicomJsonText } from '../qido/answer.ts';

/** Failure reasons of PS3.18 Table 10.5.3-2 and PS3.7 Annex C. */
const PROCESSING_FAILURE = 0x0110;
const NOT_AUTHORIZED = 0x0124;
const OUT_OF_RESOURCES = 0xa700;
const CANNOT_UNDERSTAND = 0xc000;
const STUDY_MISMATCH = 0xa900;
const SYNTAX_NOT_SUPPORTED = 0xc122;
/** Warning reasons: kept aside until a person decides; already there with the same content (PS3.7 C.5.7); changed on the way (PS3.18 Table 10.5.3-2). */
const ASIDE = 0xb000;
const DUPLICATE = 0x0111;
const COERCED = 0xb000;

const REASONS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    STORAGE_FULL: OUT_OF_RESOURCES,
    STORAGE_FAILED: PROCESSING_FAILURE,
    WITHDRAWN: NOT_AUTHORIZED,
    STUDY_UID_MISMATCH: STUDY_MISMATCH,
    MISSING_STUDY_UID: STUDY_MISMATCH,
    MISSING_SERIES_UID: STUDY_MISMATCH,
    MISSING_SOP_INSTANCE_UID: STUDY_MISMATCH,
    MISSING_SOP_CLASS_UID: STUDY_MISMATCH,
    BULK_MEDIA_TYPE: SYNTAX_NOT_SUPPORTED,
  }),
);

function reference(file: StoredFile): DicomJson {
  return {
    '00081150': file.sopClassUid === undefined ? { vr: 'UI' } : { vr: 'UI', Value: [file.sopClassUid] },
    '00081155': file.sopInstanceUid === undefined ? { vr: 'UI' } : { vr: 'UI', Value: [file.sopInstanceUid] },
  };
}

function warningOf(file: StoredFile): DicomJson {
  if (file.isCoerced === true) return { '00081196': { vr: 'US', Value: [COERCED] } };
  return file.outcome === 'duplicate' ? { '00081196': { vr: 'US', Value: [DUPLICATE] } } : {};
}

const failureOf = ({ reason = '' }: StoredFile): DicomJson => ({
  '00081197': { vr: 'US', Value: [REASONS.get(reason) ?? CANNOT_UNDERSTAND] },
});

export interface StowAnswer {
  readonly status: 200 | 202 | 409;
  /** The dataset's first attribute, when there is one: where the study is. */
  readonly study: DicomJson;
  /** Sequences in ascending order of tags, with what makes each item. */
  readonly sequences: readonly StowSequence[];
}

export interface StowSequence {
  readonly tag: string;
  readonly files: readonly StoredFile[];
  readonly item: (file: StoredFile) => DicomJson;
}

/** Files that are looked at, and items that are made into text, in one go: a request may have a hundred thousand. */
const SLICE = 200;

type Group = 'accepted' | 'aside' | 'named' | 'unnamed';

function groupOf({ outcome, sopClassUid, sopInstanceUid }: StoredFile): Group {
  if (outcome === 'stored' || outcome === 'duplicate') return 'accepted';
  if (outcome === 'conflict') return 'aside';
  return sopClassUid === undefined || sopInstanceUid === undefined ? 'unnamed' : 'named';
}

/** Store Instances Response (PS3.18 10.5.3): what was stored, what with a warning, what failed and why. */
export async function stowAnswer(files: readonly StoredFile[], base: string): Promise<StowAnswer> {
  const groups: Record<Group, StoredFile[]> = { accepted: [], aside: [], named: [], unnamed: [] };
  for (const [index, file] of files.entries()) {
    groups[groupOf(file)].push(file);
    if (index % SLICE === SLICE - 1) await breathe();
  }
  const { accepted, aside, named, unnamed } = groups;
  const url = (file: StoredFile): string =>
    `${base}/studies/${file.studyInstanceUid}/series/${file.seriesInstanceUid}/instances/${file.sopInstanceUid}`;
  const referenced = (file: StoredFile): DicomJson =>
    file.outcome === 'conflict'
      ? { ...reference(file), '00081196': { vr: 'US', Value: [ASIDE] } }
      : { ...reference(file), '00081190': { vr: 'UR', Value: [url(file)] }, ...warningOf(file) };
  const sequences: readonly StowSequence[] = [
    // Failed SOP Sequence names its instances; what has no name is told beside it.
    { tag: '00081198', files: named, item: (file) => ({ ...reference(file), ...failureOf(file) }) },
    { tag: '00081199', files: accepted.concat(aside), item: referenced },
    { tag: '0008119A', files: unnamed, item: failureOf },
  ];
  const study = accepted[0]?.studyInstanceUid;
  const isWhole = accepted.length === files.length;
  return {
    status: accepted.length + aside.length === 0 ? 409 : isWhole ? 200 : 202,
    study: study === undefined ? {} : { '00081190': { vr: 'UR', Value: [`${base}/studies/${study}`] } },
    sequences: sequences.filter((one) => one.files.length > 0),
  };
}

/** How a dataset of sequences is written: what stands around it, around each sequence, and an item with its number. */
interface Form {
  readonly dataset: readonly [string, string];
  readonly study: (json: DicomJson) => string;
  readonly sequence: (tag: string) => readonly [string, string];
  readonly item: (json: DicomJson, number: number) => string;
  readonly betweenSequences: string;
  readonly betweenItems: string;
}

const FORMS: Readonly<Record<'json' | 'xml', Form>> = {
  json: {
    dataset: ['{', '}'],
    study: (json) => dicomJsonText(json).slice(1, -1),
    sequence: (tag) => [`"${tag}":{"vr":"SQ","Value":[`, ']}'],
    item: dicomJsonText,
    betweenSequences: ',',
    betweenItems: ',',
  },
  xml: {
    dataset: MODEL,
    study: modelAttributes,
    sequence: (tag) => modelAttribute(tag, 'SQ'),
    item: modelItem,
    betweenSequences: '',
    betweenItems: '',
  },
};

/** The answer as text, some items at a time: others go on between them, since a request may have stored a hundred thousand instances. */
export async function* answerText({ study, sequences }: StowAnswer, form: 'json' | 'xml'): AsyncGenerator<string> {
  const { dataset, sequence, item, betweenSequences, betweenItems, ...forms } = FORMS[form];
  let text = dataset[0] + forms.study(study);
  let isFirst = Object.keys(study).length === 0;
  for (const { tag, files, item: json } of sequences) {
    const [opening, closing] = sequence(tag);
    text += (isFirst ? '' : betweenSequences) + opening;
    isFirst = false;
    for (let at = 0; at < files.length; at += SLICE) {
      const items = files.slice(at, at + SLICE).map((file, index) => item(json(file), at + index + 1));
      text += (at === 0 ? '' : betweenItems) + items.join(betweenItems);
      if (at + SLICE >= files.length) continue;
      yield text;
      text = '';
      await breathe();
    }
    text += closing;
  }
  yield text + dataset[1];
}
