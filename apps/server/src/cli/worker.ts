import { nodeOf, requireLikeOthers } from '../supervisor/nodes.ts';
import { startJobProcess } from '../supervisor/processes.ts';
import type { Command } from './command.ts';

/** Another job process, on this machine or on another one (then DATABASE_URL and the store must be shared). */
export const worker: Command = {
  usage: 'worker',
  summary: 'runs jobs beside the server until it is ended',
  async run(args, { log, print, withRuntime }) {
    if (args.length > 0) return 2;
    return withRuntime(async (runtime) => {
      await requireLikeOthers(runtime.databases.owner, nodeOf(runtime.settings, runtime.secrets));
      const entries = { web: new URL('./web-process.js', import.meta.url), jobs: new URL('./worker.js', import.meta.url) };
      const end = new Promise<number>((resolve) => {
        for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve(0));
      });
      let fatal: string | undefined;
      const failed = new Promise<number>((resolve) => {
        const onFatal = (message: string): void => {
          fatal ??= message;
          resolve(1);
        };
        const jobs = startJobProcess({ entries, runtime, log, onFatal });
        void end.then(() => jobs.stop(30_000)).then(() => resolve(0));
      });
      print('Jobs are running.');
      const code = await failed;
      if (fatal !== undefined) print(fatal);
      return code;
    });
  },
};
