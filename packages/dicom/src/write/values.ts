import { decodeBase64 } from '../base64.ts';
import { even, isText } from '../even.ts';
import type { DicomJsonElement, DicomJsonValue } from '../types.ts';
import { DatasetWriteError } from './error.ts';
import { NUMBERS, type NumberWriter } from './number-bytes.ts';
import { textBytes } from './text-bytes.ts';

const BINARY = new Set('OB OD OF OL OV OW UN'.split(' '));

function putTag(view: DataView, at: number, value: DicomJsonValue): void {
  if (typeof value !== 'string' || !/^[0-9a-f]{8}$/i.test(value)) throw new DatasetWriteError('VALUE');
  view.setUint16(at, Number.parseInt(value.slice(0, 4), 16), true);
  view.setUint16(at + 2, Number.parseInt(value.slice(4), 16), true);
}

function fixedWidth(values: readonly DicomJsonValue[], width: number, write: NumberWriter): Uint8Array {
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) write(view, index * width, value);
  return bytes;
}

function inlineBytes(base64: string): Uint8Array {
  const text = base64.replaceAll(/\s+/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new DatasetWriteError('VALUE');
  return even(decodeBase64(text));
}

/** Little endian bytes of an element's values. Fails with DatasetWriteError for values that its VR can't hold. */
export function valueBytes(element: DicomJsonElement): Uint8Array {
  const { vr, Value = [], InlineBinary } = element;
  if (InlineBinary !== undefined) return inlineBytes(InlineBinary);
  if (isText(vr)) return textBytes(element);
  if (vr === 'AT') return fixedWidth(Value, 4, putTag);
  const number = NUMBERS[vr];
  if (number !== undefined) return fixedWidth(Value, ...number);
  if (BINARY.has(vr) && Value.length === 0) return new Uint8Array(0);
  throw new DatasetWriteError('VR');
}
