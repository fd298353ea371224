import { type ServiceJob, serviceJob } from '../../../access/index.ts';
import { CodecPool } from '../../../platform/codecs/pool.ts';
import { RUN_DEID_EXPORTS } from '../job-kinds.ts';
import { type MakingPorts, runExports } from './run.ts';

/** Files are read by who asked, with their rights; the service keeps the rows, and lets files into the group that was named: it sees identities, or it would import into a partition of its own. */
export const exportJobs = (ports: Omit<MakingPorts, 'decode'>): ServiceJob[] => [
  serviceJob(RUN_DEID_EXPORTS, ['exports.anonymised', 'imports.create', 'patients.identity'], async (by, _payload, run) => {
    // None of its threads runs before a frame is to be decoded.
    const codecs = new CodecPool();
    try {
      return { ran: await runExports({ ...ports, decode: (frame) => codecs.decodeFrame(frame) }, by, run) };
    } finally {
      await codecs.close();
    }
  }),
];
