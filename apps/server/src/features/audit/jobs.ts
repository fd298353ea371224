import { type ServiceJob, serviceJob } from '../../access/index.ts';
import { checkChain } from './check/run.ts';
import { type TellPorts, tellBroken } from './check/tell.ts';
import { CHECK_CHAIN } from './job-kinds.ts';
import type { ChainPorts } from './sequencer.ts';
import type { Audit } from './service.ts';

export interface AuditJobPorts extends ChainPorts, TellPorts {
  readonly audit: Pick<Audit, 'record'>;
}

/** What watches over the journal by itself. */
export const auditJobs = (ports: AuditJobPorts): ServiceJob[] => [
  serviceJob(CHECK_CHAIN, ['audit.read'], async (by, _payload, { signal }) => {
    const { events, bad } = await checkChain(ports, by, signal);
    await tellBroken(ports, by);
    return { events, ...(bad?.at == null ? {} : { bad: bad.at }) };
  }),
];
