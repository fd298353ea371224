import { concat } from '../concat.ts';
import { DicomError } from '../errors.ts';
import type { Encoding } from '../level.ts';
import { vrByName } from '../vr.ts';

const ITEM = 0xfffee000;
const MAX_SHORT = 0xfffe;
const MAX_LONG = 0xfffffffe;

/** Header of a data element (PS3.5 7.1.2, 7.1.3). Fails with BAD_LENGTH for a value that its VR can't hold. */
export function elementHeader(tag: number, vr: string, length: number, encoding: Encoding): Uint8Array {
  const { isExplicit, littleEndian } = encoding;
  const { isLong } = vrByName(vr);
  if (length > (isExplicit && !isLong ? MAX_SHORT : MAX_LONG)) throw new DicomError('BAD_LENGTH', { length });
  const bytes = new Uint8Array(isExplicit && isLong ? 12 : 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
  if (isExplicit) {
    bytes[4] = vr.charCodeAt(0);
    bytes[5] = vr.charCodeAt(1);
  }
  if (!isExplicit) view.setUint32(4, length, littleEndian);
  else if (isLong) view.setUint32(8, length, littleEndian);
  else view.setUint16(6, length, littleEndian);
  return bytes;
}

export const element = (tag: number, vr: string, value: Uint8Array, encoding: Encoding): Uint8Array =>
  concat([elementHeader(tag, vr, value.length, encoding), value]);

/** An item of known length (PS3.5 7.5). */
export const item = (content: Uint8Array, { littleEndian }: Encoding): Uint8Array =>
  element(ITEM, '', content, { isExplicit: false, littleEndian });
