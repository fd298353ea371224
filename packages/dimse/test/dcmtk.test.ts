import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encapsulated, explicit, implicit, ascii as padded, part10 } from '../../dicom/test/build.ts';
import { hasDcmtk } from '../../testkit/src/testing/read-back.ts';
import { run } from '../../testkit/src/testing/run.ts';
import { commandPdus, datasetPdus } from '../src/message/message-writer.ts';
import type { AssociateRequest } from '../src/pdu/types.ts';
import { concat, seeded } from './bytes.ts';
import { ask, Peer } from './peer.ts';

const NO_DCMTK = hasDcmtk ? '' : ' (skipped: DCMTK not found)';
const SC = '1.2.840.10008.5.1.4.1.1.7';
const VERIFICATION = '1.2.840.10008.1.1';
const random = seeded(4);
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));

/** A dataset with private elements whose values only the sender knows. */
function dataset(index: number, pixels: Uint8Array, element: typeof explicit): Uint8Array {
  const uid = (text: string): Uint8Array => padded(text.length % 2 === 0 ? text : `${text}\0`);
  return concat(
    element('00080016', 'UI', uid(SC)),
    element('00080018', 'UI', uid(`1.2.3.${index}`)),
    element('00090010', 'LO', 'OURS'),
    element('00091001', 'UN', noise(300)),
    element('00100010', 'PN', 'A^B'),
    pixels,
  );
}
const plain = (tag: string, _vr: string, value?: Uint8Array | string): Uint8Array => implicit(tag, value);
const native = (element: typeof explicit): Uint8Array => element('7FE00010', 'OW', noise(100_000));
const fragments = (): Uint8Array => encapsulated([noise(60_000), noise(12), noise(40_000)]);

/** Transfer syntaxes with the option by which storescu proposes them. */
const SYNTAXES: readonly (readonly [option: string, uid: string, dataset: () => Uint8Array])[] = [
  ['-xi', '1.2.840.10008.1.2', () => dataset(1, native(plain), plain)],
  ['-xe', '1.2.840.10008.1.2.1', () => dataset(2, native(explicit), explicit)],
  ['-xs', '1.2.840.10008.1.2.4.70', () => dataset(3, fragments(), explicit)],
  ['-xy', '1.2.840.10008.1.2.4.50', () => dataset(4, fragments(), explicit)],
  ['-xv', '1.2.840.10008.1.2.4.90', () => dataset(5, fragments(), explicit)],
  ['-xt', '1.2.840.10008.1.2.4.80', () => dataset(6, fragments(), explicit)],
  ['-xr', '1.2.840.10008.1.2.5', () => dataset(7, fragments(), explicit)],
  ['-xn', '1.2.840.10008.1.2.4.102', () => dataset(8, fragments(), explicit)],
];

const request = (more: Partial<AssociateRequest> = {}): AssociateRequest => ({
  protocolVersion: 1,
  calledAet: 'ANY-SCP',
  callingAet: 'NEGATOSCOPE',
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: [{ id: 1, abstractSyntax: VERIFICATION, transferSyntaxes: ['1.2.840.10008.1.2'] }],
  user: {
    maxLength: 16_384,
    implementationClassUid: '1.2.3',
    roles: [],
    extended: [],
    commonExtended: [],
  },
  ...more,
});

