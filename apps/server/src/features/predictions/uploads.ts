import type { IncomingMessage } from 'node:http';
import { type Person, scopeOf } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Scratch, ScratchBytes } from '../../platform/objects/scratch/index.ts';
import { type PredictionDeps, put, TUBERCULOSIS } from './service.ts';

export const UPLOAD_TYPES = ['application/dicom', 'image/png', 'image/jpeg'] as const;
export type UploadType = (typeof UPLOAD_TYPES)[number];

/** A film of 43 by 35 cm at 0.1 mm has 15 megapixels of two bytes. */
const MAX_UPLOAD_BYTES = 64 * 1024 * 1024;
const KEPT_MS = 24 * 3_600_000;

/** The media type of an upload, without its parameters; undefined for others. */
export const uploadTypeOf = (contentType: string | undefined): UploadType | undefined => {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  return UPLOAD_TYPES.find((one) => one === type);
};

async function receive(raw: IncomingMessage, bytes: ScratchBytes): Promise<void> {
  if (Number(raw.headers['content-length'] ?? 0) > MAX_UPLOAD_BYTES) throw new Failure('TOO_LARGE');
  for await (const chunk of raw) {
    if (bytes.sizeBytes + (chunk as Buffer).length > MAX_UPLOAD_BYTES) throw new Failure('TOO_LARGE');
    await bytes.write(chunk as Buffer); // A request without an encoding gives buffers.
  }
  if (bytes.sizeBytes === 0) throw new Failure('BAD_REQUEST', { detail: 'The body is empty.' });
}

/** Keeps a file for a day, for its sender alone, and asks about it. Fails with TOO_LARGE, BAD_REQUEST, TOO_MANY_PREDICTIONS, and as the scratch does. */
export async function askAboutUpload(
  deps: PredictionDeps & { readonly uploads: Scratch },
  actor: Person,
  { raw, type, ageYears }: { raw: IncomingMessage; type: UploadType; ageYears: number | undefined },
): Promise<string> {
  const bytes = await deps.uploads.create();
  try {
    await receive(raw, bytes);
    await deps.uploads.keep([bytes]);
    const id = newId();
    const until = new Date(deps.clock.now().getTime() + KEPT_MS);
    try {
      await deps.db.withScope(scopeOf(actor), (tx) =>
        put(deps, tx, actor, undefined, {
          ...{ id, question: TUBERCULOSIS, groupId: actor.userId, siteId: actor.groupId, ageYears: ageYears ?? null },
          upload: { id: bytes.id, type, until },
        }),
      );
    } catch (error) {
      await deps.uploads.remove([bytes.id]);
      throw error;
    }
    return id;
  } finally {
    await bytes.remove();
  }
}
