import { setTimeout } from 'node:timers/promises';
import type { BatchRequest } from '../commit/batch-request.ts';
import type { CommitQueue } from '../commit/commit-queue.ts';
import { type StageTools, stageFile } from '../stage/stage.ts';
import type { FileResult, Staged } from '../types.ts';

/** Files of one actor on their way to one target. Every entrance goes through this. */
export interface IngestSession {
  readonly importId: string;
  /** Writes the file under a temporary name, hashes it and reads its header; memory stays flat whatever its size. */
  receive(name: string, stream: AsyncIterable<Uint8Array>): Promise<Staged>;
  /** Objects durable, then one transaction, then the outcome of each file in order. At most some dozens of files at a time. */
  commit(staged: readonly Staged[]): Promise<FileResult[]>;
  /** Gives up files that were received and will not be committed. */
  discard(staged: readonly Staged[]): Promise<void>;
}

const MAX_NAME_CHARACTERS = 1000;

/** A name for the report: no control characters or marks that turn the writing direction, the end kept when it is too long. */
export function displayName(name: string): string {
  const shown = name.replaceAll(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD').replace(/^(\.?\/)+/, '');
  return shown.length > MAX_NAME_CHARACTERS ? `…${shown.slice(1 - MAX_NAME_CHARACTERS)}` : shown;
}

export interface SessionTools extends StageTools {
  readonly commits: CommitQueue;
}

export function createSession(tools: SessionTools, request: Omit<BatchRequest, 'staged'>): IngestSession {
  return {
    importId: request.target.importId,
    receive: (name, stream) => stageFile(tools, { name: displayName(name), stream }),
    commit: (staged) => (staged.length === 0 ? Promise.resolve([]) : tools.commits.commit({ ...request, staged })),
    discard: async (staged) => {
      for (const one of staged) if (one.kind === 'instance') await one.draft.discard();
    },
  };
}

/** The same session, which asks before each commit and passes on a refusal: what was not committed by then is not stored. */
export function askingBefore(session: IngestSession, ask: () => Promise<unknown>): IngestSession {
  return {
    ...session,
    commit: async (staged) => {
      // Nobody commits them then, and nothing of them stays.
      await ask().catch(async (refusal: unknown) => {
        await session.discard(staged);
        throw refusal;
      });
      return session.commit(staged);
    },
  };
}

/** What keeps time for `onBeat`: milliseconds that only grow, and a pause of some. */
export interface Beat {
  now(): number;
  pause(ms: number): Promise<unknown>;
}

const BEAT: Beat = { now: () => performance.now(), pause: setTimeout };
/** A batch of a few files takes some 30 ms; the milliseconds by which one of somebody who is here already differs are below one beat. */
const BEAT_MS = 100;

/**
 * The same session, whose commits end on a beat, failures too: how long the work took is rounded up before anybody is told. For who may not learn
 * what others have; their own files come in a partition of their own, but the index that both share is not equally fast with and without a row beside.
 */
export function onBeat(session: IngestSession, { now, pause }: Beat = BEAT): IngestSession {
  return {
    ...session,
    commit: async (staged) => {
      const begun = now();
      try {
        return await session.commit(staged);
      } finally {
        await pause(BEAT_MS - ((now() - begun) % BEAT_MS));
      }
    },
  };
}
