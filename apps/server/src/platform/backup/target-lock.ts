import { hostname } from 'node:os';
import { z } from 'zod';
import { newId } from '../../kernel/ids.ts';
import { isRunning } from '../../kernel/running.ts';
import { StartError } from '../../kernel/start-error.ts';
import type { BackupTarget } from './target.ts';

const LOCK = 'lock.json';
const BEAT_MS = 20_000;
/** Whoever has said nothing for so long is gone; clocks of two machines may differ by minutes. */
const STALE_MS = 15 * 60_000;

const Holder = z.object({ id: z.string(), host: z.string(), pid: z.number(), at: z.iso.datetime() });
type Holder = z.infer<typeof Holder>;

const encode = (holder: Holder): Buffer => Buffer.from(JSON.stringify(holder));

function holderOf(bytes: Buffer | undefined): Holder | undefined {
  try {
    return bytes === undefined ? undefined : Holder.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

const isGone = ({ host, pid, at }: Holder): boolean =>
  Date.now() - Date.parse(at) > STALE_MS || (host === hostname() && !isRunning(pid));

export interface TargetLock {
  /** Fails with BACKUP_RUNNING when somebody else took it meanwhile: what follows would be two writers. */
  require(): Promise<void>;
  release(): Promise<void>;
}

/** Keeps others from writing to a target: one run at a time, of whatever machine. Fails with BACKUP_RUNNING. */
export async function lockTarget(target: BackupTarget): Promise<TargetLock> {
  const own = { id: newId(), host: hostname(), pid: process.pid };
  const now = (): Buffer => encode({ ...own, at: new Date().toISOString() });
  if (!(await target.create(LOCK, now()))) {
    const found = holderOf(await target.find(LOCK));
    if (found !== undefined && !isGone(found)) throw busy(target, found);
    await target.remove(LOCK);
    if (!(await target.create(LOCK, now()))) throw busy(target, found);
  }
  const isOurs = async (): Promise<boolean> => holderOf(await target.find(LOCK))?.id === own.id;
  // One that slept longer than anybody waits does not take it back from who took it over: each would go on.
  const say = async (): Promise<void> => {
    if (await isOurs()) await target.replace(LOCK, now());
  };
  const beat = setInterval(() => void say().catch(() => undefined), BEAT_MS);
  beat.unref();
  return {
    require: async () => {
      if (!(await isOurs())) throw busy(target, undefined);
    },
    release: async () => {
      clearInterval(beat);
      if (await isOurs().catch(() => false)) await target.remove(LOCK).catch(() => undefined);
    },
  };
}

function busy(target: BackupTarget, holder: Holder | undefined): StartError {
  const who = holder === undefined ? 'another run' : `process ${holder.pid} on ${holder.host}`;
  return new StartError('BACKUP_RUNNING', `${who} is writing to ${target.address}: wait until it is done`);
}
