import { frameFormatOf, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { type InstanceEntry, imageHeader, isDecodable, type Pixels } from '../../../archive/pixels/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { decodedPhotometric, encodedPhotometric } from '../../../platform/codecs/encodable.ts';
import type { MediaRange } from '../accept.ts';
import { matchesType } from '../accept.ts';

const MAX_FRAMES_A_REQUEST = 5000;
const EXPLICIT_LE = '1.2.840.10008.1.2.1';

/** `1,3,7` → zero-based numbers (PS3.18 10.4.1.1.5 counts from 1). Fails with NOT_FOUND for frames that can't exist. */
export function parseFrameList(text: string, count: number): number[] {
  if (!/^\d{1,9}(,\d{1,9})*$/.test(text))
    throw new Failure('BAD_REQUEST', { detail: 'Frame numbers are whole numbers from 1, separated by commas.' });
  const frames = text.split(',').map((number) => Number(number) - 1);
  if (new Set(frames).size !== frames.length) throw new Failure('BAD_REQUEST', { detail: 'A frame is named more than once.' });
  if (frames.length > MAX_FRAMES_A_REQUEST) throw new Failure('BAD_REQUEST', { detail: 'Too many frames in one request.' });
  if (frames.some((frame) => frame < 0 || frame >= count)) throw notFound();
  return frames;
}

export interface FrameType {
  readonly mediaType: string;
  readonly transferSyntaxUid: string;
  readonly multipart: boolean;
  /** The stored frames are compressed and leave decoded. */
  readonly isDecoded: boolean;
  /** The frames leave in another compression than the stored one. */
  readonly isEncoded?: true;
}

/** How the stored frames leave the server: uncompressed ones always as little endian octets (PS3.18 8.7.3.3.2). */
export function storedFrameType(transferSyntaxUid: string): { mediaType: string; transferSyntaxUid: string } {
  const syntax = TRANSFER_SYNTAXES.get(transferSyntaxUid);
  if (syntax === undefined || !syntax.isEncapsulated)
    return { mediaType: 'application/octet-stream', transferSyntaxUid: EXPLICIT_LE };
  return { mediaType: syntax.mediaType, transferSyntaxUid };
}

const OCTETS = 'application/octet-stream';

/** The frames without being decoded, if this range takes them. */
function asStored(range: MediaRange, stored: { mediaType: string; transferSyntaxUid: string }): FrameType | undefined {
  const compressed = stored.mediaType !== OCTETS;
  const anySyntax = range.transferSyntax === '*';
  const sameSyntax =
    range.transferSyntax === undefined ? !compressed || range.type !== OCTETS : range.transferSyntax === stored.transferSyntaxUid;
  if (!anySyntax && !sameSyntax) return undefined;
  if (matchesType(range, stored.mediaType))
    return { ...stored, multipart: range.multipart || range.type === '*/*', isDecoded: false };
  if (range.type !== OCTETS || !anySyntax) return undefined;
  return { ...stored, mediaType: OCTETS, multipart: range.multipart, isDecoded: false };
}

/** Transfer syntax of an image type whose range names none: the lossless one (PS3.18 8.7.3.3, Table 8.7.3-2). */
const USUAL_SYNTAX: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', '1.2.840.10008.1.2.4.70'],
  ['image/jls', '1.2.840.10008.1.2.4.80'],
  ['image/jp2', '1.2.840.10008.1.2.4.90'],
  ['image/jphc', '1.2.840.10008.1.2.4.201'],
  ['image/dicom-rle', '1.2.840.10008.1.2.5'],
]);

/** The transfer syntax that a range of one image type asks for, when it is of that type. */
export function imageSyntaxOf({ type, transferSyntax }: MediaRange): string | undefined {
  const usual = USUAL_SYNTAX.get(type);
  const syntax = transferSyntax ?? usual;
  const isOfType = syntax !== undefined && TRANSFER_SYNTAXES.get(syntax)?.mediaType === type;
  return isOfType && usual !== undefined ? syntax : undefined;
}

/**
 * The first accepted range that the frames satisfy. `application/octet-stream` with `transfer-syntax=*` takes them as they are, whatever the
 * compression; without transfer syntax, or with explicit little endian, compressed frames are decoded (PS3.18 8.7.3.3.2). `canEncode` says in which
 * transfer syntaxes these frames can be put. Fails with NOT_ACCEPTABLE.
 */
export function negotiateFrames(
  ranges: readonly MediaRange[],
  entry: InstanceEntry,
  canEncode: (transferSyntaxUid: string) => boolean = () => false,
): FrameType {
  const stored = storedFrameType(entry.transferSyntaxUid);
  const isVideo = stored.mediaType.startsWith('video/');
  // Among ranges of equal quality, what needs no encoding goes first: clients list all that they can decode.
  let encoded: { type: FrameType; q: number } | undefined;
  for (const range of ranges) {
    if (encoded !== undefined && range.q < encoded.q) return encoded.type;
    const kept = asStored(range, stored);
    if (kept !== undefined) return kept;
    const { type: mediaType, multipart, transferSyntax, q } = range;
    const isExplicit = transferSyntax === undefined || transferSyntax === EXPLICIT_LE;
    if (mediaType === OCTETS && isExplicit && !isVideo)
      return { mediaType, transferSyntaxUid: EXPLICIT_LE, multipart, isDecoded: true };
    const syntax = imageSyntaxOf(range);
    if (encoded === undefined && syntax !== undefined && canEncode(syntax))
      encoded = { q, type: { mediaType, transferSyntaxUid: syntax, multipart, isDecoded: false, isEncoded: true } };
  }
  if (encoded === undefined) throw new Failure('NOT_ACCEPTABLE');
  return encoded.type;
}

/** In which transfer syntaxes the frames of an instance can be put, of those that the ranges ask for; nothing is read when they ask for none. */
export async function encodableFrames(
  source: Pick<Pixels, 'locator'>,
  entry: InstanceEntry,
  ranges: readonly MediaRange[],
): Promise<(transferSyntaxUid: string) => boolean> {
  const isAsked = ranges.some((range) => {
    const syntax = imageSyntaxOf(range);
    return syntax !== undefined && syntax !== entry.transferSyntaxUid;
  });
  if (!isAsked || !isDecodable(entry.transferSyntaxUid)) return () => false;
  const { header, pixelTag } = await imageHeader(source, entry);
  const format = frameFormatOf(header.json, pixelTag);
  const picture = { ...format, photometricInterpretation: decodedPhotometric(format, header.transferSyntaxUid) };
  return (transferSyntaxUid) => encodedPhotometric(picture, transferSyntaxUid) !== undefined;
}
