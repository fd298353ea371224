import { isRunning } from '../../../kernel/running.ts';
import type { FsPort } from './fs-port.ts';

const STALE_MS = 24 * 3_600_000;

/** Whether the process that made a file, whose number and token begin its name, can't need it any more. `owner` is who asks. */
export async function isAbandoned(
  fs: FsPort,
  { name, file, owner }: { readonly name: string; readonly file: string; readonly owner: string },
): Promise<boolean> {
  if (name.startsWith(`${owner}.`)) return false;
  const pid = Number(name.split('.')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid || !isRunning(pid)) return true;
  const stat = await fs.stat(file).catch(() => undefined);
  return stat !== undefined && Date.now() - stat.mtimeMs > STALE_MS;
}
