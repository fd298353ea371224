import { type Actor, holderOf, noteLeavingStudies } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AuditRecord } from './audit-rows.ts';

export interface StudyUse {
  readonly studyId: string;
  readonly patientId: string;
  readonly groupId: string | null;
  /** `metadata`, `frames`, `retrieve`, `export` …: one durable event for each kind, study and session, renewed after 15 minutes. */
  readonly kind: string;
  /** To which node or server it goes: each is a use of its own. */
  readonly sentTo?: string;
}

/** A use or a sighting that goes on is noted again after this. */
export const RENEW_AFTER_MS = 15 * 60_000;

/** Notes a use of a study by somebody, and no further ones of the same kind for a while. */
export function createUses(
  note: (event: AuditRecord) => Promise<void>,
  clock: Clock,
): (actor: Actor, use: StudyUse) => Promise<void> {
  const uses = new Map<string, number>();
  return async (actor, use) => {
    noteLeavingStudies(actor, [use.studyId]);
    const key = `${holderOf(actor)} ${use.studyId} ${use.kind} ${use.sentTo ?? ''}`;
    const now = clock.now().getTime();
    const last = uses.get(key);
    if (last !== undefined && now - last < RENEW_AFTER_MS) return;
    await note({
      action: `study.${use.kind}`,
      actor,
      entityType: 'study',
      entityId: use.studyId,
      patientId: use.patientId,
      groupId: use.groupId,
      ...(use.sentTo === undefined ? {} : { details: { sentTo: use.sentTo } }),
    });
    uses.set(key, now);
    if (uses.size > 50_000) for (const [old, at] of uses) if (now - at >= RENEW_AFTER_MS) uses.delete(old);
  };
}
