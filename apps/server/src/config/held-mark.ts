import { open, readFile, rename, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { isRunning } from '../kernel/running.ts';

const Holder = z.object({ host: z.string(), pid: z.number().int() });

/** Who is at work touches the mark so often. */
const BEAT_MS = 15_000;
/** Whoever has not, for so long, is gone; two machines' clocks may differ by less. */
const STALE_MS = 120_000;

/**
 * The process that a mark is of, in words, as long as it is at work: of this machine it runs, of another one (or another container on the same folder, whose
 * processes nobody sees from here) it has touched the mark of late. Undefined where there is no mark, or nobody behind it any more.
 */
async function holderOf(mark: string): Promise<string | undefined> {
  const { host, pid } = (await readMark(mark)) ?? {};
  if (host === undefined || pid === undefined) return undefined;
  if (host === hostname()) return pid !== process.pid && isRunning(pid) ? `process ${pid}` : undefined;
  const touched = await stat(mark).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return Date.now() - touched < STALE_MS ? `process ${pid} on ${host}` : undefined;
}

const readMark = async (mark: string): Promise<z.infer<typeof Holder> | undefined> =>
  parsed(await readFile(mark, 'utf8').catch(() => ''));

/** Until the process ends, or the mark is gone or somebody else's. */
function keepTouching(mark: string): void {
  const beat = setInterval(async () => {
    const { host, pid } = (await readMark(mark)) ?? {};
    if (host !== hostname() || pid !== process.pid) return clearInterval(beat);
    const now = new Date();
    await utimes(mark, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
}

function parsed(text: string): z.infer<typeof Holder> | undefined {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Says durably that this process is at work. Fails with what `heldBy` makes of who has said so and is at work, and with EEXIST where there is
 * a mark already, unless it `replaces` one.
 */
export async function takeMark(mark: string, replaces: boolean, heldBy: (who: string) => Error): Promise<void> {
  const who = await holderOf(mark);
  if (who !== undefined) throw heldBy(who);
  const file = replaces ? `${mark}.${process.pid}` : mark;
  const handle = await open(file, replaces ? 'w' : 'wx', 0o600);
  await handle
    .writeFile(JSON.stringify({ host: hostname(), pid: process.pid }))
    .then(() => handle.sync())
    .finally(() => handle.close());
  if (replaces) await rename(file, mark);
  keepTouching(mark);
}
