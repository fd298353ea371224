import { describe, expect, test } from 'vitest';
import type { AgreedContext } from '../src/association/negotiate.ts';
import { writeCommandSet } from '../src/message/command-set.ts';
import type { CommandSet } from '../src/message/fields.ts';
import { type MessagePart, MessageReader } from '../src/message/message-reader.ts';
import { commandPdus, datasetPdus } from '../src/message/message-writer.ts';
import { PduReader } from '../src/pdu/pdu-reader.ts';
import { ascii, concat, cut, data, pdv, seeded } from './bytes.ts';

const context = (id: number): AgreedContext => ({
  id,
  abstractSyntax: '1.2.840.10008.5.1.4.1.1.2',
  transferSyntax: '1.2.840.10008.1.2.1',
  requestorIsScu: true,
  requestorIsScp: false,
});
const CONTEXTS = new Map([1, 3].map((id) => [id, context(id)]));
const STORE: CommandSet = {
  CommandField: 1,
  MessageID: 5,
  CommandDataSetType: 1,
  AffectedSOPClassUID: '1.2',
  AffectedSOPInstanceUID: '1.3',
};
const ECHO: CommandSet = {
  CommandField: 0x30,
  MessageID: 6,
  CommandDataSetType: 0x0101,
  AffectedSOPClassUID: '1.2.840.10008.1.1',
};

/** Parts that a stream of P-DATA-TF gives; runs of a dataset put together. */
function partsOf(chunks: Iterable<Uint8Array>, messages = new MessageReader(CONTEXTS)): (CommandSet | string)[] {
  const pdus = new PduReader({ maxDataBytes: 1_000_000 });
  const told: (CommandSet | string)[] = [];
  let dataset = '';
  const take = (part: MessagePart | undefined): void => {
    if (part?.kind === 'command') told.push(part.command);
    if (part?.kind !== 'dataset') return;
    dataset += Buffer.from(part.bytes).toString('latin1');
    if (part.isLast) told.push(dataset);
    if (part.isLast) dataset = '';
  };
  for (const chunk of chunks) for (const event of pdus.read(chunk)) if (event.kind === 'data') take(messages.take(event.piece));
  return told;
}

const CONTENT = Array.from({ length: 500 }, (_, index) => String.fromCharCode(32 + (index % 90))).join('');
const written = (max: number): Uint8Array =>
  concat(
    ...commandPdus(1, STORE, max),
    ...[...datasetPdus(1, { bytes: ascii(CONTENT.slice(0, 200)), endsHere: false }, max)].flat(),
    ...[...datasetPdus(1, { bytes: ascii(CONTENT.slice(200)), endsHere: true }, max)].flat(),
    ...commandPdus(3, ECHO, max),
  );

