import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const PROGRAM = ['/usr/sbin/Orthanc', '/usr/bin/Orthanc', '/usr/local/sbin/Orthanc'].find((candidate) => existsSync(candidate));

/** Debian's packages orthanc and orthanc-dicomweb; without them its exchange with us is left out. */
export const hasOrthanc = PROGRAM !== undefined && existsSync(PLUGIN);

/** An Orthanc of its own folder and port, spoken to by its REST interface. */
export interface Orthanc {
  readonly url: string;
  readonly port: number;
  /** What it keeps. */
  readonly folder: string;
  /** Answers parsed; fails with what Orthanc says when it is no success. */
  get<T>(url: string): Promise<T>;
  post<T>(url: string, body: object | Buffer): Promise<T>;
  bytes(url: string): Promise<Buffer>;
  remove(url: string): Promise<void>;
  /** Ends it in order; what it keeps goes too. */
  stop(): Promise<void>;
  /** Ends it at once, as a power failure does; what it keeps stays. */
  kill(): Promise<void>;
}

export interface OrthancOptions {
  /** What it keeps is there already, or is to be made there; a folder of its own without it. */
  readonly folder?: string;
  readonly port?: number;
  /** Whom it lets in; everybody without it. */
  readonly users?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A server that its DICOMweb plugin may ask. */
export interface OrthancPeer {
  readonly Url: string;
  readonly HttpHeaders: Readonly<Record<string, string>>;
  /** Whether STOW-RS bodies are sent with chunked transfer encoding. */
  readonly ChunkedTransfers?: boolean;
  /** Whether `transfer-syntax=*` is asked for when instances are retrieved. */
  readonly HasWadoRsUniversalTransferSyntax?: boolean;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  // Orthanc closes idle connections: a request on one that it closes at that moment was not read, and is sent once more.
  const response = await fetch(url, init).catch((error: Error) => {
    if ((error.cause as { code?: string } | undefined)?.code !== 'UND_ERR_SOCKET') throw error;
    return fetch(url, init);
  });
  if (!response.ok) throw new Error(`Orthanc answered ${response.status} for ${url}: ${(await response.text()).slice(0, 500)}`);
  return response;
}

async function untilUp(baseUrl: string, failed: () => string | undefined): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) {
    const reason = failed();
    if (reason !== undefined) throw new Error(`Orthanc ended: ${reason}`);
    if (
      await fetch(`${baseUrl}/system`).then(
        ({ ok, status }) => ok || status === 401,
        () => false,
      )
    )
      return;
  }
  throw new Error('Orthanc did not start in time.');
}

const configuration = (
  { folder, port }: { folder: string; port: number },
  servers: Readonly<Record<string, OrthancPeer>>,
  { users, settings }: OrthancOptions,
): object => ({
  Name: 'client',
  StorageDirectory: folder,
  IndexDirectory: folder,
  Plugins: [PLUGIN],
  HttpPort: port,
  DicomServerEnabled: false,
  AuthenticationEnabled: users !== undefined,
  ...(users === undefined ? {} : { RegisteredUsers: users }),
  RemoteAccessAllowed: false,
  DicomWeb: { Enable: true, Root: '/dicom-web/', Servers: servers },
  ...settings,
});

/** Starts Orthanc with its DICOMweb plugin and these servers to ask. Stop it in `afterAll`. */
export async function startOrthanc(
  servers: Readonly<Record<string, OrthancPeer>>,
  options: OrthancOptions = {},
): Promise<Orthanc> {
  const folder = options.folder ?? (await mkdtemp(path.join(os.tmpdir(), 'negatoscope-orthanc-')));
  const port = options.port ?? (await freePort());
  const file = path.join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(configuration({ folder, port }, servers, options)));
  const child = spawn(PROGRAM ?? 'Orthanc', [file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (data: Buffer) => {
    output = (output + data.toString('utf8')).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const baseUrl = `http://127.0.0.1:${port}`;
  await untilUp(baseUrl, () => (child.exitCode === null ? undefined : output));
  const [user] = Object.entries(options.users ?? {});
  const headers: Record<string, string> =
    user === undefined ? {} : { authorization: `Basic ${Buffer.from(user.join(':')).toString('base64')}` };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    ...{ url: baseUrl, port, folder },
    get: async <T>(url: string) => (await ask(baseUrl + url, { headers })).json() as T, // Each test names what it asks for.
    post: async <T>(url: string, body: object | Buffer) => {
      const payload = Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body);
      return (await ask(baseUrl + url, { method: 'POST', body: payload, headers })).json() as T; // As above.
    },
    bytes: async (url) => Buffer.from(await (await ask(baseUrl + url, { headers })).arrayBuffer()),
    remove: async (url) => void (await ask(baseUrl + url, { method: 'DELETE', headers })),
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
  };
}
