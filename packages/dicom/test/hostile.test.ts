import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ByteRequest, DicomError, locateFrames, parsePart10, part10Reader } from '../src/index.ts';
import { concat, explicit, ITEM_END, implicit, item, part10, SEQUENCE_END, seeded, UNDEFINED } from './build.ts';
import { HAS_CORPUS, inflateRaw, manifest, readCorpus } from './corpus.ts';
import { HOSTILE } from './hostile-files.ts';

function outcome(bytes: Uint8Array): string {
  try {
    const { warnings } = parsePart10(bytes, { inflateRaw });
    return ['ok', ...new Set(warnings.map(({ code }) => code))].join(' ');
  } catch (error) {
    if (error instanceof DicomError) return error.code;
    throw error;
  }
}

/** Sequences in sequences, built from the inside out. */
function nested(depth: number, hasLengths: boolean): Uint8Array {
  const step = 20;
  const bytes = new Uint8Array(depth * step + (hasLengths ? 0 : depth * 16));
  const view = new DataView(bytes.buffer);
  for (let level = 0; level < depth; level += 1) {
    const at = level * step;
    const inside = (depth - level) * step - 12;
    bytes.set(explicit('00081140', 'SQ', new Uint8Array(0), UNDEFINED), at);
    bytes.set(item(new Uint8Array(0), UNDEFINED), at + 12);
    if (!hasLengths) continue;
    view.setUint32(at + 8, inside, true);
    view.setUint32(at + 16, inside - 8, true);
  }
  const ends = concat(ITEM_END, SEQUENCE_END);
  if (!hasLengths) for (let level = 0; level < depth; level += 1) bytes.set(ends, depth * step + level * 16);
  return part10(bytes);
}

