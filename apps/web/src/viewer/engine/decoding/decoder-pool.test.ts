import type { DecodedFrame, EncodedFrame } from '@negatoscope/dicom';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DecoderPool } from './decoder-pool.ts';

class FakeWorker extends EventTarget {
  readonly jobs: unknown[] = [];
  isTerminated = false;
  constructor() {
    super();
    made.push(this);
  }
  postMessage(job: unknown): void {
    this.jobs.push(job);
  }
  terminate(): void {
    this.isTerminated = true;
  }
  answer(frame: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: { kind: 'decoded', frame } }));
  }
}

const made: FakeWorker[] = [];
const FRAME = { rows: 1, columns: 1, bytes: new Uint8Array(0) } as EncodedFrame; // Nothing here looks into it.
const DECODED = { rows: 1 } as DecodedFrame;

beforeEach(() => {
  made.length = 0;
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('window', {});
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
});
afterEach(() => vi.unstubAllGlobals());

const decode = (pool: DecoderPool): Promise<DecodedFrame> => pool.decode(FRAME, () => true, new AbortController().signal);

test('a worker that was started ahead decodes the first frame', async () => {
  const pool = new DecoderPool();
  pool.warm('HTJ2KDecoder');
  const decoding = decode(pool);
  expect(made.map(({ jobs }) => jobs)).toEqual([[{ warm: 'HTJ2KDecoder' }, { frame: FRAME }]]);
  made[0]?.answer(DECODED);
  expect(await decoding).toBe(DECODED);
});

test('one whose file did not come while nobody waited for it is not waited for: another takes its place', async () => {
  const pool = new DecoderPool();
  pool.warm('HTJ2KDecoder');
  made[0]?.dispatchEvent(new Event('error'));
  const decoding = decode(pool);
  expect(made[0]?.jobs).toEqual([{ warm: 'HTJ2KDecoder' }]);
  made[1]?.answer(DECODED);
  expect(await decoding).toBe(DECODED);
});

test('one that ends over a frame costs that frame alone', async () => {
  const pool = new DecoderPool();
  const lost = decode(pool);
  made[0]?.dispatchEvent(new Event('error'));
  await expect(lost).rejects.toMatchObject({ code: 'UNDECODABLE' });
  expect(made[0]?.isTerminated).toBe(true);
  const next = decode(pool);
  made[1]?.answer(DECODED);
  expect(await next).toBe(DECODED);
});

test('one that was started before the application was here is taken, once', () => {
  const early = new FakeWorker();
  vi.stubGlobal('window', { __negatoscopeEarlyDecoder: early });
  void decode(new DecoderPool());
  void decode(new DecoderPool());
  expect(made.map(({ jobs }) => jobs.length)).toEqual([1, 1]);
});

test('a frame that is stored as it is shown takes no worker, and has its pixels for itself', async () => {
  const stored = Uint8Array.of(9, 9, 1, 2, 3, 4, 0);
  const plain: EncodedFrame = {
    ...{ rows: 2, columns: 1, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 12, highBit: 11, pixelRepresentation: 0 },
    ...{ photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0, isFloat: false },
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    bytes: stored.subarray(2),
  };
  const pool = new DecoderPool();
  const signal = new AbortController().signal;
  const { pixels } = await pool.decode(plain, () => true, signal);
  expect([made.length, [...pixels], pixels.byteOffset, pixels.buffer.byteLength]).toEqual([0, [1, 2, 3, 4], 0, 4]);
  const cut = { ...plain, bytes: stored.subarray(4) };
  await expect(pool.decode(cut, () => true, signal)).rejects.toMatchObject({ code: 'TRUNCATED' });
  await expect(pool.decode({ ...plain, rows: 0 }, () => true, signal)).rejects.toMatchObject({ code: 'UNDECODABLE' });
  await expect(pool.decode(plain, () => true, AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
});
