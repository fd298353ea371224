import type { ObjectStore } from './port.ts';

export type ObjectReader = Pick<ObjectStore, 'read'>;

/** Bytes that are read at a time from objects that are sent; most instances are smaller and take one read. */
export const SENT_CHUNK_BYTES = 1024 * 1024;

/**
 * A view of the store in which the first chunk of one object is in memory: its header is compared with the index and its first bytes are
 * sent from the same read. Who reads shares these bytes. Fails as the store does.
 */
export const withStart = async (
  objects: ObjectReader,
  object: { readonly id: string; readonly sizeBytes: number },
): Promise<ObjectReader> => (await openStart(objects, object)).objects;

/** The same, with those bytes, for who sends parts of them and gives their memory back. */
export async function openStart(
  objects: ObjectReader,
  object: { readonly id: string; readonly sizeBytes: number },
): Promise<{ readonly objects: ObjectReader; readonly start: Buffer }> {
  const start = await objects.read(object.id, 0, Math.min(SENT_CHUNK_BYTES, object.sizeBytes));
  const read: ObjectReader['read'] = async (id, offset, length) =>
    id === object.id && offset + length <= start.length
      ? start.subarray(offset, offset + length)
      : objects.read(id, offset, length);
  return { objects: { read }, start };
}
