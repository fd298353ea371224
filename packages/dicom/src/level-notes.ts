import { charsetOf } from './charset-terms.ts';
import type { ElementHeader } from './element-header.ts';
import type { Level } from './level.ts';
import type { ReadLog } from './read-log.ts';
import type { DicomJsonElement } from './types.ts';

const CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;
const LUT_DESCRIPTOR = 0x00283002;

/** Keeps at a level what its later elements are read by: their character set, and the VR of what may be US or SS, US or OW. */
export function noteValue(level: Level, { tag, key }: ElementHeader, element: DicomJsonElement, log: ReadLog): void {
  const first = element.Value?.[0];
  if (tag === CHARACTER_SET) {
    const charset = charsetOf((element.Value ?? []).join('\\'));
    if (charset.hasUnknownTerm) log.warn('UNKNOWN_CHARACTER_SET', key);
    level.charset = charset;
  } else if (tag === PIXEL_REPRESENTATION && typeof first === 'number') {
    level.pixelRepresentation = first;
  } else if (tag === LUT_DESCRIPTOR && typeof first === 'number') {
    level.lutEntries = first;
  }
}
