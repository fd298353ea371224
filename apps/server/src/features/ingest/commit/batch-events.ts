import { holderOf } from '../../../access/index.ts';
import type { AuditRecord } from '../../audit/index.ts';
import type { Staged } from '../types.ts';
import type { BatchRequest } from './batch-request.ts';

/** A study that files were stored in, as far as the journal tells of it. */
export interface ChangedStudy {
  readonly id: string;
  readonly isNew: boolean;
  readonly wasDeleted: boolean;
  readonly patient: { readonly id: string; readonly isNew: boolean; readonly wasDeleted: boolean };
}

type Outcome<S> =
  | { readonly kind: 'store' | 'conflict'; readonly study: S }
  | { readonly kind: 'duplicate'; readonly study: S; readonly restores: boolean }
  | { readonly kind: 'reject' };

interface Changes<S> {
  readonly groupId: string | null;
  readonly touched: ReadonlySet<S>;
  readonly decisionOf: (one: Staged) => Outcome<S> | undefined;
}

/** One event for each request and study that it changed. */
export function eventsOf<S extends ChangedStudy>(
  requests: readonly BatchRequest[],
  { groupId, touched, decisionOf }: Changes<S>,
): AuditRecord[] {
  return requests.flatMap((request) => {
    const counts = new Map<S, { stored: number; conflicts: number; changes: boolean }>();
    for (const one of request.staged) {
      const decision = one.kind === 'instance' ? decisionOf(one) : undefined;
      if (decision === undefined || decision.kind === 'reject' || !touched.has(decision.study)) continue;
      const count = counts.get(decision.study) ?? { stored: 0, conflicts: 0, changes: false };
      if (decision.kind === 'store') count.stored += 1;
      if (decision.kind === 'conflict') count.conflicts += 1;
      count.changes ||= decision.kind === 'store' || (decision.kind === 'duplicate' && decision.restores);
      counts.set(decision.study, count);
    }
    const changed = [...counts].filter(([, { changes }]) => changes);
    return changed.map(([study, { stored, conflicts }]) => eventOf(request, study, { groupId, stored, conflicts }));
  });
}

function eventOf(
  { actor, onBehalfOf, target: { importId, entrance } }: BatchRequest,
  study: ChangedStudy,
  { groupId, stored, conflicts }: { readonly groupId: string | null; readonly stored: number; readonly conflicts: number },
): AuditRecord {
  return {
    action: 'study.import',
    actor: onBehalfOf ?? actor,
    entityType: 'study',
    entityId: study.id,
    patientId: study.patient.id,
    groupId,
    details: {
      importId,
      entrance,
      ...(onBehalfOf === undefined ? {} : { by: holderOf(actor) }),
      stored,
      conflicts,
      newStudy: study.isNew,
      newPatient: study.patient.isNew,
      restored: study.wasDeleted || study.patient.wasDeleted,
    },
  };
}
