import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { bareFrame, canBeBare, decodedBytes, type EncodedFrame } from '@negatoscope/dicom';
import { asFailure, type RequireUnnamed } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { inflate } from '../../../platform/inflate/index.ts';

const UNCOMPRESSED = '1.2.840.10008.1.2.1.98';
/** Deflated Image Frame Compression (PS3.5 A.4.13). */
const DEFLATED = '1.2.840.10008.1.2.8.1';
const deflate = promisify(deflateRaw);

/** Whether what inflates or is compressed anew has to be counted as work. */
export const isDeflatedFrame = (transferSyntaxUid: string): boolean => transferSyntaxUid === DEFLATED;

/** Whether stored frames of a transfer syntax have a form with nothing in it but the pixels. */
export const hasBareForm = (transferSyntaxUid: string): boolean =>
  isDeflatedFrame(transferSyntaxUid) || canBeBare(transferSyntaxUid);

/** Deflated anew: a stream may hold more than the frame, inside and behind. What inflates to twice a frame is none. */
async function bareDeflated(frame: EncodedFrame, requireUnnamed: RequireUnnamed): Promise<Uint8Array> {
  const maxBytes = 2 * Math.ceil(decodedBytes(frame)) + 16;
  const bytes = await inflate(frame.bytes, { maxBytes }).catch((cause: unknown) => {
    throw new Failure('FRAME_UNREADABLE', { cause });
  });
  const bare = bareFrame({ ...frame, transferSyntaxUid: UNCOMPRESSED, bytes });
  await requireUnnamed(bare, 'native');
  return deflate(bare);
}

async function bareOf(frame: EncodedFrame, requireUnnamed: RequireUnnamed): Promise<Uint8Array> {
  if (isDeflatedFrame(frame.transferSyntaxUid)) return bareDeflated(frame, requireUnnamed);
  const bare = bareFrame(frame);
  await requireUnnamed(bare, frame.transferSyntaxUid === UNCOMPRESSED ? 'native' : 'compressed');
  return bare;
}

/**
 * A stored frame as who sees pseudonyms gets it: the pixels bit for bit and nothing that its writer put beside them. Fails with FRAME_UNREADABLE, also for
 * transfer syntaxes without a bare form, and with HELD_BACK where what is left spells a name.
 */
export async function bareBytes(frame: EncodedFrame, requireUnnamed: RequireUnnamed): Promise<Buffer> {
  try {
    const { buffer, byteOffset, byteLength } = await bareOf(frame, requireUnnamed);
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    throw asFailure(error);
  }
}
