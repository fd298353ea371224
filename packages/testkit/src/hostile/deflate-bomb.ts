import { constants, deflateRawSync } from 'node:zlib';
import { encodeElements } from '../part10/elements.ts';
import { SopClass, TransferSyntax } from '../part10/transfer-syntax.ts';
import { writePart10 } from '../part10/writer.ts';
import { seededUid } from '../prng.ts';
import { concat, EXPLICIT_LAYOUT } from './deep-files.ts';
import { EXPLICIT, smallDataset } from './small.ts';

/** A deflated file of about a thousandth of `inflatedBytes`: sync-flushed blocks of zeros repeat without being made again. */
export function deflateBomb(inflatedBytes: number): Uint8Array {
  const flush = { finishFlush: constants.Z_SYNC_FLUSH, level: 9 };
  const meta = writePart10(
    {},
    {
      ...EXPLICIT,
      metaElements: {
        TransferSyntaxUID: TransferSyntax.deflatedExplicitVrLittleEndian,
        MediaStorageSOPClassUID: SopClass.secondaryCapture,
        MediaStorageSOPInstanceUID: seededUid('hostile', 'bomb', 'instance'),
      },
    },
  );
  const { PixelData: _, ...header } = smallDataset('bomb');
  const head = encodeElements(
    { ...header, '00091001': { vr: 'OB', value: new Uint8Array(0), declaredLength: inflatedBytes }, '00090010': 'TESTKIT' },
    EXPLICIT_LAYOUT,
  );
  const upTo = head.findIndex((chunk) => chunk.length === 12 && chunk[0] === 9 && chunk[2] === 1);
  const first = deflateRawSync(Buffer.concat(head.slice(0, upTo + 1)), flush);
  const mebibyte = deflateRawSync(Buffer.alloc(1 << 20), flush);
  const blocks = Array.from({ length: Math.ceil(inflatedBytes / (1 << 20)) }, () => mebibyte);
  return concat([meta, first, ...blocks, Uint8Array.of(3, 0)]);
}
