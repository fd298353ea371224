import type { ErasureElsewhere } from '@negatoscope/contract';
import type { ErasedCopies } from '../../../archive/lifecycle/erased-copies.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';

/** Where else copies of what is erased may be that this server can have deleted. */
export interface Elsewhere {
  /** In the transaction of the erasure, before its rows go. */
  note(
    tx: Tx,
    noted: {
      readonly erasureId: string;
      readonly patientId: string | undefined;
      /** Looked for where there is an elsewhere. */
      readonly copies: () => Promise<ErasedCopies>;
      readonly now: Date;
    },
  ): Promise<void>;
  /** How it stands with these erasures there; none for those that reach no further. */
  find(tx: ReadTx, erasureIds: readonly string[]): Promise<ReadonlyMap<string, ErasureElsewhere>>;
}
