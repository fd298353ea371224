import { type ServiceJob, serviceJob } from '../../../access/index.ts';
import { RUN_DEID_EXPORTS } from '../job-kinds.ts';
import { type MakingPorts, runExports } from './run.ts';

/** Files are read by who asked, with their rights; the service only keeps the rows. */
export const exportJobs = (ports: MakingPorts): ServiceJob[] => [
  serviceJob(RUN_DEID_EXPORTS, ['exports.anonymised'], async (by, _payload, run) => ({ ran: await runExports(ports, by, run) })),
];
