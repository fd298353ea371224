import { describe, expect, it } from 'vitest';
import {
  type ByteReader,
  type ByteRequest,
  DicomError,
  frameLocator,
  locateFrames,
  type ParsedInstance,
  type ParseOptions,
  parsePart10,
  part10Reader,
  withElementsBehindPixels,
} from '../src/index.ts';
import { ascii, concat, encapsulated, explicit, imageAttributes, item, part10, SEQUENCE_END, UNDEFINED } from './build.ts';
import { load } from './compare.ts';
import { HAS_CORPUS, inflateRaw, manifest, NO_CORPUS, readCorpus } from './corpus.ts';
import { drive, exact } from './drive.ts';

const oneByteShort = (request: ByteRequest) => request.length - 1;

function comparable(parsed: ParsedInstance): string {
  return JSON.stringify(parsed);
}

describe.skipIf(!HAS_CORPUS)(`reading in pieces${NO_CORPUS}`, () => {
  const files = manifest()
    .map((row) => row.file ?? '')
    .filter((_file, index) => index % 3 === 0 || index > 210);

  it.each(files)('gives the same for %s as reading from memory', (file) => {
    const bytes = readCorpus(file);
    let whole: ReturnType<typeof load>;
    try {
      whole = load(bytes);
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      const { code } = error;
      const attempt = () => drive(part10Reader(bytes.length, { windowBytes: 64 }), { file: bytes }, oneByteShort);
      return expect(attempt).toThrow(expect.objectContaining({ code }));
    }
    const spaces = { file: bytes, inflated: whole.inflated };
    for (const windowBytes of [64, 1000, 65_536]) {
      const { result } = drive(wholeReader(bytes.length, { windowBytes }), spaces, oneByteShort);
      expect(comparable(result) === comparable(whole.parsed), `window ${windowBytes}`).toBe(true);
    }
    const frames = attemptFrames(() => locateFrames(whole.parsed, bytes, { inflateRaw }));
    const inPieces = attemptFrames(() => drive(frameLocator(whole.parsed, bytes.length), spaces, oneByteShort).result);
    expect(inPieces).toEqual(frames);
  });
});

/** What `load` reads: the dataset and what stands behind its Pixel Data. */
function* wholeReader(sizeBytes: number, options: ParseOptions): ByteReader<ParsedInstance> {
  return yield* withElementsBehindPixels(yield* part10Reader(sizeBytes, options), sizeBytes, { options });
}

function attemptFrames(locate: () => unknown): unknown {
  try {
    return locate();
  } catch (error) {
    if (error instanceof DicomError) return error.code;
    throw error;
  }
}

describe('requests', () => {
  const image = imageAttributes({ rows: 1000, columns: 1000, bits: 8 });
  const pixels = explicit('7FE00010', 'OB', new Uint8Array(1_000_000));

  it('are one of 64 KiB for a file whose header is small, whatever its Pixel Data', () => {
    const file = part10(concat(image, pixels));
    const { requests, result } = drive(part10Reader(file.length), { file }, exact);
    expect(requests).toEqual([{ space: 'file', offset: 0, length: 65_536 }]);
    expect(result.pixelData).toMatchObject({ offset: file.length - 1_000_000, length: 1_000_000, encapsulated: false });
  });

  it('go on for headers over 64 KiB and give every value', () => {
    const texts = Array.from({ length: 40 }, (_, index) =>
      explicit(`0009${(0x1000 + index).toString(16)}`, 'LT', `${index} `.repeat(2000)),
    );
    const file = part10(concat(...texts, image, pixels));
    const { requests, result } = drive(part10Reader(file.length), { file }, exact);
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.length).toBeLessThan(8);
    expect(result.json['00091027']?.Value?.[0]).toBe('39 '.repeat(2000).trimEnd());
  });

  it('skip large values by arithmetic', () => {
    const large = Array.from({ length: 10 }, (_, index) => explicit(`0009100${index}`, 'OB', new Uint8Array(1_000_000)));
    const file = part10(concat(...large, image, pixels));
    const { requests, result } = drive(part10Reader(file.length), { file }, exact);
    expect(requests.reduce((sum, request) => sum + request.length, 0)).toBeLessThan(200_000);
    expect(result.bulkData.map(({ path }) => path)).toEqual([...Array.from({ length: 10 }, (_, i) => `0009100${i}`), '7FE00010']);
    expect(result.json['00091000']).toEqual({ vr: 'OB', BulkDataURI: `bulk:${result.bulkData[0]?.offset}:1000000` });
  });

  it('read a value that crosses the border of two windows', () => {
    for (let pad = 65_200; pad < 65_540; pad += 13) {
      const file = part10(
        concat(explicit('00080080', 'UT', 'x'.repeat(pad - 200)), explicit('00100010', 'PN', 'Family^Given'), image),
      );
      const { result } = drive(part10Reader(file.length), { file }, exact);
      expect(result.json['00100010']?.Value).toEqual([{ Alphabetic: 'Family^Given' }]);
    }
  });

  it('of the frame locator touch only item headers of large fragments', () => {
    const file = part10(
      concat(image, encapsulated(Array.from({ length: 50 }, () => new Uint8Array(100_000)))),
      '1.2.840.10008.1.2.4.50',
    );
    const { requests, result } = drive(frameLocator(parsePart10(file), file.length), { file }, exact);
    expect(result).toMatchObject({ kind: 'encapsulated', count: 1 });
    expect(requests.reduce((sum, request) => sum + request.length, 0)).toBeLessThan(200_000);
  });

  it('tell where a deflated dataset begins in the file', () => {
    const file = part10(ascii('junk'), '1.2.840.10008.1.2.1.99');
    const reader = part10Reader(file.length);
    reader.next();
    expect(reader.next(file).value).toEqual({ space: 'inflated', offset: 0, length: 65_536, inflateFrom: file.length - 4 });
  });

  it('that the file cannot answer end in TRUNCATED', () => {
    const file = part10(concat(image, pixels));
    const reader = () => drive(part10Reader(file.length), { file: file.subarray(0, 230) }, exact);
    expect(reader).toThrow(expect.objectContaining({ code: 'TRUNCATED' }));
  });
});

describe('bulk data', () => {
  it('names values in items by their path and asks the caller for the URI', () => {
    const inner = explicit('00091010', 'OB', new Uint8Array(2000));
    const file = part10(explicit('00081140', 'SQ', concat(item(new Uint8Array(0)), item(inner), SEQUENCE_END), UNDEFINED));
    const { json, bulkData } = parsePart10(file, { bulkDataUri: ({ path, length }) => `/bulk/${path}?${length}` });
    expect(bulkData.map(({ path }) => path)).toEqual(['00081140/1/00091010']);
    expect(json['00081140']?.Value?.[1]).toEqual({ '00091010': { vr: 'OB', BulkDataURI: '/bulk/00081140/1/00091010?2000' } });
  });

  it('is made of binary values over the threshold and of text over 64 KiB only', () => {
    const file = part10(concat(explicit('00080080', 'UT', 'x'.repeat(60_000)), explicit('00081195', 'UT', 'x'.repeat(70_000))));
    expect(parsePart10(file).bulkData.map(({ path }) => path)).toEqual(['00081195']);
    const binary = part10(explicit('00091010', 'OB', new Uint8Array(600)));
    expect(parsePart10(binary).bulkData).toEqual([]);
    expect(parsePart10(binary, { bulkDataThresholdBytes: 500 }).bulkData).toHaveLength(1);
  });
});