describe.skipIf(!hasDcmtk)(`DCMTK asks${NO_DCMTK}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dimse-'));
  const peer = new Peer();
  let port = 0;
  beforeAll(async () => {
    port = await peer.listen();
  });
  afterAll(async () => {
    await peer.close();
    rmSync(folder, { recursive: true });
  });

  test('echoscu is answered, and releases', async () => {
    const { code } = await run('echoscu', ['-aet', 'SCANNER', '-aec', 'ARCHIVE', '--repeat', '3', '127.0.0.1', String(port)]);
    expect(code).toBe(0);
    expect(peer.requests[0]).toMatchObject({ callingAet: 'SCANNER', calledAet: 'ARCHIVE', protocolVersion: 1 });
    expect(peer.received.splice(0).map(({ command }) => command.CommandField)).toEqual([0x30, 0x30, 0x30]);
  });

  test('echoscu that aborts is an abort', async () => {
    peer.ends.length = 0;
    await run('echoscu', ['--abort', '127.0.0.1', String(port)]);
    expect(peer.ends).toEqual(['aborted']);
  });

  test('echoscu proposes 128 contexts of 38 transfer syntaxes', async () => {
    const args = ['--propose-pc', '128', '--propose-ts', '38', '127.0.0.1', String(port)];
    const { code, output } = await run('echoscu', args);
    expect([code, output]).toEqual([0, expect.any(String)]);
    expect(peer.requests.at(-1)?.contexts).toHaveLength(128);
    expect(peer.requests.at(-1)?.contexts[0]?.transferSyntaxes).toHaveLength(38);
  });

  test.each(SYNTAXES)('storescu %s: the dataset comes byte for byte in %s', async (option, uid, make) => {
    const bytes = make();
    const file = join(folder, 'sent.dcm');
    writeFileSync(file, part10(bytes, uid));
    peer.received.length = 0;
    const { code, output } = await run('storescu', ['-v', option, '127.0.0.1', String(port), file]);
    expect([code, output]).toEqual([0, expect.stringContaining('Received Store Response (Success)')]);
    expect(peer.received).toHaveLength(1);
    const [received] = peer.received;
    expect(received?.transferSyntax).toBe(uid);
    expect(received?.command).toMatchObject({ CommandField: 1, AffectedSOPClassUID: SC });
    // storescu writes headers anew (group lengths, order), pixels and private values never.
    const pixels = bytes.subarray(bytes.length - 90_000);
    expect(received?.dataset.subarray(-pixels.length).equals(pixels)).toBe(true);
  });
});

describe.skipIf(!hasDcmtk)(`DCMTK answers${NO_DCMTK}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dimse-'));
  let server: ChildProcess;
  let port = 0;

  async function freePort(): Promise<number> {
    const probe = createServer();
    await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
    const { port: free } = probe.address() as AddressInfo;
    await new Promise((done) => probe.close(done));
    return free;
  }

  beforeAll(async () => {
    port = await freePort();
    server = spawn('storescp', ['-od', folder, '+B', '-pdu', '4096', '+xa', String(port)], { stdio: 'ignore' });
    for (let trial = 0; trial < 100; trial += 1) {
      if ((await run('echoscu', ['127.0.0.1', String(port)])).code === 0) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('storescp does not listen');
  });
  afterAll(() => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  test('storescp to an echo', async () => {
    const echo = { CommandField: 0x30, MessageID: 7, CommandDataSetType: 0x0101, AffectedSOPClassUID: VERIFICATION };
    const { answers, ended } = await ask(port, request(), ({ peerMax }) => [commandPdus(1, echo, peerMax)]);
    expect(answers).toEqual([
      expect.objectContaining({ CommandField: 0x8030, MessageIDBeingRespondedTo: 7, Status: 0, CommandDataSetType: 0x0101 }),
    ]);
    expect(ended).toBe('released');
  });

  test('storescp keeps what it is sent in several runs under its own maximum, byte for byte', async () => {
    const uid = '1.2.840.10008.1.2.4.90';
    const bytes = dataset(90, fragments(), explicit);
    const store = {
      CommandField: 1,
      MessageID: 1,
      Priority: 0,
      CommandDataSetType: 1,
      AffectedSOPClassUID: SC,
      AffectedSOPInstanceUID: '1.2.3.90',
    };
    const contexts = [{ id: 5, abstractSyntax: SC, transferSyntaxes: [uid] }];
    const { answers } = await ask(port, request({ contexts }), ({ peerMax, accepted }) => {
      expect([peerMax, accepted.get(5)]).toEqual([4096, uid]);
      const first = datasetPdus(5, { bytes: bytes.subarray(0, 50_002), endsHere: false }, peerMax);
      const second = datasetPdus(5, { bytes: bytes.subarray(50_002), endsHere: true }, peerMax);
      return [[...commandPdus(5, store, peerMax), ...[...first].flat(), ...[...second].flat()]];
    });
    expect(answers).toEqual([expect.objectContaining({ CommandField: 0x8001, Status: 0 })]);
    const [file = ''] = readdirSync(folder);
    // +B: bit preserving, what came is behind the file meta information.
    expect(readFileSync(join(folder, file)).subarray(-bytes.length).equals(bytes)).toBe(true);
  });

  test('storescp refuses a context, and says so', async () => {
    const contexts = [{ id: 1, abstractSyntax: '1.2.3.4.5', transferSyntaxes: ['1.2.840.10008.1.2'] }];
    const { ended } = await ask(port, request({ contexts }), ({ accepted }) => {
      expect(accepted.size).toBe(0);
      return [];
    });
    expect(ended).toBe('released');
  });
});
