import { type ServiceJob, serviceJob } from '../../access/index.ts';
import { type EraseDeps, eraseAsked } from './erasure/erase.ts';
import { findReturned } from './erasure/find-returned.ts';
import { keyOf } from './erasure/marks.ts';
import { ERASE, FIND_RETURNED, RETAIN } from './job-kinds.ts';
import { retain } from './retention/due.ts';

/** The handlers of this feature's kinds. */
export const privacyJobs = (deps: Omit<EraseDeps, 'by'> & { readonly auditKey: Buffer }): ServiceJob[] => [
  serviceJob(ERASE, ['trash.purge'], async (by) => ({ ...(await eraseAsked({ ...deps, by })) })),
  serviceJob(FIND_RETURNED, ['trash.purge'], (by) => findReturned({ ...deps, by, key: keyOf(deps.auditKey) })),
  serviceJob(RETAIN, ['trash.purge'], (by, payload, { signal }) => retain({ ...deps, by }, payload, signal)),
];
