import type { KeyObject } from 'node:crypto';
import type { HeavyCoercion } from '../../archive/coercion/index.ts';
import type { MaskTools } from '../../archive/deidentified/index.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import type { Audit } from '../audit/index.ts';

export interface ExportDeps {
  /** Seals the keys of projects of de-identification. */
  readonly projectKey: KeyObject;
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly objects: GuardedObjects;
  readonly scratch: Pick<Scratch, 'create'>;
  readonly heavy: HeavyCoercion;
  /** Decodes pixels that somebody masked, and finds what looks like text in others. */
  readonly masking: MaskTools;
  /** What hangs on patients and studies leaves with them, as its kind says. */
  readonly kinds: RowKinds;
}
