import { parsePart10 } from '@negatoscope/dicom';
import { describe, expect, test, vi } from 'vitest';
import { MemoryScratch } from '../../../../test/support/memory-objects.ts';
import { isLong, itInLongRun } from '../../../../test/support/sample.ts';
import type { HeavyWork, PackedRequest } from '../heavy.ts';
import { BulkParts } from './bulk-parts.ts';
import { type Document, makeFiles } from './dataset-files.ts';
import type { RelatedPart } from './multipart-related.ts';
import { datasetsAsFiles, type Intake } from './store-datasets.ts';

const JSON_TYPE = 'application/dicom+json';
const XML_TYPE = 'application/dicom+xml';
const CHUNK = 65_536;

function partOf(type: string, body: Buffer, location?: string): RelatedPart {
  const headers = new Map([['content-type', type], ...(location === undefined ? [] : [['content-location', location] as const])]);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; at += CHUNK) yield body.subarray(at, at + CHUNK);
  }
  return { headers, body: chunks() };
}
const json = (text: string): RelatedPart => partOf(JSON_TYPE, Buffer.from(text));
const octets = (location: string, body: Buffer): RelatedPart => partOf('application/octet-stream', body, location);

/** The thread's work, done here, and what was handed to it. */
function thread() {
  const requests: PackedRequest[] = [];
  let asked = 0;
  const store: HeavyWork['store'] = async (request, read) => {
    requests.push(request);
    const documents: Document[] = [];
    let at = 0;
    for (const [index, form] of request.forms.split(' ').entries()) {
      const length = request.lengths[index] ?? 0;
      documents.push({ form: form === 'json' ? 'json' : 'xml', bytes: await read(at, length) });
      at += length;
      asked += 1;
    }
    return makeFiles(documents, BulkParts.unpacked(request.bulk));
  };
  return { requests, asked: () => asked, heavy: { store } as HeavyWork }; // Nothing else is called.
}

interface Stored {
  readonly files: Buffer[];
  readonly intake: Intake;
}

async function stored(heavy: HeavyWork, parts: Iterable<RelatedPart>): Promise<Stored> {
  const intake: Intake = { refused: [], coerced: new Set() };
  async function* all(): AsyncGenerator<RelatedPart> {
    yield* parts;
  }
  const files: Buffer[] = [];
  for await (const file of datasetsAsFiles({ scratch: new MemoryScratch(), heavy }, all(), intake)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of file.stream) pieces.push(piece);
    files.push(Buffer.concat(pieces));
  }
  return { files, intake };
}

const many = (length: number, one: (at: number) => string): string => Array.from({ length }, (_, at) => one(at)).join();
const tag = (at: number): string => (0x00111000 + at).toString(16).padStart(8, '0');
const uid = (value: string): string => `{"vr":"UI","Value":["${value}"]}`;
const named = (at: number, more = ''): string =>
  `{"00080016":${uid('1.2.840.10008.5.1.4.1.1.7')},"00080018":${uid(`2.25.${at + 1}`)},"0020000D":${uid('2.25.2')},"0020000E":${uid('2.25.3')}${more}}`;

