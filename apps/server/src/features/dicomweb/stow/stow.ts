import type { DicomJson } from '../../../archive/search/qido-repository.ts';
import { Failure } from '../../../kernel/failure.ts';
import { breathe } from '../../../kernel/turns.ts';
import { parseParameters } from '../accept.ts';
import { MODEL, modelAttribute, modelAttributes, modelItem } from '../native-model.ts';
import type { IncomingFile, StoredFile } from '../ports.ts';
import { dicomJsonText } from '../qido/answer.ts';
import type { RelatedPart } from './multipart-related.ts';

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

/** Preamble and prefix (PS3.10 7.1): what is shorter is no file, what has none may be a dataset that stands for itself. */
const HEAD_BYTES = 132;
/** Parts of one request that are no files by their length, and those without a prefix. Each is answered and costs what a file's header does. */
const MAX_STUBS = 1000;
const MAX_UNPREFIXED = 10_000;

/** Counts parts by how they begin, while they are read. Fails with MALFORMED_MULTIPART when too many can be no files. */
class Heads {
  #stubs = 0;
  #unprefixed = 0;

  check(): void {
    if (this.#stubs >= MAX_STUBS || this.#unprefixed >= MAX_UNPREFIXED) throw new Failure('MALFORMED_MULTIPART');
  }

  async *noted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let head = Buffer.alloc(0);
    try {
      for await (const chunk of body) {
        if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
        yield chunk;
      }
    } finally {
      if (head.length < HEAD_BYTES) this.#stubs += 1;
      else if (head.toString('latin1', HEAD_BYTES - 4) !== 'DICM') this.#unprefixed += 1;
    }
  }
}

/**
 * Parts of the request as files; names come from the position only, since a part's own headers are the sender's. What is whole before a
 * body breaks off, goes wrong or shows to be made of parts that are no files is kept: the rest is told as one more refusal. Fails with
 * MALFORMED_MULTIPART when no part was whole.
 */
export async function* partsAsFiles(parts: AsyncIterable<RelatedPart>, refused: StoredFile[]): AsyncGenerator<IncomingFile> {
  const heads = new Heads();
  let count = 0;
  try {
    for await (const part of parts) {
      heads.check();
      count += 1;
      const { type } = parseParameters(part.headers.get('content-type') ?? 'application/dicom');
      yield {
        name: `part-${count}${type === 'application/dicom' ? '' : ' (not application/dicom)'}`,
        stream: heads.noted(part.body),
      };
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'MALFORMED_MULTIPART' || count === 0) throw error;
    refused.push({ outcome: 'rejected', reason: 'MALFORMED_MULTIPART' });
  }
}

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
