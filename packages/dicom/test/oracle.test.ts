import { describe, expect, it } from 'vitest';
import { DicomError, type DicomJsonObject, jsonNumber, locateFrames } from '../src/index.ts';
import { differences, type Fixture, frameBytes, hashed, hashedOracle, joinFragments, load } from './compare.ts';
import { HAS_CORPUS, inflateRaw, type ManifestRow, manifest, NO_CORPUS, readCorpus, readOracle, sha256 } from './corpus.ts';
import { BROKEN, DIFFERENCES } from './oracle-differences.ts';

const rows = manifest();
const column = (row: ManifestRow, name: string) => row[name] ?? '';
const file = (row: ManifestRow) => column(row, 'file');
const isBroken = (row: ManifestRow) => column(row, 'expected') !== 'ok';

const loaded = new Map<string, Fixture>();

/** Each file is read once for all its tests. */
function fixtureOf(row: ManifestRow): Fixture {
  const fixture = loaded.get(file(row)) ?? load(readCorpus(file(row)));
  loaded.set(file(row), fixture);
  return fixture;
}

describe.skipIf(!HAS_CORPUS)(`DICOM JSON of real files${NO_CORPUS}`, () => {
  it('knows only files of the test data in its tables', () => {
    const names = new Set(rows.map(file));
    expect([...Object.keys(DIFFERENCES), ...Object.keys(BROKEN)].filter((name) => !names.has(name))).toEqual([]);
    expect(rows.filter(isBroken).map(file).sort()).toEqual(Object.keys(BROKEN).sort());
  });

  it.each(rows)('gives the oracle model of $file (PS3.18 F.2)', (row) => {
    const outcome = BROKEN[file(row)];
    if (outcome !== undefined && 'error' in outcome) return expectError(row, outcome.error);
    const fixture = fixtureOf(row);
    if (outcome !== undefined) expect([...new Set(fixture.parsed.warnings.map(({ code }) => code))]).toEqual(outcome.warnings);
    const oracle = hashedOracle(readOracle(column(row, 'oracle_json')) as DicomJsonObject);
    const found = differences(hashed(fixture), oracle);
    const reason = DIFFERENCES[file(row)];
    expect(found.filter((difference) => reason?.covers(difference) !== true)).toEqual([]);
    if (reason !== undefined) expect(found.length, 'a difference listed in vain').toBeGreaterThan(0);
  });
});

function expectError(row: ManifestRow, code: string): void {
  try {
    load(readCorpus(file(row)));
  } catch (error) {
    expect(error).toBeInstanceOf(DicomError);
    expect((error as DicomError).code).toBe(code);
    return;
  }
  expect.unreachable(`${file(row)} was read`);
}

describe.skipIf(!HAS_CORPUS)(`frames of real files${NO_CORPUS}`, () => {
  const readable = rows.filter((row) => !('error' in (BROKEN[file(row)] ?? {})));

  it.each(readable)('locates as many frames as $file has', (row) => {
    const fixture = fixtureOf(row);
    const summary = summarize(fixture);
    const outcome = BROKEN[file(row)];
    if (outcome !== undefined && 'frames' in outcome) expect(summary).toBe(outcome.frames);
    else if (file(row) === 'pydicom/nested_priv_SQ.dcm')
      expect(summary).toBe('PIXEL_GEOMETRY_INVALID'); // No Rows, no Columns.
    else expect(Number(summary.split(' ')[1])).toBe(Number(column(row, 'frames') || 0));
  });

  it.each(readable)('covers every byte of the compressed frames of $file once and in order', (row) => {
    const fixture = fixtureOf(row);
    if (fixture.parsed.pixelData?.encapsulated !== true) return;
    const table = locateFrames(fixture.parsed, fixture.file);
    const frames = Array.from({ length: table.count }, (_, index) => frameBytes(fixture, table, index));
    expect(sha256(...frames)).toBe(sha256(...joinFragments(fixture.file, fixture.parsed.pixelData.offset)));
    const oracle = (readOracle(column(row, 'oracle_json')) as DicomJsonObject)['7FE00010']?.BulkDataURI;
    if (oracle !== undefined) expect(sha256(...frames)).toBe(/sha256:([0-9a-f]{64})/.exec(oracle)?.[1]);
  });

  const native = readable.filter((row) => column(row, 'pixel_decoders').includes('native') && column(row, 'pixel_sha256') !== '');

  it('has native files of every kind to check', () => {
    const kinds = new Set(native.map((row) => `${column(row, 'transfer_syntax_uid')} ${column(row, 'bits_allocated')}`));
    expect(kinds.size).toBeGreaterThan(14);
    expect(native.length).toBeGreaterThan(120);
  });

  it.each(native)('finds the pixels of frame 1 of $file', (row) => {
    const fixture = fixtureOf(row);
    expect(sha256(decodeNative(fixture))).toBe(column(row, 'pixel_sha256'));
  });
});

function summarize(fixture: Fixture): string {
  try {
    const table = locateFrames(fixture.parsed, fixture.file, { inflateRaw });
    return [table.kind, table.count, ...table.warnings].join(' ').replace(' PIXEL_DATA_EXCESS', '');
  } catch (error) {
    if (error instanceof DicomError) return error.code;
    throw error;
  }
}

/** Frame 1 as the manifest hashes it: little endian, colour by pixel, bits unpacked. */
function decodeNative(fixture: Fixture): Uint8Array {
  const { json } = fixture.parsed;
  const table = locateFrames(fixture.parsed, fixture.file, { inflateRaw });
  const bytes = frameBytes(fixture, table, 0);
  const allocated = jsonNumber(json, '00280100') ?? 0;
  const pixels = (jsonNumber(json, '00280010') ?? 0) * (jsonNumber(json, '00280011') ?? 0);
  if (allocated === 1) return Uint8Array.from({ length: pixels }, (_, bit) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
  return jsonNumber(json, '00280006') === 1 ? interleave(bytes, pixels, allocated / 8) : bytes;
}

function interleave(bytes: Uint8Array, pixels: number, sampleBytes: number): Uint8Array {
  const samples = bytes.length / (pixels * sampleBytes);
  const out = new Uint8Array(bytes.length);
  for (let sample = 0; sample < samples; sample += 1) {
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const from = (sample * pixels + pixel) * sampleBytes;
      out.set(bytes.subarray(from, from + sampleBytes), (pixel * samples + sample) * sampleBytes);
    }
  }
  return out;
}
