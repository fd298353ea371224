import type { Permission } from '@negatoscope/contract';
import { type Job, type JobKind, type JobReport, type JobRun, job } from '../platform/queue/job.ts';
import { type Service, service } from './actor.ts';

/** A job and who acts in it. */
export interface ServiceJob extends Job {
  readonly by: Service;
}

/** Joins a kind to its handler, which acts as the service of the kind's name and may do what the permissions name. */
export function serviceJob<P extends object>(
  kind: JobKind<P>,
  permissions: readonly Permission[],
  handler: (by: Service, payload: P, run: JobRun) => Promise<JobReport | undefined>,
): ServiceJob {
  const by = service(kind.name, permissions);
  return { ...job(kind, (payload, run) => handler(by, payload, run)), by };
}
