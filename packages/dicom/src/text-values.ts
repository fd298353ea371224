import { decodeText } from './charset.ts';
import { latin1 } from './latin.ts';
import type { Doubt, RawValue } from './raw-value.ts';
import type { DicomJsonPersonName, DicomJsonValue } from './types.ts';
import type { VrInfo } from './vr.ts';

const NUL = 0;
const SPACE = 0x20;
/** Spaces and NULs at the end. */
const PADDING = /[ \0]+$/;

/** End of the value without its padding: spaces and NULs (PS3.5 6.2). */
export function trimmedEnd(raw: RawValue): number {
  let end = raw.end;
  while (end > raw.start) {
    const byte = raw.bytes[end - 1];
    if (byte !== SPACE && byte !== NUL) break;
    end -= 1;
  }
  return end;
}

/** The values of a text, each without its padding (PS3.5 6.2): the last one's has gone already. */
export function split(text: string): string[] {
  return text.includes('\\') ? text.split('\\').map((value) => value.replace(PADDING, '')) : [text];
}

export function asciiValues(raw: RawValue): DicomJsonValue[] {
  return split(latin1(raw.bytes, raw.start, trimmedEnd(raw)));
}

export function textValues(vr: VrInfo, raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  const decoded = decodeText(raw.bytes, { start: raw.start, end: trimmedEnd(raw) }, raw.charset, vr.name);
  if (!decoded.isCertain) doubt('UNCERTAIN_TEXT');
  return vr.kind === 'text' ? [decoded.text] : split(decoded.text);
}

export function personNames(raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  const decoded = decodeText(raw.bytes, { start: raw.start, end: trimmedEnd(raw) }, raw.charset, 'PN');
  if (!decoded.isCertain) doubt('UNCERTAIN_TEXT');
  return split(decoded.text).map(personName);
}

function personName(text: string): DicomJsonPersonName | null {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=');
  const name: DicomJsonPersonName = {};
  if (alphabetic !== '') name.Alphabetic = alphabetic;
  if (ideographic !== '') name.Ideographic = ideographic;
  if (phonetic !== '') name.Phonetic = phonetic;
  return alphabetic === '' && ideographic === '' && phonetic === '' ? null : name;
}
