import { constants, deflateRawSync } from 'node:zlib';
import type { DicomJsonElement, DicomJsonObject } from '@negatoscope/dicom';

/** A small window: what is compressed is small, and setting up a large one would take longer than using it. */
const SMALL = { windowBits: 14, memLevel: 7, level: 3 };
/** Of a text that fits the smallest window whole, as that of an image of one frame does: what zlib sets up for it is a quarter of that. */
const SMALLEST = { windowBits: 12, memLevel: 5, level: 3, chunkSize: 2048 };
const SMALLEST_CHARACTERS = 4096;
/** Text that is compressed at a time: that of a million elements would take more memory than the elements do. */
const CHUNK_CHARACTERS = 1024 * 1024;
/** Items of a sequence whose text is made at a time. */
const ITEMS = 64;
/** Elements of a dataset whose text is made at once. */
const ELEMENTS = 250;

/** Whether the text of a dataset is made at once: piece by piece costs several times as much, and only long ones need it. */
function isShort(json: DicomJsonObject): boolean {
  let elements = 0;
  for (const tag in json) {
    const { vr, Value } = json[tag] ?? {};
    elements += 1;
    if (elements > ELEMENTS || (vr === 'SQ' && Value !== undefined && Value.length > ITEMS)) return false;
  }
  return true;
}

/** The text of an element, that of a long sequence some items at a time. */
function* elementText({ vr, Value = [], ...rest }: DicomJsonElement): Generator<string> {
  if (vr !== 'SQ' || Value.length <= ITEMS) {
    yield JSON.stringify({ vr, ...rest, ...(Value.length > 0 ? { Value } : {}) });
    return;
  }
  yield '{"vr":"SQ","Value":[';
  for (let at = 0; at < Value.length; at += ITEMS) {
    const items = JSON.stringify(Value.slice(at, at + ITEMS));
    yield `${at > 0 ? ',' : ''}${items.slice(1, -1)}`;
  }
  yield ']}';
}

function* datasetText(json: DicomJsonObject): Generator<string> {
  let separator = '{';
  // Tags that begin like numbers come first, as in what JSON.stringify writes.
  for (const [tag, element] of Object.entries(json)) {
    yield `${separator}"${tag}":`;
    yield* elementText(element);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

/** Memory of its own, as it goes to another thread: a view would take along all that it is a view of. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

function deflatedAtOnce(text: string): Uint8Array<ArrayBuffer> {
  return own(deflateRawSync(text, text.length <= SMALLEST_CHARACTERS ? SMALLEST : SMALL));
}

/** Raw deflate (RFC 1951) of the text of a dataset as JSON.stringify writes it; long texts in blocks, one after the other. */
export function deflatedJson(json: DicomJsonObject): Uint8Array<ArrayBuffer> {
  return isShort(json) ? deflatedAtOnce(JSON.stringify(json)) : deflatedInBlocks(json);
}

function deflatedInBlocks(json: DicomJsonObject): Uint8Array<ArrayBuffer> {
  const blocks: Buffer[] = [];
  let text: string[] = [];
  let characters = 0;
  const compress = (finishFlush: number): void => {
    blocks.push(deflateRawSync(text.join(''), { ...SMALL, finishFlush }));
    text = [];
    characters = 0;
  };
  for (const piece of datasetText(json)) {
    text.push(piece);
    characters += piece.length;
    if (characters >= CHUNK_CHARACTERS) compress(constants.Z_SYNC_FLUSH);
  }
  compress(constants.Z_FINISH);
  return own(Buffer.concat(blocks));
}
