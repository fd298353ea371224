import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/settings.ts';

/** The address under which this machine itself reaches the server. */
export function localAddress({ host, port }: Pick<Settings, 'host' | 'port'>): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Resolves when `GET /api/health` answers 200. Rejects with the signal's reason. */
export async function waitForHealth(settings: Pick<Settings, 'host' | 'port'>, signal: AbortSignal): Promise<void> {
  const url = `${localAddress(settings)}/api/health`;
  for (;;) {
    signal.throwIfAborted();
    if (await isHealthy(url)) return;
    await sleep(50, undefined, { signal });
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
