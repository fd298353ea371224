import { type ServiceJob, serviceJob } from '../../access/index.ts';
import { checkChain } from './check/run.ts';
import { type TellPorts, tellBroken } from './check/tell.ts';
import { CHECK_CHAIN, ORDER_JOURNAL, REPORT_JOURNAL, WATCH_JOURNAL } from './job-kinds.ts';
import { orderLists } from './order-lists.ts';
import { makeReports, type ReportPorts } from './reports/make.ts';
import type { ChainPorts } from './sequencer.ts';
import type { Audit } from './service.ts';
import { tellWarnings } from './warnings/tell.ts';
import { type WatchPorts, watchJournal } from './warnings/watch.ts';

export interface AuditJobPorts extends ChainPorts, TellPorts, WatchPorts, ReportPorts {
  readonly audit: Pick<Audit, 'record'>;
}

/** What watches over the journal by itself. */
export const auditJobs = (ports: AuditJobPorts): ServiceJob[] => [
  serviceJob(CHECK_CHAIN, ['audit.read'], async (by, _payload, { signal }) => {
    const { events, bad } = await checkChain(ports, by, signal);
    await tellBroken(ports, by);
    return { events, ...(bad?.at == null ? {} : { bad: bad.at }) };
  }),
  serviceJob(WATCH_JOURNAL, ['audit.read'], async (by, _payload, { signal }) => {
    const done = await watchJournal(ports, by, signal);
    await tellWarnings(ports, by);
    return done;
  }),
  serviceJob(ORDER_JOURNAL, ['audit.read'], async (_by, _payload, { signal }) => ({ lists: await orderLists(ports.db, signal) })),
  serviceJob(REPORT_JOURNAL, ['audit.read'], async (by) => ({ reports: await makeReports(ports, by) })),
];
