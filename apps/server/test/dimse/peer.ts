import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../../../packages/testkit/src/testing/run.ts';
import { freePort } from '../support/orthanc.ts';

/** An archive of another maker: DCMTK's dcmqrscp. */
export interface Peer {
  readonly aeTitle: string;
  readonly port: number;
  store(files: readonly Uint8Array[]): Promise<void>;
  stop(): Promise<void>;
}

interface PeerOptions {
  readonly title?: string;
  /** Whom it sends to by C-MOVE. */
  readonly destination: { readonly title: string; readonly port: number };
  readonly hasGet?: boolean;
  /** Further options of the program. */
  readonly options?: readonly string[];
  readonly storeOptions?: readonly string[];
}

export async function startPeer(
  parent: string,
  { title = 'ARCHIVE', destination, hasGet = true, options = [], storeOptions = [] }: PeerOptions,
): Promise<Peer> {
  const folder = mkdtempSync(path.join(parent, 'peer-'));
  const port = await freePort();
  mkdirSync(path.join(folder, 'db'));
  writeFileSync(
    path.join(folder, 'qr.cfg'),
    `NetworkTCPPort = ${port}
MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
us = (${destination.title}, 127.0.0.1, ${destination.port})
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
${title} ${path.join(folder, 'db')} RW (200, 1024mb) ANY
AETable END
`,
  );
  const child: ChildProcess = spawn(
    'dcmqrscp',
    [...(hasGet ? [] : ['--disable-get']), ...options, '-c', path.join(folder, 'qr.cfg')],
    {
      stdio: 'ignore',
    },
  );
  const echo = () => run('echoscu', [...storeOptions, '-aec', title, '127.0.0.1', String(port)]);
  for (let tries = 0; (await echo()).code !== 0; tries += 1) {
    if (tries > 100) throw new Error('dcmqrscp does not answer');
    await sleep(50);
  }
  return {
    aeTitle: title,
    port,
    store: async (files) => {
      const names = files.map((bytes, index) => {
        const name = path.join(folder, `${index}.dcm`);
        writeFileSync(name, bytes);
        return name;
      });
      const { code, output } = await run('storescu', [...storeOptions, '-aec', title, '127.0.0.1', String(port), ...names]);
      if (code !== 0) throw new Error(output);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((done) => child.once('close', done));
      child.kill('SIGKILL');
      await ended;
    },
  };
}