describe('metadata with bulk data', () => {
  const tooMuch: [what: string, parts: () => RelatedPart[]][] = [
    ['a million elements', () => [json(`[{${many(1_000_000, (at) => `"${tag(at)}":{}`)}}]`)]],
    ['half a million elements side by side', () => [json(`[{${many(500_000, (at) => `"${tag(at)}":{"vr":"LO"}`)}}]`)]],
    ['2.5 million empty datasets', () => [json(`[${'{},'.repeat(2_500_000)}{}]`)]],
    ['10,001 empty datasets in two documents', () => [json(`[${'{},'.repeat(5000)}{}]`), json(`[${'{},'.repeat(5000)}{}]`)]],
    ['2.2 million items in XML', () => [partOf(XML_TYPE, Buffer.from(`<NativeDicomModel>${'<Item/>'.repeat(2_200_000)}`))]],
    [
      '50,000 parts of bulk data',
      () => [json(`[${named(1)}]`), ...Array.from({ length: 50_000 }, (_, at) => octets(`${at}`, Buffer.alloc(2)))],
    ],
    ['50,000 documents', () => Array.from({ length: 50_000 }, () => json('[]'))],
  ];
  // The reading of a million of anything takes a second.
  const tried = tooMuch.filter(([what]) => isLong || !/million/.test(what) || what.endsWith('XML'));
  test.each(tried)('of %s are 413 before anything is made of them', { timeout: 60_000 }, async (_what, parts) => {
    const { heavy, requests } = thread();
    await expect(stored(heavy, parts())).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(requests).toEqual([]);
  });

  itInLongRun(
    'of 300,000 references to one value are 413, and so are those to a value of many parts',
    { timeout: 60_000 },
    async () => {
      const references = many(300_000, (at) => `"${tag(at)}":{"vr":"OB","BulkDataURI":"a"}`);
      const items = many(1200, () => `{${many(250, (at) => `"${tag(at)}":{"vr":"OB","BulkDataURI":"a"}`)}}`);
      const frames = `[${many(21, (at) => named(at, ',"7FE00010":{"vr":"OB","BulkDataURI":"a"}'))}]`;
      const value = octets('a', Buffer.alloc(10));
      for (const parts of [
        [json(`[${named(1, `,${references}`)}]`), value],
        [json(`[${named(1, `,"00089215":{"vr":"SQ","Value":[${items}]}`)}]`), value],
        [json(frames), ...Array.from({ length: 2000 }, () => octets('a', Buffer.alloc(2)))],
      ])
        await expect(stored(thread().heavy, parts)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    },
  );

  test('that come in one piece are counted in turns', { timeout: 60_000 }, async () => {
    let turns = 0;
    let isOpen = true;
    const turn = (): void => {
      turns += 1;
      if (isOpen) setImmediate(turn);
    };
    setImmediate(turn);
    const text = Buffer.from(`[{"00111010":{"vr":"DS","Value":[${'1,'.repeat(7_000_000)}1]}}]`);
    // A clock that goes on by itself: a quick machine is done within one turn.
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      clock += 5;
      return clock;
    });
    async function* piece(): AsyncGenerator<Uint8Array> {
      yield text;
    }
    const part = { headers: new Map([['content-type', JSON_TYPE]]), body: piece() };
    await expect(stored(thread().heavy, [part])).rejects.toMatchObject({ code: 'TOO_LARGE' });
    isOpen = false;
    vi.restoreAllMocks();
    expect(turns).toBeGreaterThan(1);
  });

  test('go to the thread when they are many, however short, and what crosses is few arrays', async () => {
    const { heavy, requests, asked } = thread();
    const { intake, files } = await stored(heavy, [json(`[${'{},'.repeat(8999)}{}]`)]);
    expect([requests.length, asked(), files.length, intake.refused.length]).toEqual([1, 1, 9000, 0]);
    const { forms, lengths, bulk } = requests[0] ?? {};
    expect([forms, lengths?.length, bulk?.places.length]).toEqual(['json', 1, 0]);
  });

  itInLongRun('make files of thousands of instances with a part each, in order, however they come', async () => {
    const count = 9000;
    const list = `[${many(count, (at) => (at % 1000 === 7 ? named(at, ',"00280010":{"vr":"US","Value":["x"]}') : named(at, `,"7FE00010":{"vr":"OB","BulkDataURI":"${at}"}`)))}]`;
    const bodies = () => Array.from({ length: count }, (_, at) => octets(`${at}`, Buffer.from([at & 255, at >> 8])));
    for (const parts of [
      [json(list), ...bodies()],
      [...bodies(), json(list)],
    ]) {
      const { heavy, requests } = thread();
      const { files, intake } = await stored(heavy, parts);
      expect([requests.length, files.length, intake.refused.length]).toEqual([1, count - 9, 9]);
      expect(intake.refused[0]).toEqual({
        outcome: 'rejected',
        reason: 'DATASET_VALUE',
        sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
        sopInstanceUid: '2.25.8',
      });
      for (const at of [0, 6, 7, 4321, files.length - 1]) {
        const parsed = parsePart10(files[at] ?? Buffer.alloc(0));
        const number = Number(String(parsed.json['00080018']?.Value?.[0]).slice(5)) - 1;
        const { offset = 0 } = parsed.pixelData ?? {};
        expect(number).toBe(at < 7 ? at : at + Math.floor((at - 7) / 999) + 1);
        expect([...(files[at] ?? Buffer.alloc(0)).subarray(offset, offset + 2)]).toEqual([number & 255, number >> 8]);
      }
    }
  });

  test('are made here when they are few, and tell which were changed', async () => {
    const { heavy, requests } = thread();
    const list = `[${named(1)},${named(2, ',"00280010":{"vr":"US","Value":["x"]}')},${named(3, ',"00080000":{"vr":"UL","Value":[1]}')}]`;
    const { files, intake } = await stored(heavy, [json(list), partOf(XML_TYPE, Buffer.from('<NativeDicomModel/>'))]);
    expect([requests.length, files.length, [...intake.coerced], intake.refused.length]).toEqual([0, 3, [1], 1]);
  });
});
