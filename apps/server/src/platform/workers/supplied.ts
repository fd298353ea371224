import type { ByteReader } from '@negatoscope/dicom';
import { InflatedSpace } from './inflated-space.ts';

interface Source {
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
  readonly sizeBytes: number;
  /** What a deflated dataset may come to. */
  readonly maxBytes: number;
}

/** What a reader makes of a file whose bytes are fetched as it asks for them; a deflated dataset is inflated as far as that. Fails as the reader and InflatedSpace do. */
export async function supplied<T>(reader: ByteReader<T>, { read, sizeBytes, maxBytes }: Source): Promise<T> {
  let inflated: InflatedSpace | undefined;
  try {
    let step = reader.next();
    while (step.done !== true) {
      const { space, offset, length, inflateFrom: from = 0 } = step.value;
      if (space === 'file') step = reader.next(await read(offset, length));
      else {
        inflated ??= new InflatedSpace({ read, from, sizeBytes, maxBytes });
        step = reader.next(await inflated.supply(offset));
      }
    }
    return step.value;
  } finally {
    await inflated?.close();
  }
}
