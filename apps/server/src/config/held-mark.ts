import { open, readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { isRunning } from '../kernel/running.ts';

const Holder = z.object({ host: z.string(), pid: z.number().int() });

/** The process that a mark is of, as long as it runs on this machine; undefined where there is no mark, or nobody behind it any more. */
async function holderOf(mark: string): Promise<number | undefined> {
  const text = await readFile(mark, 'utf8').catch(() => '');
  const { host, pid } = parsed(text) ?? {};
  return host === hostname() && pid !== undefined && pid !== process.pid && isRunning(pid) ? pid : undefined;
}

function parsed(text: string): z.infer<typeof Holder> | undefined {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Says durably that this process is at work. Fails with what `heldBy` makes of a process that has said so and runs on this machine, and with EEXIST where there is
 * a mark already, unless it `replaces` one.
 */
export async function takeMark(mark: string, replaces: boolean, heldBy: (pid: number) => Error): Promise<void> {
  const pid = await holderOf(mark);
  if (pid !== undefined) throw heldBy(pid);
  const file = replaces ? `${mark}.${process.pid}` : mark;
  const handle = await open(file, replaces ? 'w' : 'wx', 0o600);
  await handle
    .writeFile(JSON.stringify({ host: hostname(), pid: process.pid }))
    .then(() => handle.sync())
    .finally(() => handle.close());
  if (replaces) await rename(file, mark);
}
