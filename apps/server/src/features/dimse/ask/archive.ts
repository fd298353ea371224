import type { Scope } from '../../../access/index.ts';
import type { InstanceToSend, OpenDataset } from './store-all.ts';

/** Unique keys of a retrieval (PS3.4 C.4.2.1.4): what is left out narrows nothing. */
export interface RetrieveKeys {
  readonly patientId?: string | undefined;
  readonly studies?: readonly string[] | undefined;
  readonly series?: readonly string[] | undefined;
  readonly instances?: readonly string[] | undefined;
}

/** An instance that was found, and whose it is; those of one study have the same object. */
export interface RetrievedInstance extends InstanceToSend {
  readonly study: { readonly id: string; readonly patientId: string };
}

/** Stored instances for who sends them. */
export interface Archive {
  /** Up to `most` instances in scope that the keys name, study by study. */
  find(scope: Scope, keys: RetrieveKeys, most: number): Promise<RetrievedInstance[]>;
  /** Opens these instances, best in their order, as they are at that time. */
  opener(scope: Scope, instances: readonly InstanceToSend[]): OpenDataset;
}
