import type { Role } from '@negatoscope/contract';
import type { Browser } from '../support/app.ts';
import { type MeasuredServer, startMeasured } from '../support/measured-server.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

export interface Answered {
  readonly status: number;
  readonly ms: number;
  readonly warning: string | null;
  readonly retryAfter: string | null;
  readonly body: Buffer;
}

/** A server in a process of its own, whose memory and pauses are watched, with files that were stored before it began. */
export interface MeasuredGallery {
  readonly server: MeasuredServer;
  readonly admin: Browser;
  login(role: Role): Promise<Browser>;
  /** `url` below `/dicom-web`. */
  get(url: string, headers?: Record<string, string>): Promise<Answered>;
  /** The same without waiting for its end. */
  ask(url: string, signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

export async function openMeasured(files: readonly Uint8Array[]): Promise<MeasuredGallery> {
  const setup: DicomwebServer = await openDicomweb();
  const admin = await setup.login('ADMIN');
  for (const file of files) {
    const stored = await setup.store(admin, [Buffer.from(file)]);
    if (stored.statusCode !== 200) throw new Error(`Storing: ${stored.statusCode} ${stored.body.slice(0, 500)}`);
  }
  const server = await startMeasured(setup.settings, setup.database);
  const address = (url: string): string => `http://127.0.0.1:${server.port}${url}`;
  const headersWith = (more: Record<string, string>) => ({ cookie: admin.cookie, accept: 'image/png', ...more });
  return {
    server,
    admin,
    login: (role) => setup.login(role),
    get: async (url, headers = {}) => {
      const begun = performance.now();
      const answer = await fetch(address(url), { headers: headersWith(headers) });
      const body = Buffer.from(await answer.arrayBuffer());
      const { status, headers: given } = answer;
      const told = { warning: given.get('warning'), retryAfter: given.get('retry-after') };
      return { status, ms: performance.now() - begun, ...told, body };
    },
    ask: (url, signal) => fetch(address(url), { headers: headersWith({}), signal }).catch(() => undefined),
    close: async () => {
      await server.close();
      await setup.close();
    },
  };
}
