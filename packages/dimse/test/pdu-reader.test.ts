import { describe, expect, test } from 'vitest';
import { PduReader } from '../src/pdu/pdu-reader.ts';
import type { PduEvent } from '../src/pdu/types.ts';
import {
  ABORT,
  ASSOCIATE_AC,
  ASSOCIATE_RJ,
  ASSOCIATE_RQ,
  ascii,
  concat,
  cut,
  data,
  pdu,
  pdv,
  RELEASE_RP,
  RELEASE_RQ,
  seeded,
  u32,
} from './bytes.ts';

const reader = (maxDataBytes = 4096, maxAssociateBytes?: number) =>
  new PduReader({ maxDataBytes, ...(maxAssociateBytes === undefined ? {} : { maxAssociateBytes }) });

function readAll(of: PduReader, chunks: Iterable<Uint8Array>): PduEvent[] {
  const events: PduEvent[] = [];
  for (const chunk of chunks) events.push(...of.read(chunk));
  return events;
}

/** Runs of the same value put together, so that how the stream was cut does not matter. */
function values(events: readonly PduEvent[]): string[] {
  const told: string[] = [];
  let open: { head: string; bytes: Uint8Array } | undefined;
  for (const event of events) {
    if (event.kind !== 'data') {
      told.push(event.kind);
      continue;
    }
    const { contextId, isCommand, isLast, bytes } = event.piece;
    open ??= { head: `${contextId} ${isCommand ? 'command' : 'dataset'}`, bytes: new Uint8Array(0) };
    open.bytes = concat(open.bytes, bytes);
    if (!isLast) continue;
    told.push(`${open.head} ${Buffer.from(open.bytes).toString('latin1')}`);
    open = undefined;
  }
  return told;
}

const STREAM = concat(
  ASSOCIATE_RQ,
  ASSOCIATE_AC,
  ASSOCIATE_RJ,
  data(pdv(1, 3, ascii('ask')), pdv(1, 0, ascii('first '))),
  data(pdv(1, 0, ascii('second '))),
  data(pdv(1, 2, ascii('third'))),
  data(pdv(3, 2, new Uint8Array(0))),
  RELEASE_RQ,
  RELEASE_RP,
  ABORT,
);
const TOLD = [
  'associate-rq',
  'associate-ac',
  'associate-rj',
  '1 command ask',
  '1 dataset first second third',
  '3 dataset ',
  'release-rq',
  'release-rp',
  'abort',
];

describe('PDUs from a stream (PS3.8 9.3)', () => {
  test.each([1, 2, 3, 5, 6, 7, 11, 64, 100_000])('are found in runs of %i bytes', (step) => {
    expect(
      values(
        readAll(
          reader(),
          cut(STREAM, () => step),
        ),
      ),
    ).toEqual(TOLD);
  });

  test('are found however the stream is cut', () => {
    const random = seeded(8);
    for (let trial = 0; trial < 200; trial += 1) {
      const chunks = cut(STREAM, () => Math.floor(random() ** 3 * 300));
      expect(values(readAll(reader(), chunks))).toEqual(TOLD);
    }
  });

  test('reasons and sources are told', () => {
    const bytes = concat(pdu(3, Uint8Array.of(0, 2, 3, 1)), pdu(7, Uint8Array.of(0, 0, 2, 6)));
    expect(readAll(reader(), [bytes])).toEqual([
      { kind: 'associate-rj', reject: { result: 2, source: 3, reason: 1 } },
      { kind: 'abort', abort: { source: 2, reason: 6 } },
    ]);
  });
});

describe('P-DATA-TF is handed on as it comes', () => {
  test('in views of what was read, without a copy', () => {
    const bytes = data(pdv(1, 2, ascii('0123456789')));
    const [event] = readAll(reader(), [bytes]);
    if (event?.kind !== 'data') throw new Error('no data');
    expect(event.piece.bytes.buffer).toBe(bytes.buffer);
  });

  test('before the value is whole; only its last run may be the last', () => {
    const bytes = data(pdv(1, 2, ascii('0123456789')));
    const of = reader();
    expect(readAll(of, [bytes.slice(0, 15)])).toEqual([
      { kind: 'data', piece: { contextId: 1, isCommand: false, isLast: false, bytes: ascii('012') } },
    ]);
    expect(readAll(of, [bytes.slice(15)])).toEqual([
      { kind: 'data', piece: { contextId: 1, isCommand: false, isLast: true, bytes: ascii('3456789') } },
    ]);
  });

  test('a value that is empty is told (PS3.8 9.3.5)', () => {
    expect(readAll(reader(), [data(pdv(5, 3, new Uint8Array(0)))])).toEqual([
      { kind: 'data', piece: { contextId: 5, isCommand: true, isLast: true, bytes: new Uint8Array(0) } },
    ]);
  });

  test('bits of the control header beside the two are not looked at', () => {
    const [event] = readAll(reader(), [data(pdv(1, 0xff, ascii('x')))]);
    expect(event).toMatchObject({ piece: { isCommand: true, isLast: true } });
  });

  test('as long as was agreed and no longer', () => {
    const longest = data(pdv(1, 2, new Uint8Array(4090)));
    expect(readAll(reader(4096), [longest])).toHaveLength(1);
    expect(() => readAll(reader(4095), [longest])).toThrowError(
      expect.objectContaining({ code: 'PDU_TOO_LONG', details: { type: 4, length: 4096 } }),
    );
  });
});

