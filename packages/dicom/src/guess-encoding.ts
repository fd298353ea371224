import { findEntry } from './dictionary/entries.ts';
import type { Encoding } from './level.ts';
import { vrByCode } from './vr.ts';

const MAX_FIRST_LENGTH = 65_536;

/**
 * Recognises how a dataset is encoded by its first element; undefined when it does not look like one. Groups 0004 to 0010 are where datasets
 * begin; the attribute must be in PS3.6 (or be a group length) and its length believable.
 */
export function guessEncoding(bytes: Uint8Array, remainingBytes: number): Encoding | undefined {
  if (bytes.length < 8) return undefined;
  for (const littleEndian of [true, false]) {
    const isExplicit = fits(bytes, littleEndian, remainingBytes);
    if (isExplicit !== undefined) return { isExplicit, littleEndian };
  }
  return undefined;
}

function fits(bytes: Uint8Array, littleEndian: boolean, remainingBytes: number): boolean | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const group = view.getUint16(0, littleEndian);
  const tag = group * 65_536 + view.getUint16(2, littleEndian);
  const isKnownGroup = group === 0x0004 || group === 0x0008 || group === 0x0010 || group === 0x0018;
  if (!isKnownGroup || (tag % 65_536 !== 0 && findEntry(tag) === undefined)) return undefined;
  if (vrByCode(view.getUint16(4, false)) !== undefined) return true;
  const length = view.getUint32(4, littleEndian);
  const isSequence = length === 0xffffffff && findEntry(tag)?.vr === 'SQ';
  return isSequence || length <= Math.min(remainingBytes - 8, MAX_FIRST_LENGTH) ? false : undefined;
}

/** Whether the first element of a dataset contradicts what its transfer syntax says about VRs; then what it really is. */
export function correctEncoding(declared: Encoding, bytes: Uint8Array, remainingBytes: number): Encoding | undefined {
  const seen = guessEncoding(bytes, remainingBytes);
  if (seen === undefined) return undefined;
  const isSame = seen.isExplicit === declared.isExplicit && seen.littleEndian === declared.littleEndian;
  return isSame ? undefined : seen;
}
