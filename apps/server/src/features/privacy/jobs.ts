import { type ServiceJob, serviceJob } from '../../access/index.ts';
import { type EraseDeps, eraseAsked } from './erasure/erase.ts';
import { findReturned } from './erasure/find-returned.ts';
import { keyOf } from './erasure/marks.ts';
import { ERASE, FIND_RETURNED } from './job-kinds.ts';

/** The handlers of this feature's kinds. */
export const privacyJobs = (deps: Omit<EraseDeps, 'by'> & { readonly auditKey: Buffer }): ServiceJob[] => [
  serviceJob(ERASE, ['trash.purge'], async (by) => ({ ...(await eraseAsked({ ...deps, by })) })),
  serviceJob(FIND_RETURNED, ['trash.purge'], (by) => findReturned({ ...deps, by, key: keyOf(deps.auditKey) })),
];
