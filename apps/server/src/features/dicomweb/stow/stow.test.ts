import { describe, expect, test } from 'vitest';
import { nativeModel } from '../native-model.ts';
import type { StoredFile } from '../ports.ts';
import type { RelatedPart } from './multipart-related.ts';
import { partsAsFiles } from './parts-as-files.ts';
import { answerText, type StowAnswer, stowAnswer } from './stow.ts';

const BASE = 'https://example.org/dicom-web';
const file = (at: number): StoredFile => ({
  outcome: at % 10 === 1 ? 'rejected' : at % 10 === 2 ? 'conflict' : at % 10 === 3 ? 'duplicate' : 'stored',
  ...(at % 10 === 1 ? { reason: at % 20 === 1 ? 'STORAGE_FULL' : 'NOT_DICOM' } : {}),
  ...(at % 20 === 1 ? {} : { sopClassUid: '1.2', sopInstanceUid: `2.25.${at}` }),
  studyInstanceUid: '2.25.1',
  seriesInstanceUid: '2.25.2',
});

async function textOf(answer: StowAnswer, form: 'json' | 'xml'): Promise<string[]> {
  const found: string[] = [];
  for await (const piece of answerText(answer, form)) found.push(piece);
  return found;
}

const pieces = async (count: number, form: 'json' | 'xml'): Promise<string[]> =>
  textOf(
    await stowAnswer(
      Array.from({ length: count }, (_, at) => file(at)),
      BASE,
    ),
    form,
  );

describe('the answer of a store (PS3.18 10.5.3)', () => {
  test('of ten thousand instances is made in many pieces, between which others go on', async () => {
    let turns = 0;
    let isOpen = true;
    const turn = (): void => {
      turns += 1;
      if (isOpen) setImmediate(turn);
    };
    setImmediate(turn);
    const answer = await stowAnswer(
      Array.from({ length: 10_000 }, (_, at) => file(at)),
      BASE,
    );
    const before = turns;
    const found = await textOf(answer, 'json');
    isOpen = false;
    expect(before).toBeGreaterThan(20);
    expect(turns - before).toBeGreaterThanOrEqual(found.length - 1);
    expect(found.length).toBeGreaterThan(20);
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(256 * 1024);
    const json = JSON.parse(found.join(''));
    const lengths = ['00081198', '00081199', '0008119A'].map((sequence) => json[sequence].Value.length);
    expect(lengths).toEqual([500, 9000, 500]);
    expect(Object.keys(json)).toEqual(['00081190', '00081198', '00081199', '0008119A']);
  });

  test.each([0, 1, 2, 25, 401, 1000])('says the same in JSON and in XML: %i files', async (count) => {
    const json = JSON.parse((await pieces(count, 'json')).join(''));
    expect((await pieces(count, 'xml')).join('')).toBe(nativeModel(json));
  });

  test('of a few is one piece', async () => {
    expect(await pieces(50, 'json')).toHaveLength(1);
    expect((await stowAnswer([file(1)], BASE)).status).toBe(409);
    expect((await stowAnswer([file(1), file(4)], BASE)).status).toBe(202);
    expect((await stowAnswer([file(4), file(3)], BASE)).status).toBe(200);
  });
});

describe('the parts of a store', () => {
  async function* repeated(count: number, bytes: number, prefix = ''): AsyncGenerator<RelatedPart> {
    async function* body(): AsyncGenerator<Uint8Array> {
      if (bytes > 0) yield Buffer.alloc(bytes);
      yield Buffer.from(prefix);
    }
    for (let at = 0; at < count; at += 1) yield { headers: new Map(), body: body() };
  }
  async function taken(parts: AsyncIterable<RelatedPart>): Promise<{ files: number; refused: StoredFile[] }> {
    const refused: StoredFile[] = [];
    let files = 0;
    for await (const { stream } of partsAsFiles(parts, refused)) {
      files += 1;
      for await (const _bytes of stream);
    }
    return { files, refused };
  }

  test.each([0, 2, 131])('that are no files by their length, %i bytes, are taken up to a thousand', async (bytes) => {
    const rest = [{ outcome: 'rejected', reason: 'MALFORMED_MULTIPART' }];
    expect(await taken(repeated(99_000, bytes))).toEqual({ files: 1000, refused: rest });
    expect(await taken(repeated(1000, bytes))).toEqual({ files: 1000, refused: [] });
  });

  test('that have no prefix are taken up to ten thousand', async () => {
    const rest = [{ outcome: 'rejected', reason: 'MALFORMED_MULTIPART' }];
    expect(await taken(repeated(20_000, 128, 'DICX'))).toEqual({ files: 10_000, refused: rest });
  });

  test('that may be files are all taken', async () => {
    expect(await taken(repeated(20_000, 128, 'DICM'))).toEqual({ files: 20_000, refused: [] });
  });
});