describe('lengths lie', () => {
  test.each([
    ['a P-DATA-TF of 4 GiB', pdu(4, new Uint8Array(0), 0xffff_ffff), 'PDU_TOO_LONG'],
    ['an A-ASSOCIATE-RQ of 4 GiB', pdu(1, new Uint8Array(0), 0xffff_ffff), 'PDU_TOO_LONG'],
    ['an A-ASSOCIATE-AC of 4 GiB', pdu(2, new Uint8Array(0), 0xffff_fffe), 'PDU_TOO_LONG'],
    ['an A-ASSOCIATE-RQ of nothing', pdu(1, new Uint8Array(0)), 'PDU_LENGTH'],
    ['an A-ASSOCIATE-RJ of five bytes', pdu(3, new Uint8Array(5)), 'PDU_LENGTH'],
    ['an A-RELEASE-RQ of nothing', pdu(5, new Uint8Array(0)), 'PDU_LENGTH'],
    ['an A-RELEASE-RP of 4 GiB', pdu(6, new Uint8Array(0), 0xffff_ffff), 'PDU_LENGTH'],
    ['an A-ABORT of three bytes', pdu(7, new Uint8Array(3)), 'PDU_LENGTH'],
    ['PDU type 0', pdu(0, new Uint8Array(4)), 'PDU_TYPE'],
    ['PDU type 8', pdu(8, new Uint8Array(4)), 'PDU_TYPE'],
    ['a TLS greeting', concat(Uint8Array.of(0x16, 3, 1, 2, 0), new Uint8Array(64)), 'PDU_TYPE'],
    ['a P-DATA-TF without a value', pdu(4, new Uint8Array(0)), 'NO_PDV'],
    ['a P-DATA-TF without room for a value', pdu(4, new Uint8Array(5)), 'NO_PDV'],
    ['a value of 4 GiB', data(pdv(1, 3, ascii('x'), 0xffff_ffff)), 'PDV_LENGTH'],
    ['a value without a header', data(pdv(1, 3, ascii('abcd'), 1)), 'PDV_LENGTH'],
    ['a value one byte longer than its PDU', data(pdv(1, 3, ascii('abc'), 6)), 'PDV_LENGTH'],
    ['bytes behind the last value', concat(data(pdv(1, 3, ascii('abc')), ascii('tail')), ABORT), 'PDV_LENGTH'],
  ])('%s is an error', (_what, bytes, code) => {
    expect(() => readAll(reader(), [bytes])).toThrowError(expect.objectContaining({ name: 'ProtocolError', code }));
    // Byte by byte as well: nothing waits for what was announced.
    expect(() =>
      readAll(
        reader(),
        cut(bytes, () => 1),
      ),
    ).toThrowError(expect.objectContaining({ code }));
  });

  test('an A-ASSOCIATE-RQ longer than the limit is refused by its head alone', () => {
    expect(() => readAll(reader(4096, 1000), [ASSOCIATE_RQ.subarray(0, 2), u32(1001)])).toThrowError(
      expect.objectContaining({ code: 'PDU_TOO_LONG' }),
    );
    expect(readAll(reader(4096, ASSOCIATE_RQ.length - 6), [ASSOCIATE_RQ])).toHaveLength(1);
  });

  test('what is announced takes no memory before it comes: ten thousand heads of the longest request', () => {
    const before = process.memoryUsage();
    const readers = Array.from({ length: 10_000 }, () => reader());
    for (const of of readers) expect(readAll(of, [pdu(1, new Uint8Array(1), 262_144)])).toEqual([]);
    const grown = process.memoryUsage();
    const mib = (grown.arrayBuffers - before.arrayBuffers) / 2 ** 20;
    expect(mib).toBeLessThan(80);
    expect(readers).toHaveLength(10_000);
  });

  test('after an error all that comes is swallowed', () => {
    const of = reader();
    expect(() => readAll(of, [pdu(9, new Uint8Array(4))])).toThrow();
    expect(readAll(of, [STREAM, STREAM])).toEqual([]);
  });

  test('what stands before an error in the same run is told', () => {
    const told: string[] = [];
    expect(() => {
      for (const event of reader().read(concat(RELEASE_RQ, RELEASE_RP, pdu(9, new Uint8Array(4))))) told.push(event.kind);
    }).toThrow();
    expect(told).toEqual(['release-rq', 'release-rp']);
  });
});
