import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find((candidate) => existsSync(candidate));
/** Debian's nginx; without it what deploy/ says to it is left out. */
export const hasNginx = PROGRAM !== undefined;

const CONFIGURATION = path.resolve(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'nginx', 'negatoscope.conf');

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The configuration as it is delivered, at ports and with a certificate of the test. */
const delivered = (
  folder: string,
  ports: { readonly http: number; readonly https: number; readonly upstream: readonly number[] },
): string =>
  readFileSync(CONFIGURATION, 'utf8')
    .replaceAll(/^\s*listen \[::\].*\n/gm, '')
    .replace('listen 80 ', `listen 127.0.0.1:${ports.http} `)
    .replace('listen 443 ', `listen 127.0.0.1:${ports.https} `)
    .replace('server negatoscope:3000;', ports.upstream.map((port) => `server 127.0.0.1:${port};`).join(' '))
    .replaceAll('/etc/nginx/certs/', `${folder}/`);

const wrapped = (folder: string, included: string): string => `
pid ${folder}/pid; error_log stderr warn; daemon off; worker_processes 1; ${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 512; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  ${included}
}`;

async function isUp(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said()}`);
    const answer = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' }).catch(() => undefined);
    if (answer !== undefined) return;
    await sleep(25);
  }
  throw new Error(`nginx does not answer: ${said()}`);
}

export interface Nginx {
  readonly http: number;
  readonly https: number;
  /** What it wrote. */
  readonly said: () => string;
  stop(): Promise<void>;
}

/** nginx with deploy/nginx/negatoscope.conf before what listens at ports of this machine. */
export async function startNginx(...upstream: number[]): Promise<Nginx> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-nginx-'));
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'privkey.pem', '-out', 'fullchain.pem'];
  execFileSync('openssl', ['req', '-x509', ...key, '-days', '2', '-subj', '/CN=localhost'], { cwd: folder, stdio: 'ignore' });
  const ports = { http: await freePort(), https: await freePort(), upstream };
  await writeFile(path.join(folder, 'nginx.conf'), wrapped(folder, delivered(folder, ports)));
  let text = '';
  const child = spawn(PROGRAM ?? '', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await isUp(ports.http, child, () => text);
  return {
    ...ports,
    said: () => text,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
