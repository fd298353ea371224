import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { answers, startProgram } from './child.ts';
import { given } from './given.ts';
import type { Peer } from './peers.ts';

const PORTS = { http: 8066, https: 8067, redis: 8068 } as const;
export const isProxyHere = existsSync('/usr/sbin/nginx') && existsSync('/usr/bin/redis-server');

/** deploy/nginx/negatoscope.conf as it is delivered, before a server on this machine, with a certificate of its own. */
export async function startProxy(bench: Bench, upstreamPort: number): Promise<Peer> {
  const folder = mkdtempSync(path.join(bench.temp, 'proxy-'));
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'privkey.pem', '-out', 'fullchain.pem'];
  execFileSync('openssl', ['req', '-x509', ...key, '-days', '2', '-subj', '/CN=localhost'], { cwd: folder, stdio: 'ignore' });
  const delivered = readFileSync(path.join(given('BENCH_DIR'), '..', 'deploy', 'nginx', 'negatoscope.conf'), 'utf8')
    .replaceAll(/^\s*listen \[::\].*\n/gm, '')
    .replace('listen 80 ', `listen 127.0.0.1:${PORTS.http} `)
    .replace('listen 443 ', `listen 127.0.0.1:${PORTS.https} `)
    .replace('server negatoscope:3000;', `server 127.0.0.1:${upstreamPort};`)
    .replaceAll('/etc/nginx/certs/', `${folder}/`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  const config = `
    ${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 512; }
    http { access_log off; keepalive_requests 100000000; ${temporary.join(' ')} ${delivered} }`;
  writeFileSync(path.join(folder, 'nginx.conf'), config);
  const running = await startProgram('/usr/sbin/nginx', ['-c', path.join(folder, 'nginx.conf')], {
    isReady: () => answers(`http://127.0.0.1:${PORTS.http}/.well-known/acme-challenge/none`),
  });
  bench.defer(running.stop);
  return { ...running, baseUrl: `https://127.0.0.1:${PORTS.https}` };
}

/** A Redis of its own, which keeps nothing. */
export async function startRedis(bench: Bench): Promise<Peer> {
  const folder = mkdtempSync(path.join(bench.temp, 'redis-'));
  const settings = ['--port', String(PORTS.redis), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const running = await startProgram('/usr/bin/redis-server', settings, {
    isReady: (text) => text.includes('Ready to accept connections'),
  });
  bench.defer(running.stop);
  return { ...running, baseUrl: `redis://127.0.0.1:${PORTS.redis}` };
}
