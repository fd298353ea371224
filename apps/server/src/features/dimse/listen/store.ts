import { fileStart } from '@negatoscope/dicom';
import type { AgreedContext, CommandSet } from '@negatoscope/dimse';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import type { Operation } from './operation.ts';
import { Runs } from './runs.ts';
import { type Stored, statusOf, statusOfFailure } from './store-status.ts';

/** An instance on its way in: its bytes as a file (PS3.10), and what the command calls it. */
export interface SentInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** Keeps what one association sends. Resolves when the outcome is durable; fails when the store or the database does. */
export interface Keeper {
  keep(instance: SentInstance): Promise<Stored>;
}

export interface StoreRequest {
  readonly command: CommandSet;
  readonly context: AgreedContext;
  readonly from: string;
  readonly to: string;
}

/** C-STORE (PS3.4 B.2): the dataset goes on as it comes, behind a file's beginning of ours. Nothing of it is read here, and nothing written anew. */
export function storeOperation(
  keeper: Keeper,
  { command, context, from, to }: StoreRequest,
  onFailure: (error: unknown) => void,
): Operation {
  const { AffectedSOPClassUID: sopClassUid = '', AffectedSOPInstanceUID: sopInstanceUid = '' } = command;
  const runs = new Runs();
  const start = fileStart(
    { sopClassUid, sopInstanceUid },
    { transferSyntaxUid: context.transferSyntax, implementation: IMPLEMENTATION, sent: { from, to } },
  );
  const kept = keeper.keep({ sopClassUid, sopInstanceUid, stream: runs }).finally(() => runs.leave());
  // It is awaited when the dataset has ended; until then a failure must not count as unhandled.
  kept.catch(() => undefined);
  const begun = runs.push(start);
  return {
    take: async (bytes) => {
      await begun;
      await runs.push(bytes);
    },
    finish: async () => {
      runs.end();
      try {
        return statusOf(await kept);
      } catch (error) {
        onFailure(error);
        return statusOfFailure(error);
      }
    },
    breakOff: async () => {
      runs.fail(new Error('The association ended within a dataset.'));
      await kept.catch(() => undefined);
    },
  };
}
