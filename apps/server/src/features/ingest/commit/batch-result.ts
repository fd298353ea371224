import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Decision } from '../decide/batch-decide.ts';
import type { FileResult, StagedInstance } from '../types.ts';

/** A decision as far as its sender is told of it. */
export type Told =
  | Exclude<Decision, { readonly kind: 'store' }>
  | { readonly kind: 'store'; readonly study: { readonly patient: { readonly id: string } }; readonly restores: boolean };

/** What the sender is told of a file. */
export function resultOf(staged: StagedInstance, decision: Told | undefined): FileResult {
  if (decision === undefined) throw new BrokenInvariant('A file of the batch was not decided.');
  const { summary } = staged;
  const base = {
    name: staged.name,
    sizeBytes: staged.sizeBytes,
    sha256: staged.fileSha256.toString('hex'),
    studyInstanceUid: summary.studyInstanceUid,
    seriesInstanceUid: summary.seriesInstanceUid,
    sopInstanceUid: summary.sopInstanceUid,
    sopClassUid: summary.sopClassUid,
  };
  const restored = { outcome: 'stored', reason: 'RESTORED' } as const;
  const repaired = { outcome: 'stored', reason: 'REPAIRED' } as const;
  switch (decision.kind) {
    case 'reject':
      return { ...base, outcome: 'rejected', reason: decision.reason };
    case 'conflict':
      return { ...base, outcome: 'conflict', reason: decision.reason };
    case 'duplicate': {
      const found = decision.heals ? repaired : ({ outcome: 'duplicate', reason: 'SAME_CONTENT' } as const);
      const outcome = decision.restores ? restored : found;
      return { ...base, ...outcome, patientId: decision.study.patient.id, instanceId: decision.instanceId };
    }
    case 'store': {
      const isUncertain = summary.identity.isUncertain === true || summary.study.isUncertain === true;
      const stored = isUncertain ? ({ outcome: 'stored', reason: 'TEXT_UNCERTAIN' } as const) : ({ outcome: 'stored' } as const);
      const outcome = decision.restores ? restored : stored;
      return { ...base, ...outcome, patientId: decision.study.patient.id, instanceId: staged.draft.id };
    }
  }
}
