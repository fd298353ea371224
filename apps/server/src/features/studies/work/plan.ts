import type { ReadingStatus, WorkChange } from '@negatoscope/contract';
import { needsValidator, timesAfter } from '../../../archive/records/reading-status.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';

type Before = Pick<
  StudyRow,
  'assignee_id' | 'urgency' | 'is_prior' | 'work_version' | 'status' | 'first_opened_at' | 'read_at' | 'validated_at'
>;

export interface Planned {
  /** Somebody else has decided since about what is wanted otherwise. */
  readonly isStale: boolean;
  readonly needsValidator: boolean;
  /** Names of what changes, labels aside. */
  readonly fields: readonly string[];
  readonly work:
    | { readonly assigneeId: string | null; readonly urgency: StudyRow['urgency']; readonly isPrior: boolean }
    | undefined;
  readonly status: ReadingStatus | undefined;
}

/** What nobody is to read is archived; what is to be read after all has been no prior. */
function statusOf(before: Before, { status, isPrior }: WorkChange): ReadingStatus {
  if (status !== undefined) return status;
  if (isPrior === undefined || isPrior === before.is_prior) return before.status;
  return isPrior ? 'ARCHIVED' : 'TO_READ';
}

/** What of a wanted change there is to do to a study. */
export function plannedOf(before: Before, wanted: WorkChange, now: Date): Planned {
  const status = statusOf(before, wanted);
  const work = {
    assigneeId: wanted.assigneeId === undefined ? before.assignee_id : wanted.assigneeId,
    urgency: wanted.urgency ?? before.urgency,
    isPrior: wanted.isPrior ?? (before.is_prior && status === 'ARCHIVED'),
  };
  const decided = [
    ...(work.assigneeId === before.assignee_id ? [] : ['assignee']),
    ...(work.urgency === before.urgency ? [] : ['urgency']),
  ];
  const fields = [
    ...decided,
    ...(work.isPrior === before.is_prior ? [] : ['prior']),
    ...(status === before.status ? [] : ['status']),
  ];
  const times = { firstOpenedAt: before.first_opened_at, readAt: before.read_at, validatedAt: before.validated_at };
  return {
    isStale: wanted.version !== undefined && wanted.version !== before.work_version && decided.length > 0,
    needsValidator: status !== before.status && needsValidator(times, timesAfter(status, times, now)),
    fields,
    work: decided.length > 0 || work.isPrior !== before.is_prior ? work : undefined,
    status: status === before.status ? undefined : status,
  };
}
