import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { canonicalJson, type DicomJsonObject } from '@negatoscope/dicom';
import { datasetStart } from './dataset-start.ts';

const inflate = promisify(inflateRaw);
/** First bytes among which the end of group 0002 is looked for. */
const HEAD_BYTES = 64 * 1024;
const COMPARE_BYTES = 256 * 1024;
/** Headers whose JSON is larger are not compared by content: they differ by their hash, and a person decides. */
const MAX_JSON_BYTES = 256 * 1024;

/** One instance's bytes and header, stored or just received. */
export interface InstanceContent {
  readonly sizeBytes: number;
  readonly json: () => Promise<Buffer | undefined>;
  readonly read: (offset: number, length: number) => Promise<Buffer>;
}

interface BulkRange {
  readonly start: number;
  readonly end: number;
}

/** Inflates what `instance_metadata.json` holds; undefined when it is too large to be handled on the event loop. */
export async function inflateJson(deflated: Buffer): Promise<DicomJsonObject | undefined> {
  const text = await inflate(deflated, { maxOutputLength: MAX_JSON_BYTES }).catch(() => undefined);
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
 * refers to, pixels included. The same image in another uncompressed little-endian encoding is the same; another compression is not.
 */
export async function saysTheSame(left: InstanceContent, right: InstanceContent): Promise<boolean> {
  const [one, other] = await Promise.all([describe(left), describe(right)]);
  if (one === undefined || other === undefined || one.text !== other.text || one.ranges.length !== other.ranges.length)
    return false;
  for (const [index, range] of one.ranges.entries()) {
    const twin = other.ranges[index];
    if (twin === undefined || !(await equalRanges({ ...left, range }, { ...right, range: twin }))) return false;
  }
  return true;
}

async function describe(content: InstanceContent): Promise<{ text: string; ranges: BulkRange[] } | undefined> {
  const deflated = await content.json();
  const json = deflated === undefined ? undefined : await inflateJson(deflated);
  if (json === undefined) return undefined;
  const ranges: (BulkRange | undefined)[] = [];
  const bare = withoutBulk(json, (uri) => ranges.push(rangeOf(uri, content.sizeBytes)));
  const known = ranges.filter((range) => range !== undefined);
  return known.length === ranges.length ? { text: canonicalJson(bare), ranges: known } : undefined;
}

/** A copy in tag order whose bulk values are all alike; each reference is handed to `onBulk` in that order. */
function withoutBulk(json: DicomJsonObject, onBulk: (uri: string) => void): DicomJsonObject {
  const bare: DicomJsonObject = {};
  for (const tag of Object.keys(json).sort()) {
    const element = json[tag];
    if (element === undefined) continue;
    if (element.BulkDataURI !== undefined) {
      onBulk(element.BulkDataURI);
      // OB and OW are the same bytes in little endian, and Implicit VR can't tell them apart (PS3.5 8.1.2).
      bare[tag] = { vr: element.vr === 'OB' ? 'OW' : element.vr, BulkDataURI: 'bulk' };
    } else if (element.vr === 'SQ') {
      const items = (element.Value ?? []) as DicomJsonObject[]; // A sequence holds items (PS3.18 F.2.5).
      bare[tag] = { vr: 'SQ', Value: items.map((item) => withoutBulk(item ?? {}, onBulk)) };
    } else {
      bare[tag] = element;
    }
  }
  return bare;
}

/** `bulk:<offset>:<length>`; values that need swapping or inflating first are not compared. */
function rangeOf(uri: string, sizeBytes: number): BulkRange | undefined {
  const match = /^bulk:(\d+):(\d*)$/.exec(uri);
  if (match === null) return undefined;
  const start = Number(match[1]);
  return { start, end: match[2] === '' ? sizeBytes : start + Number(match[2]) };
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
