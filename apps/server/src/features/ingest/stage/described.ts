import { createHash } from 'node:crypto';
import { canonicalJson, type DicomJsonObject } from '@negatoscope/dicom';

export interface BulkRange {
  readonly start: number;
  readonly end: number;
}

/** What a header says, as far as it can be compared: a hash of its canonical JSON (PS3.18 F), and where the values are that it only refers to. */
export interface Described {
  readonly sha256: string;
  readonly ranges: readonly BulkRange[];
}

/** Undefined where a value can't be compared by its bytes. Pure, so that it runs in whatever thread the length of the header asks for. */
export function described(json: DicomJsonObject, sizeBytes: number): Described | undefined {
  const ranges: (BulkRange | undefined)[] = [];
  const bare = withoutBulk(json, (uri) => ranges.push(rangeOf(uri, sizeBytes)));
  const known = ranges.filter((range) => range !== undefined);
  if (known.length !== ranges.length) return undefined;
  return { sha256: createHash('sha256').update(canonicalJson(bare)).digest('hex'), ranges: known };
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