describe('nesting', () => {
  const cases = [63, 64, 65, 256, 2000, 100_000].flatMap((depth) => [true, false].map((hasLengths) => ({ depth, hasLengths })));

  it.each(cases)(
    'at depth $depth with defined lengths $hasLengths is read up to 64 and refused above',
    ({ depth, hasLengths }) => {
      const bytes = nested(depth, hasLengths);
      const started = performance.now();
      expect(outcome(bytes)).toBe(depth <= 64 ? 'ok' : 'NESTING_TOO_DEEP');
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );

  it('has a limit that can be set', () => {
    expect(() => parsePart10(nested(3, true), { maxDepth: 2 })).toThrow(expect.objectContaining({ code: 'NESTING_TOO_DEEP' }));
  });
});

describe('crafted files', () => {
  it('are at least forty', () => expect(HOSTILE.length).toBeGreaterThanOrEqual(40));

  it.each(HOSTILE)('%s', (_what, bytes, expected) => {
    const started = performance.now();
    expect(outcome(bytes)).toBe(expected);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  const tenMillion = [
    {
      what: 'elements',
      head: part10(new Uint8Array(0), '1.2.840.10008.1.2'),
      unit: (index: number) => 0x10_0009 + index * 0x1_0000,
    },
    { what: 'items', head: part10(explicit('00081140', 'SQ', new Uint8Array(0), UNDEFINED)), unit: () => 0xe000_fffe },
  ];

  it.each(tenMillion)('of ten million empty $what are cut off by the element limit', { timeout: 60_000 }, ({ head, unit }) => {
    const size = head.length + 80_000_000;
    const reader = part10Reader(size);
    const attempt = () => {
      let step = reader.next();
      while (!step.done) step = reader.next(unitsAt(step.value, head, unit));
    };
    expect(attempt).toThrow(expect.objectContaining({ code: 'ELEMENT_LIMIT' }));
  });

  it('that inflate without end are cut off by the output cap', () => {
    const bomb = part10(new Uint8Array(deflateRawSync(new Uint8Array(64_000_000))), '1.2.840.10008.1.2.1.99');
    expect(() => parsePart10(bomb, { inflateRaw, maxInflatedBytes: 1_000_000 })).toThrow(
      expect.objectContaining({ code: 'INFLATE_LIMIT' }),
    );
  });

  it('that need an inflater and have none say so', () => {
    expect(() => parsePart10(part10(new Uint8Array(9), '1.2.840.10008.1.2.1.99'))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_TRANSFER_SYNTAX' }),
    );
  });

  it('with more header than allowed are refused', () => {
    const header = Array.from({ length: 40 }, (_, index) =>
      explicit(`0009${(0x1000 + index).toString(16)}`, 'LT', 'x'.repeat(60_000)),
    );
    expect(() => parsePart10(part10(concat(...header)), { maxHeaderBytes: 1_000_000 })).toThrow(
      expect.objectContaining({ code: 'HEADER_TOO_LARGE' }),
    );
  });

  it('leave the prototype of objects alone', () => {
    const { json } = parsePart10(part10(implicit('00100010', 'A'), '1.2.840.10008.1.2'));
    expect(Object.keys(json)).toEqual(['00100010']);
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
  });
});

/** A window of a file that is too large to build: 8-byte units after a head, each a tag and an empty length. */
function unitsAt({ offset, length }: ByteRequest, head: Uint8Array, unit: (index: number) => number): Uint8Array {
  const first = Math.max(0, Math.floor((offset - head.length) / 8));
  const start = head.length + first * 8;
  const bytes = new Uint8Array(offset + length + 8 - start);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 8 <= bytes.length; at += 8) view.setUint32(at, unit(first + at / 8), true);
  const window = offset < head.length ? concat(head.subarray(offset), bytes) : bytes.subarray(offset - start);
  return window.subarray(0, length);
}

/** Bit flips (30 %), length fields (20 %), VR swaps, truncation, delimiters, extreme numbers (10 % each), nesting, charsets (5 % each). */
function mutate(seed: Uint8Array, random: () => number): Uint8Array {
  const bytes = seed.slice(0, Math.min(seed.length, 300_000));
  const region = Math.min(bytes.length, 12_000);
  const at = () => Math.floor(random() * Math.max(1, region - 12));
  const put = (values: readonly number[]) => bytes.set(values, at());
  const times = 1 + Math.floor(random() * 4);
  for (let time = 0; time < times; time += 1) {
    const kind = random();
    if (kind < 0.3) bytes[at()] = (bytes[at()] ?? 0) ^ (1 << Math.floor(random() * 8));
    else if (kind < 0.5) put([random() * 256, random() * 256, random() < 0.5 ? 0 : 255, random() < 0.5 ? 0 : 255]);
    else if (kind < 0.6)
      put([...(['SQ', 'UN', 'OB', 'PN', 'US', 'UT', 'FD', 'AT'][Math.floor(random() * 8)] ?? 'SQ')].map((c) => c.charCodeAt(0)));
    else if (kind < 0.7) return bytes.slice(0, at() + 1);
    else if (kind < 0.8) put([0xfe, 0xff, [0x00, 0x0d, 0xdd][Math.floor(random() * 3)] ?? 0, 0xe0, 255, 255, 255, 255]);
    else if (kind < 0.9) put([255, 255, 255, random() < 0.5 ? 255 : 127]);
    else if (kind < 0.95)
      bytes.set(explicit('00081140', 'SQ', item(new Uint8Array(0), UNDEFINED), UNDEFINED).subarray(0, 12), at());
    else put([0x1b, 0x24, 0x42, 0x80 + random() * 127]);
  }
  return bytes;
}

describe('a thousand mutated files', () => {
  const corpus = manifest().map((row) => row.file ?? '');
  const seeds = HAS_CORPUS
    ? corpus.filter((_file, index) => index % 4 === 0 || index < 20).map(readCorpus)
    : HOSTILE.map(([, bytes]) => bytes).filter((bytes) => bytes.length > 150);

  it('end in a result or a coded error, never in a crash or a hang', () => {
    const random = seeded(20_240_611);
    if (HAS_CORPUS) expect(seeds.length).toBeGreaterThanOrEqual(60);
    const outcomes = new Map<string, number>();
    for (let run = 0; run < 1000; run += 1) {
      const bytes = mutate(seeds[run % seeds.length] ?? new Uint8Array(0), random);
      const started = performance.now();
      const result = readAll(bytes);
      expect(performance.now() - started).toBeLessThan(5000);
      outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
    }
    expect(outcomes.size).toBeGreaterThan(4);
  }, 120_000);
});

/** Everything a server does with a file; anything but a DicomError fails the test. */
function readAll(bytes: Uint8Array): string {
  try {
    const parsed = parsePart10(bytes, { inflateRaw, maxInflatedBytes: 20_000_000 });
    JSON.stringify(parsed.json);
    locateFrames(parsed, bytes, { inflateRaw });
    return 'ok';
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    return error.code;
  }
}
