import type { DicomJsonObject } from '@negatoscope/dicom';
import { inflate } from '../../../platform/inflate/index.ts';
import { datasetStart } from '../stage/dataset-start.ts';
import { type BulkRange, type Described, described } from '../stage/described.ts';
import type { HeaderReader } from '../stage/header.ts';

/** First bytes among which the end of group 0002 is looked for. */
const HEAD_BYTES = 64 * 1024;
const COMPARE_BYTES = 256 * 1024;
/** Larger JSON is no work for the event loop. */
const MAX_JSON_BYTES = 256 * 1024;

/** One instance's bytes and header, stored or just received. */
export interface InstanceContent {
  readonly sizeBytes: number;
  readonly json: () => Promise<Buffer | undefined>;
  readonly read: (offset: number, length: number) => Promise<Buffer>;
}

/** Inflates what `instance_metadata.json` holds; undefined when it is too large to be handled on the event loop. */
export async function inflateJson(deflated: Buffer): Promise<DicomJsonObject | undefined> {
  const text = await inflate(deflated, { maxBytes: MAX_JSON_BYTES }).catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text.toString('utf8')) as DicomJsonObject); // Written by header-digest.ts.
}

/**
 * Whether two files carry the same dataset under the same transfer syntax, whatever their preambles and file meta information are. False
 * where it can't be told from their first bytes.
 */
export async function hasSameDataset(left: InstanceContent, right: InstanceContent): Promise<boolean> {
  const [one, other] = await Promise.all(
    [left, right].map(async (side) => datasetStart(await side.read(0, Math.min(HEAD_BYTES, side.sizeBytes)))),
  );
  if (one === undefined || other === undefined || one.transferSyntaxUid !== other.transferSyntaxUid) return false;
  const rangeOfDataset = (side: InstanceContent, start: number): Side => ({ ...side, range: { start, end: side.sizeBytes } });
  return equalRanges(rangeOfDataset(left, one.offset), rangeOfDataset(right, other.offset));
}

/**
 * Whether two files of different bytes say the same: equal canonical JSON (PS3.18 F) and equal bytes in every value that the JSON only
 * refers to, pixels included. The same image in another uncompressed little-endian encoding is the same; another compression is not. False where
 * it can't be told: they differ by their hash, and a person decides.
 */
export async function saysTheSame(left: InstanceContent, right: InstanceContent, headers: HeaderReader): Promise<boolean> {
  const one = await describe(left, headers);
  const other = one === undefined ? undefined : await describe(right, headers);
  if (one === undefined || other === undefined) return false;
  if (one.sha256 !== other.sha256 || one.ranges.length !== other.ranges.length) return false;
  for (const [index, range] of one.ranges.entries()) {
    const twin = other.ranges[index];
    if (twin === undefined || !(await equalRanges({ ...left, range }, { ...right, range: twin }))) return false;
  }
  return true;
}

/** Here when the header is short, else where it can be ended. */
async function describe(content: InstanceContent, headers: HeaderReader): Promise<Described | undefined> {
  const deflated = await content.json();
  if (deflated === undefined) return undefined;
  const json = await inflateJson(deflated);
  return json === undefined ? headers.describe(deflated, content.sizeBytes) : described(json, content.sizeBytes);
}

type Side = InstanceContent & { readonly range: BulkRange };

async function equalRanges(left: Side, right: Side): Promise<boolean> {
  const length = left.range.end - left.range.start;
  if (right.range.end - right.range.start !== length) return false;
  for (let done = 0; done < length; done += COMPARE_BYTES) {
    const count = Math.min(COMPARE_BYTES, length - done);
    const [a, b] = await Promise.all([left.read(left.range.start + done, count), right.read(right.range.start + done, count)]);
    if (!a.equals(b)) return false;
  }
  return true;
}
