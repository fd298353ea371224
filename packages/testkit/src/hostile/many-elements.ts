import type { Dataset } from '../part10/dataset.ts';
import { TransferSyntax } from '../part10/transfer-syntax.ts';
import { writePart10 } from '../part10/writer.ts';

const ELEMENT_BYTES = 8;
const MOST_OF_A_GROUP = 60_000;
const [ITEM, ITEM_MARK_BYTES, SEQUENCE_BYTES] = [0xe000fffe, 8, 12];

/** Empty private elements one after the other, in as many groups as it takes. */
function elements(count: number): Uint8Array {
  const bytes = new Uint8Array(ELEMENT_BYTES * count);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index += 1) {
    const at = ELEMENT_BYTES * index;
    view.setUint16(at, 0x0101 + 2 * Math.floor(index / MOST_OF_A_GROUP), true);
    view.setUint16(at + 2, 0x1000 + (index % MOST_OF_A_GROUP), true);
    bytes.set([0x4c, 0x4f, 0, 0], at + 4);
  }
  return bytes;
}

function withTail(dataset: Dataset, tail: Uint8Array): Uint8Array {
  const head = writePart10({ ...dataset, PixelData: undefined }, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });
  const file = new Uint8Array(head.length + tail.length);
  file.set(head);
  file.set(tail, head.length);
  return file;
}

/** A file of `count` empty elements side by side, behind what it needs; without pixels. */
export const manyElements = (dataset: Dataset, count: number): Uint8Array => withTail(dataset, elements(count));

/** A file with the private sequence (0111,1000) of `items` items, each of the same `width` empty elements; without pixels. */
export function manyInItems(dataset: Dataset, items: number, width: number): Uint8Array {
  const content = elements(width);
  const itemBytes = ITEM_MARK_BYTES + content.length;
  const bytes = new Uint8Array(SEQUENCE_BYTES + items * itemBytes);
  const view = new DataView(bytes.buffer);
  bytes.set([0x11, 0x01, 0x00, 0x10, 0x53, 0x51, 0, 0]);
  view.setUint32(8, items * itemBytes, true);
  for (let at = SEQUENCE_BYTES; at < bytes.length; at += itemBytes) {
    view.setUint32(at, ITEM, true);
    view.setUint32(at + 4, content.length, true);
    bytes.set(content, at + ITEM_MARK_BYTES);
  }
  return withTail(dataset, bytes);
}
