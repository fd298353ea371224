import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { freePort } from '../support/orthanc.ts';
import { datasetOf } from './dataset-of.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A `storescp` that writes what it is sent byte for byte. */
export interface Destination {
  readonly port: number;
  readonly process: ChildProcess;
  /** Hashes of the datasets that came. */
  hashes(): string[];
  /** What it has said. */
  said(): string;
  stop(): Promise<void>;
}

const running = new Set<Destination>();

/** Ends those that a test left. */
export async function stopDestinations(): Promise<void> {
  await Promise.all([...running].map((one) => one.stop()));
}

async function untilHeard(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await sleep(20);
  }
}

export async function storescp(parent: string, options: readonly string[] = ['+xa', '--fork']): Promise<Destination> {
  const [port, folder] = [await freePort(), mkdtempSync(path.join(parent, 'scp-'))];
  const child = spawn('storescp', ['-v', '+B', '-od', folder, ...options, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const destination: Destination = {
    port,
    process: child,
    hashes: () =>
      readdirSync(folder)
        .map((name) => sha256(datasetOf(readFileSync(path.join(folder, name)))))
        .sort(),
    said: () => said,
    stop: async () => {
      running.delete(destination);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  running.add(destination);
  await untilHeard(port);
  return destination;
}

/** The option of `storescp` that has it take these classes in these transfer syntaxes alone, whatever it takes by itself. */
export function takingOnly(
  folder: string,
  classes: readonly string[],
  syntaxes: readonly string[] = [...TRANSFER_SYNTAXES.keys()],
): string[] {
  const file = path.join(mkdtempSync(path.join(folder, 'cfg-')), 'storescp.cfg');
  const lines = [
    '[[TransferSyntaxes]]\n[These]',
    ...syntaxes.map((uid, index) => `TransferSyntax${index + 1} = ${uid}`),
    '[[PresentationContexts]]\n[Those]',
    ...classes.map((uid, index) => `PresentationContext${index + 1} = ${uid}\\These`),
    '[[Profiles]]\n[Default]\nPresentationContexts = Those\n',
  ];
  writeFileSync(file, lines.join('\n'));
  return ['-xf', file, 'Default'];
}
