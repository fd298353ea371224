import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FrontDoor } from './front-door.ts';
import { type KeptProcess, keepRunning } from './keep-running.ts';
import { answersHttp } from './liveness.ts';
import { childEnv, handRuntime, type Runtime } from './runtime.ts';

/** The files that the child processes run. */
export interface ChildEntries {
  readonly web: URL;
  readonly jobs: URL;
  readonly dimse: URL;
}

interface ProcessesOptions {
  readonly entries: ChildEntries;
  readonly runtime: Runtime;
  readonly log: { info(message: string): void; warn(message: string): void; error(message: string): void };
  readonly onFatal: (message: string) => void;
}

/** Stack traces name the source. Young generations of the default size cost 15 MB a process more and save no time that could be measured. */
const execArgv = (semiSpaceMb: number): string[] => ['--enable-source-maps', `--max-semi-space-size=${semiSpaceMb}`];

export interface WebProcesses {
  readonly kept: readonly KeptProcess[];
  /** Stops all of them together and removes their private folder. */
  stop(patienceMs: number): Promise<void>;
}

/** The web processes, which take their connections from the front door and answer the supervisor on a private socket each. */
export function startWebProcesses(options: ProcessesOptions & { readonly door: FrontDoor }): WebProcesses {
  const { entries, runtime, log, onFatal, door } = options;
  // Mode 0700: nobody else on this machine may ask there. A short path, since that of a socket holds 103 bytes.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-web-'));
  const env = childEnv();
  const kept = Array.from({ length: runtime.settings.webProcesses }, (_, index) => {
    const privateSocket = privateAddress(folder, index + 1);
    const spawn = (): ChildProcess => {
      const child = fork(fileURLToPath(entries.web), [], { env, execArgv: execArgv(8) });
      door.serve(child);
      handRuntime(child, { ...runtime, privateSocket });
      return child;
    };
    return keepRunning({ name: `web ${index + 1}`, spawn, log, onFatal, probe: () => answersHttp(privateSocket) });
  });
  return {
    kept,
    stop: async (patienceMs) => {
      await Promise.all(kept.map((one) => one.stop(patienceMs)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const privateAddress = (folder: string, number: number): string =>
  process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}-${number}` : path.join(folder, `${number}.sock`);

type OneOf<Name extends 'jobs' | 'dimse'> = Omit<ProcessesOptions, 'entries'> & { readonly entries: Pick<ChildEntries, Name> };

/** The job process, which listens on nothing. */
export const startJobProcess = (options: OneOf<'jobs'>): KeptProcess => startOne(options, 'jobs', options.entries.jobs, 4);

/**
 * The process that listens for DICOM associations; what happens there is felt nowhere else. Two runs of a search live until they are told: in a small young generation each collection copies them.
 */
export const startDimseProcess = (options: OneOf<'dimse'>): KeptProcess => startOne(options, 'dimse', options.entries.dimse, 16);

function startOne(
  { runtime, log, onFatal }: Omit<ProcessesOptions, 'entries'>,
  name: string,
  entry: URL,
  semiSpaceMb: number,
): KeptProcess {
  const env = childEnv();
  const spawn = (): ChildProcess => {
    const child = fork(fileURLToPath(entry), [], { env, execArgv: execArgv(semiSpaceMb) });
    handRuntime(child, runtime);
    return child;
  };
  return keepRunning({ name, spawn, log, onFatal });
}