describe('messages in presentation data values (PS3.7 6.3, PS3.8 annex E)', () => {
  test.each([0, 8, 9, 13, 16, 64, 100, 4096, 16_384, 0xffff_ffff])('come out as they went in under a maximum of %i', (max) => {
    expect(partsOf([written(max)])).toEqual([STORE, CONTENT, ECHO]);
  });

  test('however they are cut on the way', () => {
    const random = seeded(3);
    for (let trial = 0; trial < 60; trial += 1) {
      const max = 8 + Math.floor(random() * 120);
      expect(partsOf(cut(written(max), () => Math.floor(random() ** 2 * 90)))).toEqual([STORE, CONTENT, ECHO]);
    }
  });

  test.each([8, 9, 31, 4096])('no P-DATA-TF is longer than the maximum of %i, and none but the last has an odd value', (max) => {
    const pdus = [...datasetPdus(1, { bytes: new Uint8Array(9001), endsHere: true }, max)];
    expect(pdus.reduce((sum, [, payload]) => sum + (payload?.length ?? 0), 0)).toBe(9001);
    for (const [header, payload] of pdus) expect((header?.length ?? 0) - 6 + (payload?.length ?? 0)).toBeLessThanOrEqual(max);
    for (const [, payload] of pdus.slice(0, -1)) expect((payload?.length ?? 1) % 2).toBe(0);
  });

  test('no limit is no reason to send everything at once', () => {
    expect([...datasetPdus(1, { bytes: new Uint8Array(1_000_000), endsHere: true }, 0)].length).toBeGreaterThan(7);
  });

  test('only the last value of the run that ends it is the last; an empty run can end a dataset', () => {
    const lasts = (endsHere: boolean, length: number): boolean[] =>
      [...datasetPdus(1, { bytes: new Uint8Array(length), endsHere }, 16)].map(([header]) => ((header?.[11] ?? 0) & 2) === 2);
    expect(lasts(true, 25)).toEqual([false, false, true]);
    expect(lasts(true, 20)).toEqual([false, true]);
    expect(lasts(false, 24)).toEqual([false, false, false]);
    expect(() => lasts(false, 25)).toThrowError(expect.objectContaining({ code: 'VALUE' }));
    expect(lasts(true, 0)).toEqual([true]);
  });

  test('the bytes of a dataset are not copied, neither way', () => {
    const bytes = ascii(CONTENT);
    for (const [, payload] of datasetPdus(1, { bytes, endsHere: true }, 64)) expect(payload?.buffer).toBe(bytes.buffer);
    const reader = new MessageReader(CONTEXTS);
    reader.take({ contextId: 1, isCommand: true, isLast: true, bytes: writeCommandSet(STORE) });
    const part = reader.take({ contextId: 1, isCommand: false, isLast: false, bytes });
    expect(part).toEqual({ kind: 'dataset', bytes, isLast: false });
    expect(part?.kind === 'dataset' && part.bytes.buffer === bytes.buffer).toBe(true);
  });

  test('a command set outlives the memory that it was read from', () => {
    const [first, second] = [writeCommandSet(STORE).subarray(0, 40).slice(), writeCommandSet(STORE).subarray(40)];
    const reader = new MessageReader(CONTEXTS);
    reader.take({ contextId: 1, isCommand: true, isLast: false, bytes: first });
    first.fill(0xff);
    expect(reader.take({ contextId: 1, isCommand: true, isLast: true, bytes: second })).toMatchObject({ command: STORE });
  });

  test('several values in one P-DATA-TF, and a command that ends with an empty one (PS3.8 9.3.5)', () => {
    const command = writeCommandSet(STORE);
    const bytes = data(pdv(1, 1, command), pdv(1, 3, new Uint8Array(0)), pdv(1, 0, ascii('ab')), pdv(1, 2, ascii('cd')));
    expect(partsOf([bytes])).toEqual([STORE, 'abcd']);
  });

  test('is at rest between two messages only', () => {
    const reader = new MessageReader(CONTEXTS);
    expect(reader.isAtRest).toBe(true);
    reader.take({ contextId: 1, isCommand: true, isLast: true, bytes: writeCommandSet(STORE) });
    expect(reader.isAtRest).toBe(false);
    reader.take({ contextId: 1, isCommand: false, isLast: true, bytes: ascii('x') });
    expect(reader.isAtRest).toBe(true);
    reader.take({ contextId: 1, isCommand: true, isLast: true, bytes: writeCommandSet(ECHO) });
    expect(reader.isAtRest).toBe(true);
  });
});

describe('what is no message', () => {
  const store = pdv(1, 3, writeCommandSet(STORE));
  test.each([
    ['a context that was not accepted', data(pdv(5, 3, writeCommandSet(ECHO))), 'CONTEXT_NOT_ACCEPTED'],
    ['a dataset without a command', data(pdv(1, 2, ascii('x'))), 'MESSAGE_ORDER'],
    ['a dataset behind a command that has none', data(pdv(1, 3, writeCommandSet(ECHO)), pdv(1, 2, ascii('x'))), 'MESSAGE_ORDER'],
    ['a command where a dataset is to come', data(store, pdv(1, 3, writeCommandSet(ECHO))), 'MESSAGE_ORDER'],
    ['a command within a dataset', data(store, pdv(1, 0, ascii('x')), pdv(1, 3, writeCommandSet(ECHO))), 'MESSAGE_ORDER'],
    ['a dataset in another context than its command', data(store, pdv(3, 2, ascii('x'))), 'MESSAGE_ORDER'],
    ['a dataset within a command', data(pdv(1, 1, writeCommandSet(STORE)), pdv(1, 2, ascii('x'))), 'MESSAGE_ORDER'],
    ['a command that changes its context', data(pdv(1, 1, ascii('x')), pdv(3, 3, ascii('y'))), 'MESSAGE_ORDER'],
    [
      'a command that does not end',
      data(...Array.from({ length: 40 }, () => pdv(1, 1, new Uint8Array(512)))),
      'COMMAND_TOO_LONG',
    ],
    ['a command that is none', data(pdv(1, 3, ascii('not a command set'))), 'COMMAND_SET'],
    ['an empty command', data(pdv(1, 3, new Uint8Array(0))), 'COMMAND_SET'],
    ['a command without a command field', data(pdv(1, 3, writeCommandSet({ MessageID: 1 }))), 'COMMAND_SET'],
  ])('%s is an error', (_what, bytes, code) => {
    expect(() => partsOf([bytes])).toThrowError(expect.objectContaining({ name: 'ProtocolError', code }));
  });
});
