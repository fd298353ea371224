import { encodeBase64 } from './base64.ts';
import { latin1 } from './latin.ts';
import { numberValues } from './number-values.ts';
import { type Doubt, emptyElement, type RawValue, withValues } from './raw-value.ts';
import { swapWords } from './swap-words.ts';
import { tagText } from './tag-text.ts';
import { asciiValues, personNames, split, textValues, trimmedEnd } from './text-values.ts';
import type { DicomJsonElement, DicomJsonValue } from './types.ts';
import type { VrInfo } from './vr.ts';

/** Turns the bytes of one value into its DICOM JSON element (PS3.18 F.2). Numbers that are none become null (or stay text, where that is wanted) and are reported. Never fails. */
export function readElement(vr: VrInfo, raw: RawValue, doubt: Doubt): DicomJsonElement {
  if (raw.end === raw.start) return emptyElement(vr.name);
  switch (vr.kind) {
    case 'asciis':
      return withValues(vr.name, asciiValues(raw));
    case 'texts':
    case 'text':
      return withValues(vr.name, textValues(vr, raw, doubt));
    case 'name':
      return withValues(vr.name, personNames(raw, doubt));
    case 'decimal':
      return withValues(vr.name, decimalValues(vr, raw, doubt));
    case 'number':
      return withValues(vr.name, numberValues(vr, raw, doubt));
    case 'tag':
      return withValues(vr.name, tagValues(raw, doubt));
    case 'ascii':
      return withValues(vr.name, [latin1(raw.bytes, raw.start, trimmedEnd(raw))]);
    default:
      return { vr: vr.name, InlineBinary: inlineBinary(vr, raw) };
  }
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function decimalValues(vr: VrInfo, raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  return split(latin1(raw.bytes, raw.start, trimmedEnd(raw))).map((part) => {
    const text = part.trim();
    if (text === '') return null;
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value) && (vr.name === 'DS' || Number.isInteger(value))) return value;
    doubt('INVALID_NUMBER');
    return raw.keepsText === true ? text : null;
  });
}

function tagValues(raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  const values: DicomJsonValue[] = [];
  if ((raw.end - raw.start) % 4 !== 0) doubt('LENGTH_NOT_MULTIPLE');
  for (let at = raw.start; at + 4 <= raw.end; at += 4) {
    const tag = raw.view.getUint16(at, raw.littleEndian) * 65_536 + raw.view.getUint16(at + 2, raw.littleEndian);
    values.push(tagText(tag));
  }
  return values;
}

function inlineBinary(vr: VrInfo, raw: RawValue): string {
  if (raw.littleEndian || vr.wordBytes === 1) return encodeBase64(raw.bytes, raw.start, raw.end);
  return encodeBase64(swapWords(raw.bytes.subarray(raw.start, raw.end), vr.wordBytes));
}
