import type { ByteWindow } from './byte-window.ts';
import { DicomError } from './errors.ts';
import { correctEncoding, guessEncoding } from './guess-encoding.ts';
import type { Encoding } from './level.ts';
import type { ByteReader } from './part10-start.ts';
import type { ReadLog } from './read-log.ts';
import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  TRANSFER_SYNTAXES,
} from './transfer-syntaxes.ts';
import type { DicomJsonObject } from './types.ts';
import { isVrShaped } from './vr.ts';

const EXPLICIT: Encoding = { isExplicit: true, littleEndian: true };

export interface Syntax {
  readonly uid: string;
  readonly encoding: Encoding;
  readonly isDeflated: boolean;
}

/** Which transfer syntax the dataset is read by: the declared one unless the first element contradicts it. */
export function* decideSyntax(
  file: ByteWindow,
  context: { meta: DicomJsonObject; log: ReadLog; isPart10: boolean },
): ByteReader<Syntax> {
  const { log } = context;
  const declared = context.meta['00020010']?.Value?.[0];
  const head = yield* file.peek(16);
  const remaining = (file.end ?? 0) - file.pos;
  if (typeof declared === 'string') {
    const known = TRANSFER_SYNTAXES.get(declared);
    if (known?.isDeflated) return { uid: declared, encoding: EXPLICIT, isDeflated: true };
    if (known === undefined) log.warn('UNKNOWN_TRANSFER_SYNTAX');
    const encoding = known === undefined ? EXPLICIT : { isExplicit: known.isExplicitVr, littleEndian: !known.isBigEndian };
    const seen = correctEncoding(encoding, head, remaining);
    if (seen !== undefined && known !== undefined) log.warn('TRANSFER_SYNTAX_MISMATCH');
    return { uid: declared, encoding: seen ?? encoding, isDeflated: false };
  }
  const encoding = guessEncoding(head, remaining) ?? (context.isPart10 ? weakGuess(head) : undefined);
  if (encoding === undefined) throw new DicomError('NOT_DICOM', { offset: file.pos });
  log.warn('MISSING_TRANSFER_SYNTAX');
  return { uid: uidOf(encoding), encoding, isDeflated: false };
}

/** For a file that has announced itself as DICOM: explicit when the first element has something like a VR. */
function weakGuess(head: Uint8Array): Encoding {
  return { isExplicit: head.length >= 8 && isVrShaped(((head[4] ?? 0) << 8) | (head[5] ?? 0)), littleEndian: true };
}

function uidOf(encoding: Encoding): string {
  if (!encoding.isExplicit) return IMPLICIT_VR_LITTLE_ENDIAN;
  return encoding.littleEndian ? EXPLICIT_VR_LITTLE_ENDIAN : EXPLICIT_VR_BIG_ENDIAN;
}
