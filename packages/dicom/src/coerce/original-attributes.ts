import { DicomError } from '../errors.ts';
import type { Encoding } from '../level.ts';
import { SEQUENCE_DELIMITER } from '../level-stack.ts';
import type { OpenDataset } from '../part10.ts';
import type { ByteReader } from '../part10-start.ts';
import { isVrShaped } from '../vr.ts';
import { elementHeader } from './elements.ts';
import { type Placed, readBack } from './layout.ts';
import type { CoercedPiece } from './types.ts';

export const ORIGINAL_ATTRIBUTES = 0x04000561;
const IMPLICIT: Encoding = { isExplicit: false, littleEndian: true };

/** Encoding of the items of a sequence: sent as UN it is mostly Implicit VR Little Endian (PS3.5 6.2.2). */
function* encodingOf({ window, syntax }: OpenDataset, { wasUnknown, valueOffset, length }: Placed): ByteReader<Encoding> {
  if (!wasUnknown) return syntax.encoding;
  if (length === undefined || length < 16) return IMPLICIT;
  const head = yield* readBack(window, valueOffset, 16);
  return isVrShaped(((head?.[12] ?? 0) << 8) | (head?.[13] ?? 0)) ? syntax.encoding : IMPLICIT;
}

/**
 * The file's own Original Attributes Sequence with one item more, its items left where they are. Fails with BAD_STRUCTURE when it is no
 * sequence or does not end as one.
 */
export function* appended(
  opened: OpenDataset,
  existing: Placed,
  makeItem: (encoding: Encoding) => Uint8Array,
): ByteReader<CoercedPiece[]> {
  if (existing.vr !== 'SQ') throw new DicomError('BAD_STRUCTURE', { offset: existing.offset });
  const { offset, valueOffset, length } = existing;
  const encoding = yield* encodingOf(opened, existing);
  const added = makeItem(encoding);
  if (length !== undefined) {
    const { encoding: outer } = opened.syntax;
    const header = elementHeader(ORIGINAL_ATTRIBUTES, existing.wasUnknown ? 'UN' : 'SQ', length + added.length, outer);
    return [{ bytes: header }, { offset: valueOffset, length }, { bytes: added }];
  }
  const { end } = existing;
  const delimiter = yield* readBack(opened.window, end - 8, 8);
  const view = new DataView((delimiter ?? new Uint8Array(8)).buffer);
  const tag = view.getUint16(0, encoding.littleEndian) * 65_536 + view.getUint16(2, encoding.littleEndian);
  if (tag !== SEQUENCE_DELIMITER || view.getUint32(4) !== 0) throw new DicomError('BAD_STRUCTURE', { offset: end - 8 });
  return [{ offset, length: end - 8 - offset }, { bytes: added }, { offset: end - 8, length: 8 }];
}
