import type { Service } from './access/index.ts';
import type { Ingest, IngestSession, Staged } from './features/ingest/index.ts';
import type { Keeper, Received } from './features/orthanc/index.ts';

/** What comes from Orthanc as an entrance of the one pipeline. What one turn brings is one import. */
export function orthancKeeper(ingest: Ingest, by: Service, groupId: string | null): Keeper {
  const stagedOf = new WeakMap<Received, Staged>();
  let opening: Promise<IngestSession> | undefined;
  const session = (): Promise<IngestSession> => {
    // One that could not be opened is tried anew with the next instance.
    opening ??= ingest.openSession(by, { entrance: 'ORTHANC', groupId }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const staged = (received: readonly Received[]): Staged[] => received.flatMap((one) => stagedOf.get(one) ?? []);
  return {
    receive: async (name, stream) => {
      const one = await (await session()).receive(name, stream);
      const received = receivedOf(one);
      stagedOf.set(received, one);
      return received;
    },
    keep: async (received) => (received.length === 0 ? [] : (await session()).commit(staged(received))),
    discard: async (received) => (received.length === 0 ? undefined : (await session()).discard(staged(received))),
  };
}

function receivedOf(one: Staged): Received {
  if (one.kind === 'verdict') return { identity: undefined, reason: one.result.reason ?? one.result.outcome };
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, identity } = one.summary;
  return { identity: { patientId: identity.patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid }, reason: undefined };
}
