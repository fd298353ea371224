import { createHash } from 'node:crypto';
import { NamedInstance } from '../client/answers.ts';
import type { OrthancClient } from '../client/client.ts';
import { OrthancFailure, type OrthancFailureCode } from '../client/failure.ts';
import type { Keeper, Received } from './keeper.ts';
import { type InstanceIdentity, orthancIdOf } from './orthanc-id.ts';

/** What asking for one instance came to: it is as it was (`same`), what was sent from here (`ours`), no more there (`gone`), here (`come`) or not (`failed`). */
export type Fetched =
  | { readonly kind: 'same' | 'gone'; readonly id: string }
  | { readonly kind: 'come'; readonly id: string; readonly received: Received; readonly md5: Buffer }
  | { readonly kind: 'ours'; readonly id: string; readonly md5: Buffer }
  | { readonly kind: 'failed'; readonly id: string; readonly code: OrthancFailureCode };

export interface FetchTools {
  readonly client: OrthancClient;
  readonly keeper: Keeper;
  /** Whether it is of somebody who was erased here, and is about to be deleted there. */
  readonly isErased: (id: string, identity: InstanceIdentity) => Promise<boolean>;
  /** Whether a file of these bytes was sent from here. */
  readonly isOurs: (md5: Buffer) => Promise<boolean>;
}

/** Asks for one instance, unless it is there with the very bytes that came before. Fails only as the keeper does. */
export async function fetchInstance(tools: FetchTools, id: string, known: Buffer | null): Promise<Fetched> {
  const { client, keeper } = tools;
  try {
    if (known !== null && (await client.md5(id)) === known.toString('hex')) return { kind: 'same', id };
    const file = await client.file(`/instances/${id}/file`);
    if (file === undefined) return await withoutFile(client, id);
    const hash = createHash('md5');
    let failure: OrthancFailure | undefined;
    const received = await keeper.receive(
      `${id}.dcm`,
      noting(file.stream, hash, (error) => {
        failure = error;
      }),
    );
    if (failure !== undefined) throw failure;
    const md5 = hash.digest();
    await requireTrue(tools, { id, received, md5, isMeasured: file.isMeasured });
    if (received.identity !== undefined && (await tools.isErased(id, received.identity))) {
      await keeper.discard([received]);
      return { kind: 'gone', id };
    }
    if (!(await tools.isOurs(md5))) return { kind: 'come', id, received, md5 };
    await keeper.discard([received]);
    return { kind: 'ours', id, md5 };
  } catch (error) {
    if (error instanceof OrthancFailure) return { kind: 'failed', id, code: error.code };
    throw error;
  }
}

/** An instance that Orthanc knows and whose file it does not find (its disk is away) is no deleted one. Fails with an OrthancFailure then. */
async function withoutFile(client: OrthancClient, id: string): Promise<Fetched> {
  if ((await client.json(`/instances/${id}`, NamedInstance)) !== undefined) throw new OrthancFailure('ERROR', { status: 404 });
  return { kind: 'gone', id };
}

async function* noting(
  stream: AsyncIterable<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
  failed: (error: OrthancFailure) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    // Who receives says only that it did not come whole.
    if (error instanceof OrthancFailure) failed(error);
    throw error;
  }
}

/** A body may be another's, or may have lost some of its bytes: what is kept is what was asked for. Fails with OTHER_INSTANCE or CUT, and nothing is kept then. */
async function requireTrue(
  { client, keeper }: FetchTools,
  come: { readonly id: string; readonly received: Received; readonly md5: Buffer; readonly isMeasured: boolean },
): Promise<void> {
  const { id, received, md5, isMeasured } = come;
  try {
    if (received.identity === undefined || !isMeasured) {
      const told = await client.md5(id);
      if (told !== undefined && told !== md5.toString('hex')) throw new OrthancFailure('CUT');
    }
    if (received.identity === undefined || orthancIdOf(received.identity) === id) return;
    // Orthanc may read a Patient ID otherwise, in another character set.
    const named = await client.json(`/instances/${id}`, NamedInstance);
    if (named?.MainDicomTags.SOPInstanceUID.trim() !== received.identity.sopInstanceUid)
      throw new OrthancFailure('OTHER_INSTANCE');
  } catch (error) {
    await keeper.discard([received]);
    throw error;
  }
}
