import { type DicomJsonObject, jsonNumber, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { currentName, parseParameters } from '../accept.ts';
import type { RelatedPart } from './multipart-related.ts';

/** One part that came for a Content-Location. */
export interface BulkPart {
  /** Where it is in the spool. */
  readonly offset: number;
  readonly length: number;
  readonly mediaType: string;
  readonly transferSyntaxUid: string | undefined;
}

/** Parts for a thread, without an object for each: who is handed thousands of these stands still meanwhile. */
export interface PackedBulk {
  /** JSON: address, media type and transfer syntax of each part, in a row. */
  readonly names: Uint8Array<ArrayBuffer>;
  /** Two numbers a part: where it is in the spool, and its length. */
  readonly places: Float64Array<ArrayBuffer>;
}

/** Parts by Content-Location, in the order in which they came: Pixel Data come as one part a frame (PS3.18 10.5.1.4). */
export class BulkParts {
  readonly #parts = new Map<string, BulkPart[]>();

  static unpacked({ names, places }: PackedBulk): BulkParts {
    const bulk = new BulkParts();
    const texts = JSON.parse(new TextDecoder().decode(names)) as string[]; // Written by `packed`.
    for (let at = 0; at < texts.length; at += 3) {
      const [location = '', mediaType = '', syntax = ''] = texts.slice(at, at + 3);
      const [offset = 0, length = 0] = places.subarray((2 * at) / 3, (2 * at) / 3 + 2);
      bulk.#note(location, { offset, length, mediaType, transferSyntaxUid: syntax === '' ? undefined : syntax });
    }
    return bulk;
  }

  packed(): PackedBulk {
    const texts: string[] = [];
    const places: number[] = [];
    for (const [location, parts] of this.#parts)
      for (const { offset, length, mediaType, transferSyntaxUid = '' } of parts) {
        texts.push(location, mediaType, transferSyntaxUid);
        places.push(offset, length);
      }
    return { names: Uint8Array.from(Buffer.from(JSON.stringify(texts))), places: Float64Array.from(places) };
  }

  /** Notes `length` bytes at `offset` of the spool. */
  add(part: RelatedPart, location: string, place: { offset: number; length: number }): void {
    const { type, parameters } = parseParameters(part.headers.get('content-type') ?? '');
    this.#note(location, { ...place, mediaType: currentName(type), transferSyntaxUid: parameters.get('transfer-syntax') });
  }

  of(uri: string | undefined): readonly BulkPart[] {
    return uri === undefined ? [] : (this.#parts.get(uri) ?? []);
  }

  #note(location: string, part: BulkPart): void {
    const known = this.#parts.get(location);
    if (known === undefined) this.#parts.set(location, [part]);
    else known.push(part);
  }
}

const EXPLICIT_LE = '1.2.840.10008.1.2.1';
const OCTETS = new Set(['', 'application/octet-stream']);
/** One stream of several components or frames: nothing tells its frames apart but decoding it. */
const ONE_STREAM = new Set(['image/jpx', 'image/jxl']);

/** Why a dataset's Pixel Data can't be kept: a media type that no transfer syntax holds, or not as many parts as frames. */
export type PixelRefusal = 'BULK_MEDIA_TYPE' | 'BULK_FRAMES';

export type PixelForm =
  | { readonly transferSyntaxUid: string; readonly isEncapsulated: boolean }
  | { readonly refusal: PixelRefusal };

const NATIVE: PixelForm = { transferSyntaxUid: EXPLICIT_LE, isEncapsulated: false };

/** The transfer syntax of one part of Pixel Data (PS3.18 Table 8.7.3-5): the one that it names, or the usual one of its media type. */
function formOf({ mediaType, transferSyntaxUid }: BulkPart): PixelForm {
  const named = transferSyntaxUid === undefined ? undefined : TRANSFER_SYNTAXES.get(transferSyntaxUid);
  if (transferSyntaxUid !== undefined && named === undefined) return { refusal: 'BULK_MEDIA_TYPE' };
  if (OCTETS.has(mediaType))
    return named?.isEncapsulated === true ? { transferSyntaxUid: named.uid, isEncapsulated: true } : NATIVE;
  const known = [...TRANSFER_SYNTAXES.values()].find((syntax) => syntax.isEncapsulated && syntax.mediaType === mediaType);
  const syntax = named ?? known;
  // Pictures of other kinds (PNG, GIF) would have to become native pixels (Table 10.5.2-1): they are refused and not stored as if they were.
  if (syntax?.isEncapsulated !== true || syntax.mediaType !== mediaType) return { refusal: 'BULK_MEDIA_TYPE' };
  return { transferSyntaxUid: syntax.uid, isEncapsulated: true };
}

/** How Pixel Data of a dataset came, all parts alike. A dataset without any, or with them in itself, is native. */
export function pixelForm(json: DicomJsonObject, bulk: BulkParts): PixelForm {
  const parts = bulk.of(json['7FE00010']?.BulkDataURI);
  const [first] = parts;
  if (first === undefined) return NATIVE;
  const form = formOf(first);
  if ('refusal' in form) return form;
  const areAlike = parts.every(({ mediaType, transferSyntaxUid }) => {
    return mediaType === first.mediaType && transferSyntaxUid === first.transferSyntaxUid;
  });
  if (!areAlike) return { refusal: 'BULK_MEDIA_TYPE' };
  const frames = jsonNumber(json, '00280008') ?? 1;
  const { mediaType = '' } = TRANSFER_SYNTAXES.get(form.transferSyntaxUid) ?? {};
  const isOneStream = !form.isEncapsulated || mediaType.startsWith('video/') || ONE_STREAM.has(mediaType);
  const isWhole = parts.length === 1 && isOneStream;
  return isWhole || parts.length === frames ? form : { refusal: 'BULK_FRAMES' };
}
