import { coercedFile, type IndexValues, opened, openStored, type SentFile } from '../../archive/coercion/index.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import type { ExportDeps } from './deps.ts';
import { openVerified } from './stored-instances.ts';

interface StoredInstance {
  readonly id: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
}

/** A stored file that is ready to leave with the values of the index. */
export interface InstanceFile {
  readonly sizeBytes: number;
  readonly content: AsyncIterable<Uint8Array>;
  /** Whether these are the bytes that were received. */
  readonly isAsReceived: boolean;
  /** Tags whose text the file's character set can't hold. */
  readonly approximated: readonly string[] | undefined;
  /** Gives back what it takes. */
  discard(): Promise<void>;
}

export type InstanceDeps = Pick<ExportDeps, 'objects' | 'scratch' | 'heavy'> & { readonly reader: ObjectReader };

/** Opens a stored file before its first byte is asked for. Fails as the store and `coercedFile` do, and takes nothing then. */
export async function instanceFile(
  { objects: guarded, scratch, heavy, reader }: InstanceDeps,
  stored: StoredInstance,
  values: IndexValues | undefined,
): Promise<InstanceFile> {
  let coerced: SentFile | undefined;
  try {
    const objects = await openVerified({ reader, objects: guarded }, stored);
    coerced = await coercedFile({ objects, scratch, heavy }, stored, values);
    const { bytes: content, isAsReceived } =
      coerced === undefined ? await openStored(objects, stored) : { bytes: await opened(coerced.bytes), isAsReceived: false };
    return {
      ...{ content, isAsReceived, sizeBytes: coerced?.sizeBytes ?? stored.sizeBytes },
      approximated: coerced?.approximated,
      discard: async () => coerced?.discard(),
    };
  } catch (error) {
    await coerced?.discard();
    throw error;
  }
}
