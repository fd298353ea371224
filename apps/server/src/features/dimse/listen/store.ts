import { EXPLICIT_VR_BIG_ENDIAN, fileStart, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { type AgreedContext, type Answer, type CommandSet, STATUS } from '@negatoscope/dimse';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import type { Operation } from './operation.ts';
import { Runs } from './runs.ts';
import { type Stored, statusOf, statusOfFailure } from './store-status.ts';

/** An instance on its way in: its bytes as a file (PS3.10), and what the command calls it. */
export interface SentInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Of which study it is, where that one alone was asked for; another's is none that the command names. */
  readonly studyInstanceUid?: string | undefined;
  readonly stream: AsyncIterable<Uint8Array>;
  /** Whether who sends it may have it kept, asked once it has come. Nothing is kept where it fails. */
  readonly mayBeKept?: (() => Promise<boolean>) | undefined;
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
  readonly studyInstanceUid?: string;
  readonly mayBeKept?: () => Promise<boolean>;
}

/**
 * Sees the first bytes of a dataset, in whatever pieces they come: whether it begins with an element that is of no dataset (PS3.5 7.1: groups 0000 to 0007). Behind
 * the file's beginning of ours, one of group 0002 would be read as more of it. What is deflated can't be taken for that.
 */
class FirstGroup {
  readonly #transferSyntax: string;
  readonly #bytes: number[] = [];

  constructor(transferSyntax: string) {
    this.#transferSyntax = transferSyntax;
  }

  see(bytes: Uint8Array): void {
    if (this.#bytes.length < 2) this.#bytes.push(...bytes.subarray(0, 2 - this.#bytes.length));
  }

  get isOfNoDataset(): boolean {
    const [low = 0xff, high = 0xff] = this.#transferSyntax === EXPLICIT_VR_BIG_ENDIAN ? this.#bytes.toReversed() : this.#bytes;
    return high === 0 && low < 8 && TRANSFER_SYNTAXES.get(this.#transferSyntax)?.isDeflated !== true;
  }
}

const NO_DATASET: Answer = { status: STATUS.CANNOT_UNDERSTAND, comment: 'Not stored: the dataset begins with no group of one' };

/** C-STORE (PS3.4 B.2): the dataset goes on as it comes, behind a file's beginning of ours. Nothing of it is read here, and nothing written anew. */
export function storeOperation(
  keeper: Keeper,
  { command, context, from, to, studyInstanceUid, mayBeKept }: StoreRequest,
  onFailure: (error: unknown) => void,
): Operation {
  const { AffectedSOPClassUID: sopClassUid = '', AffectedSOPInstanceUID: sopInstanceUid = '' } = command;
  const runs = new Runs();
  const first = new FirstGroup(context.transferSyntax);
  const kept = keeper
    .keep({ sopClassUid, sopInstanceUid, studyInstanceUid, stream: runs, mayBeKept })
    .finally(() => runs.leave());
  // It is awaited when the dataset has ended; until then a failure must not count as unhandled.
  kept.catch(() => undefined);
  const meta = { transferSyntaxUid: context.transferSyntax, implementation: IMPLEMENTATION, sent: { from, to } };
  // There is room for it: nobody waits.
  void runs.push(fileStart({ sopClassUid, sopInstanceUid }, meta));
  return {
    take: async (bytes) => {
      first.see(bytes);
      if (first.isOfNoDataset) runs.fail(new Error('The dataset begins with an element that is of none.'));
      else await runs.push(bytes);
    },
    finish: async () => {
      runs.end();
      try {
        const stored = await kept;
        return first.isOfNoDataset ? NO_DATASET : statusOf(stored);
      } catch (error) {
        if (first.isOfNoDataset) return NO_DATASET;
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
