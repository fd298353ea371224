import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Running {
  readonly pid: number;
  /** SIGTERM, SIGKILL after 20 s; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a program and waits until `isReady` says so; its last output is in the error when it ends or takes longer than a minute. */
export async function startProgram(
  file: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; isReady: (output: string) => boolean | Promise<boolean> },
): Promise<Running> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: options.env ?? process.env });
  let text = '';
  const keep = (data: Buffer): void => {
    text = (text + data.toString('utf8')).slice(-8000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const stop = stopper(child);
  const deadline = Date.now() + 60_000;
  while (!(await options.isReady(text))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${file} ended:\n${text}`);
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`${file} was not ready within a minute:\n${text}`);
    }
    await sleep(100);
  }
  return { pid: child.pid ?? 0, stop };
}

function stopper(child: ChildProcess): () => Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(late);
  };
}

export const answers = async (url: string): Promise<boolean> =>
  fetch(url).then(
    (response) => response.status < 500,
    () => false,
  );
