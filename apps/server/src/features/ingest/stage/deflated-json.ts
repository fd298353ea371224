import { constants, deflateRawSync } from 'node:zlib';
import type { DicomJsonElement, DicomJsonObject } from '@negatoscope/dicom';

/** A small window: what is compressed is small, and setting up a large one would take longer than using it. */
const SMALL = { windowBits: 14, memLevel: 7, level: 3 };
/** Text that is compressed at a time: that of a million elements would take more memory than the elements do. */
const CHUNK_CHARACTERS = 1024 * 1024;
/** Items of a sequence whose text is made at a time. */
const ITEMS = 64;

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

/** Raw deflate (RFC 1951) of the text of a dataset as JSON.stringify writes it; long texts in blocks, one after the other. */
export function deflatedJson(json: DicomJsonObject): Buffer {
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
  return Buffer.concat(blocks);
}
