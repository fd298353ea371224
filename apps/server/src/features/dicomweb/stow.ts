import type { DicomJson } from '../../archive/search/qido-repository.ts';
import { Failure } from '../../kernel/failure.ts';
import { parseParameters } from './accept.ts';
import type { RelatedPart } from './multipart-related.ts';
import type { IncomingFile, StoredFile } from './ports.ts';

/** Failure reasons of PS3.18 Table 10.5.3-2 and PS3.7 Annex C. */
const PROCESSING_FAILURE = 0x0110;
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
    STUDY_UID_MISMATCH: STUDY_MISMATCH,
    MISSING_STUDY_UID: STUDY_MISMATCH,
    MISSING_SERIES_UID: STUDY_MISMATCH,
    MISSING_SOP_INSTANCE_UID: STUDY_MISMATCH,
    MISSING_SOP_CLASS_UID: STUDY_MISMATCH,
    BULK_MEDIA_TYPE: SYNTAX_NOT_SUPPORTED,
  }),
);

/**
 * Parts of the request as files; names come from the position only, since a part's own headers are the sender's. What is whole before a
 * body breaks off or goes wrong is kept: the rest is told as one more refusal. Fails with MALFORMED_MULTIPART when no part was whole.
 */
export async function* partsAsFiles(parts: AsyncIterable<RelatedPart>, refused: StoredFile[]): AsyncGenerator<IncomingFile> {
  let count = 0;
  try {
    for await (const part of parts) {
      count += 1;
      const { type } = parseParameters(part.headers.get('content-type') ?? 'application/dicom');
      yield { name: `part-${count}${type === 'application/dicom' ? '' : ' (not application/dicom)'}`, stream: part.body };
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
  readonly json: DicomJson;
}

/** Store Instances Response (PS3.18 10.5.3): what was stored, what with a warning, what failed and why. */
export function stowAnswer(files: readonly StoredFile[], base: string): StowAnswer {
  const accepted = files.filter((file) => file.outcome === 'stored' || file.outcome === 'duplicate');
  const aside = files.filter((file) => file.outcome === 'conflict');
  const failed = files.filter((file) => file.outcome === 'rejected' || file.outcome === 'ignored');
  const json: DicomJson = {};
  const references = [
    ...accepted.map((file) => ({
      ...reference(file),
      ...warningOf(file),
      '00081190': {
        vr: 'UR',
        Value: [`${base}/studies/${file.studyInstanceUid}/series/${file.seriesInstanceUid}/instances/${file.sopInstanceUid}`],
      },
    })),
    ...aside.map((file) => ({ ...reference(file), '00081196': { vr: 'US', Value: [ASIDE] } })),
  ];
  if (references.length > 0) json['00081199'] = { vr: 'SQ', Value: references };
  // Failed SOP Sequence names its instances; what has no name is told beside it.
  const named = failed.filter((file) => file.sopClassUid !== undefined && file.sopInstanceUid !== undefined);
  const others = failed.filter((file) => !named.includes(file));
  if (named.length > 0) json['00081198'] = { vr: 'SQ', Value: named.map((file) => ({ ...reference(file), ...failureOf(file) })) };
  if (others.length > 0) json['0008119A'] = { vr: 'SQ', Value: others.map(failureOf) };
  const [first] = accepted;
  if (first?.studyInstanceUid !== undefined)
    json['00081190'] = { vr: 'UR', Value: [`${base}/studies/${first.studyInstanceUid}`] };
  if (references.length === 0) return { status: 409, json };
  return { status: failed.length + aside.length > 0 ? 202 : 200, json };
}
