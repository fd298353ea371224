import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeBareDataset } from '@negatoscope/dicom';
import { commandPdus, datasetPdus } from '@negatoscope/dimse';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/kernel/failure.ts';
import {
  CT_STORAGE,
  closeRawPeers,
  createDimseFixture,
  type DimseFixture,
  datasetOf,
  EXPLICIT,
  RawPeer,
  requestOf,
} from './support.ts';

/** As DCMTK 3.6.7 calls itself. */
const DCMTK = '1.2.276.0.7230010.3.0.3.6.7';
const PUSH = '1.2.840.10008.1.20.1';

let fixture: DimseFixture;
let failure: Error | undefined;
beforeAll(async () => {
  fixture = await createDimseFixture({
    listen: { stalledMs: 700 },
    keeper: (keeper) => ({ keep: async (one) => (failure === undefined ? keeper.keep(one) : Promise.reject(failure)) }),
  });
  await fixture.addNode({ aeTitle: 'SCANNER' });
});
afterAll(() => fixture.close());
afterEach(() => {
  failure = undefined;
  closeRawPeers();
});

const [file] = [...ctVolume({ seed: 'pauses', slices: 1, rows: 64, columns: 64 })];
const sopInstanceUid = file?.sopInstanceUid ?? '';
const dataset = datasetOf(file?.bytes ?? new Uint8Array(0));
const store = (uid = sopInstanceUid) => ({
  ...{ CommandField: 1, MessageID: 7, CommandDataSetType: 1 },
  ...{ AffectedSOPClassUID: CT_STORAGE, AffectedSOPInstanceUID: uid },
});

async function associated(implementationClassUid: string, others: [string, string][] = []): Promise<RawPeer> {
  const peer = new RawPeer(fixture.port);
  const request = requestOf('SCANNER', [[CT_STORAGE, EXPLICIT], ...others]);
  expect(await peer.associate({ ...request, user: { ...request.user, implementationClassUid } })).toBeTypeOf('object');
  return peer;
}

/** Sends all but the last bytes and waits for what comes meanwhile. */
async function paused(peer: RawPeer, ms: number): Promise<{ came: number; sendRest: () => void }> {
  let came = 0;
  peer.socket.on('data', (bytes: Buffer) => {
    came += bytes.length;
  });
  const pdus = Buffer.concat([
    ...commandPdus(1, store(), 16_384),
    ...[...datasetPdus(1, { bytes: dataset, endsHere: true }, 16_384)].flat(),
  ]);
  peer.socket.write(pdus.subarray(0, -100));
  await sleep(ms);
  return { came, sendRest: () => void peer.socket.write(pdus.subarray(-100)) };
}

describe('a dataset that pauses before its end', () => {
  test('of a sender that is built on DCMTK is acknowledged by a byte of the answer, which comes whole behind it (PS3.8 9.3.5)', async () => {
    const peer = await associated(DCMTK);
    for (let round = 0; round < 3; round += 1) {
      const { came, sendRest } = await paused(peer, 100);
      expect([round, came > 0 && came <= 6]).toEqual([round, true]);
      sendRest();
      expect(await peer.response()).toMatchObject({
        Status: 0,
        MessageIDBeingRespondedTo: 7,
        AffectedSOPInstanceUID: sopInstanceUid,
      });
    }
    expect(await peer.release()).toBe('released');
  });

  test('of any other sender is answered when it has ended, and not before: it may read before it goes on', async () => {
    const peer = await associated('1.2.826.0.1.3680043.9.3811.1.0');
    const { came, sendRest } = await paused(peer, 100);
    expect(came).toBe(0);
    sendRest();
    expect(await peer.response()).toMatchObject({ Status: 0 });
  });

  test('is refused in words though its answer was begun: the command set comes in two pieces (PS3.8 E.1)', async () => {
    failure = new Failure('STORAGE_FULL');
    const peer = await associated(DCMTK);
    const { came, sendRest } = await paused(peer, 100);
    expect(came).toBeGreaterThan(0);
    sendRest();
    const response = await peer.response();
    expect(response).toMatchObject({ Status: 0xa700, AffectedSOPInstanceUID: sopInstanceUid, ErrorComment: expect.any(String) });
    failure = undefined;
    peer.command(1, store());
    peer.dataset(1, dataset);
    expect(await peer.response()).toMatchObject({ Status: 0 });
  });

  test('and does not come to its end is said not to be stored, then aborted (PS3.7 9.1.1, PS3.8 9.3.8)', async () => {
    const peer = await associated(DCMTK);
    const { came } = await paused(peer, 100);
    expect(came).toBeGreaterThan(0);
    expect(await peer.response()).toMatchObject({ Status: 0x0110, AffectedSOPInstanceUID: sopInstanceUid });
    expect(await peer.next()).toMatchObject({ kind: 'aborted' });
  });

  test('and goes on as what is no PDU is said not to be stored, then aborted', async () => {
    const peer = await associated(DCMTK);
    peer.socket.write(Buffer.concat(commandPdus(1, store(), 16_384)));
    const [pdu = []] = datasetPdus(1, { bytes: dataset.subarray(0, 1000), endsHere: false }, 16_384);
    peer.socket.write(Buffer.concat(pdu));
    await once(peer.socket, 'data');
    peer.socket.write(Buffer.from('what is this'));
    expect(await peer.response()).toMatchObject({ Status: 0x0110 });
    expect(await peer.next()).toMatchObject({ kind: 'aborted' });
  });

  test('while a report of storage commitment is to come goes on behind it: nothing of its answer stands in the way (PS3.4 J.3.3)', async () => {
    const peer = await associated(DCMTK, [[PUSH, EXPLICIT]]);
    const action = { CommandField: 0x0130, MessageID: 5, CommandDataSetType: 1, ActionTypeID: 1 };
    peer.command(3, { ...action, RequestedSOPClassUID: PUSH, RequestedSOPInstanceUID: '1.2.840.10008.1.20.1.1' });
    const item = { '00081150': { vr: 'UI', Value: [CT_STORAGE] }, '00081155': { vr: 'UI', Value: ['2.25.404'] } };
    const asked = { '00081195': { vr: 'UI', Value: ['2.25.133'] }, '00081199': { vr: 'SQ', Value: [item] } };
    peer.dataset(3, writeBareDataset(asked, { isExplicit: true }));
    expect(await peer.response()).toMatchObject({ CommandField: 0x8130, Status: 0 });
    const { sendRest } = await paused(peer, 100);
    expect(await peer.message()).toMatchObject({ command: { CommandField: 0x0100, EventTypeID: 2 } });
    sendRest();
    expect(await peer.response()).toMatchObject({ CommandField: 0x8001, Status: 0, AffectedSOPInstanceUID: sopInstanceUid });
  });
});
