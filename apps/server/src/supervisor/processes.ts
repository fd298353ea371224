import { type ChildProcess, fork } from 'node:child_process';
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { type KeptProcess, keepRunning } from './keep-running.ts';
import { type Runtime, runtimeEnv } from './runtime.ts';

/** The files that the child processes run. */
export interface ChildEntries {
  readonly web: URL;
  readonly jobs: URL;
}

interface ProcessesOptions {
  readonly entries: ChildEntries;
  readonly runtime: Runtime;
  readonly log: { info(message: string): void; warn(message: string): void; error(message: string): void };
  readonly onFatal: (message: string) => void;
}

/** Stack traces name the source. Young generations of the default size cost 15 MB a process more and save no time that could be measured. */
const execArgv = (semiSpaceMb: number): string[] => ['--enable-source-maps', `--max-semi-space-size=${semiSpaceMb}`];

/**
 * The web processes, which share the port through node:cluster.
 *
 * Round robin (SCHED_RR) and not SCHED_NONE: with SCHED_NONE every process waits on the same listening socket and Linux wakes
 * mostly the same one or two, so that one process gets most of the connections. A viewer opens few, long-lived connections that
 * carry much, and an import occupies its process for minutes: an even spread matters more than the hand-over of a descriptor
 * per connection, which is all that passes through the supervisor (bytes never do). The listening socket also survives the death
 * of any one process, so that connections wait instead of being refused.
 */
export function startWebProcesses({ entries, runtime, log, onFatal }: ProcessesOptions): KeptProcess[] {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ exec: fileURLToPath(entries.web), args: [], execArgv: execArgv(8) });
  const env = runtimeEnv(runtime);
  const spawn = (): ChildProcess => {
    const worker = cluster.fork(env);
    // Cluster reports a failed fork on the worker as well; keepRunning listens to the process.
    worker.on('error', () => undefined);
    return worker.process;
  };
  return Array.from({ length: runtime.settings.webProcesses }, (_, index) =>
    keepRunning({ name: `web ${index + 1}`, spawn, log, onFatal }),
  );
}

/** The job process. It is no cluster member: it listens on nothing. */
export function startJobProcess({ entries, runtime, log, onFatal }: ProcessesOptions): KeptProcess {
  const env = { ...process.env, ...runtimeEnv(runtime) };
  return keepRunning({
    name: 'jobs',
    spawn: () => fork(fileURLToPath(entries.jobs), [], { env, execArgv: execArgv(4) }),
    log,
    onFatal,
  });
}
