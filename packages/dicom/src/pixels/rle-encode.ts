import { type DecodedFrame, PixelError } from './frame-format.ts';

const HEADER_BYTES = 64;
const MAX_SEGMENTS = 15;
const MAX_RUN = 128;

/** Bytes of one row taken every `step` from `start` on. */
interface Row {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Equal bytes from place `i` of a row on, 128 at most. */
function runLength(bytes: Uint8Array, { start, step, count }: Row, i: number): number {
  const value = bytes[start + i * step];
  let length = 1;
  while (length < MAX_RUN && i + length < count && bytes[start + (i + length) * step] === value) length += 1;
  return length;
}

/** PackBits of one row (PS3.5 G.3.1), written at `at`; gives the place after it. Two equal bytes are a run only where no literal one is open. */
function packRow(bytes: Uint8Array, row: Row, target: Uint8Array, at: number): number {
  let to = at;
  for (let i = 0; i < row.count; ) {
    const run = runLength(bytes, row, i);
    if (run > 1) {
      target[to] = 257 - run;
      target[to + 1] = bytes[row.start + i * row.step] ?? 0;
      to += 2;
      i += run;
      continue;
    }
    const first = i;
    while (i < row.count && i - first < MAX_RUN && (i === first || runLength(bytes, row, i) < 3)) i += 1;
    target[to] = i - first - 1;
    to += 1;
    for (let k = first; k < i; k += 1, to += 1) target[to] = bytes[row.start + k * row.step] ?? 0;
  }
  return to;
}

/**
 * Encodes RLE Lossless (PS3.5 annex G): one segment for each byte of a sample, the most significant first, sample after sample; runs end with
 * their row. Fails with PixelError when the samples need more than 15 segments.
 */
export function encodeRle({ pixels, rows, columns, samplesPerPixel, bitsAllocated }: DecodedFrame): Uint8Array {
  const sampleBytes = bitsAllocated / 8;
  const step = samplesPerPixel * sampleBytes;
  if (!Number.isInteger(step) || step < 1 || step > MAX_SEGMENTS) throw new PixelError('samples do not fit RLE segments');
  // A literal run has one byte of overhead for 128; each segment may need one to be even.
  const most = step * (rows * (columns + Math.ceil(columns / MAX_RUN)) + 1);
  const target = new Uint8Array(HEADER_BYTES + most);
  const header = new DataView(target.buffer, 0, HEADER_BYTES);
  header.setUint32(0, step, true);
  let at = HEADER_BYTES;
  for (let segment = 0; segment < step; segment += 1) {
    header.setUint32(4 + 4 * segment, at, true);
    const sample = Math.floor(segment / sampleBytes);
    const first = sample * sampleBytes + (sampleBytes - 1 - (segment % sampleBytes));
    for (let row = 0; row < rows; row += 1)
      at = packRow(pixels, { start: first + row * columns * step, step, count: columns }, target, at);
    at += at % 2;
  }
  return target.slice(0, at);
}
