import { decodeBase64 } from '../base64.ts';
import type { DicomJsonElement } from '../types.ts';

/**
 * Bytes of a value that the dataset names by BulkDataURI, little endian; undefined when it can't be had or is absurdly long: longer than `most` bytes,
 * where that is said.
 */
export type ReadBulk = (uri: string, most?: number) => Promise<Uint8Array | undefined>;

/** Bytes of a binary value wherever they stand: inline, by address, or as numbers of 16 bits; undefined when there are none. */
export async function elementBytes(element: DicomJsonElement | undefined, readBulk: ReadBulk): Promise<Uint8Array | undefined> {
  if (element?.InlineBinary !== undefined) return decodeBase64(element.InlineBinary);
  if (element?.BulkDataURI !== undefined) return readBulk(element.BulkDataURI);
  const numbers = element?.Value?.filter((value) => typeof value === 'number');
  return numbers === undefined ? undefined : new Uint8Array(Uint16Array.from(numbers).buffer);
}
