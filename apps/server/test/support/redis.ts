import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { freePort } from './orthanc.ts';

const PROGRAM = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((candidate) => existsSync(candidate));
/** Debian's redis-server; without it nothing is proven of Redis. */
export const hasRedis = PROGRAM !== undefined;

const PASSWORD = 'of-the-tests';

/** A Redis of its own port, which keeps nothing when it ends. */
export interface Redis {
  readonly url: string;
  /** One command, as one would type it; gives the raw answer. */
  say(command: string): Promise<string>;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Again at the same port, empty. */
  start(): Promise<void>;
  /** It stands still and answers nothing, without a sign. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** PEM files by which it is reached by TLS, and no other way. */
interface RedisTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

const portSettings = (port: number, files: RedisTls | undefined): Readonly<Record<string, string>> =>
  files === undefined
    ? { port: String(port) }
    : {
        ...{ port: '0', 'tls-port': String(port), 'tls-auth-clients': 'no' },
        ...{ 'tls-cert-file': files.cert, 'tls-key-file': files.key, 'tls-ca-cert-file': files.ca },
      };

export async function openRedis(files?: RedisTls): Promise<Redis> {
  const [port, folder] = [await freePort(), await mkdtemp(path.join(os.tmpdir(), 'negatoscope-redis-'))];
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGKILL');
    await ended;
  };
  const say: Redis['say'] = (command) => ask(port, files, `AUTH ${PASSWORD}\r\n${command}\r\nQUIT\r\n`);
  const start = async (): Promise<void> => {
    const kept = {
      bind: '127.0.0.1 127.0.0.2',
      dir: folder,
      save: '',
      appendonly: 'no',
      requirepass: PASSWORD,
    };
    const settings = { ...portSettings(port, files), ...kept };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, ...value.split(' ')]);
    child = spawn(PROGRAM ?? '', args, { stdio: 'ignore' });
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await say('PING').catch(() => '')).includes('PONG')) return;
      await sleep(25);
    }
    throw new Error('Redis does not answer.');
  };
  await start();
  return {
    url: `redis${files === undefined ? '' : 's'}://:${PASSWORD}@127.0.0.1:${port}`,
    ...{ say, kill, start },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ask = (port: number, files: RedisTls | undefined, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const begun = (): void => void socket.write(text);
    const socket: net.Socket =
      files === undefined
        ? net.connect(port, '127.0.0.1', begun)
        : tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, begun);
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
