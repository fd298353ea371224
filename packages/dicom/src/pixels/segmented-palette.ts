import { PixelError } from './frame-format.ts';

const MAX_ENTRIES = 65_536;
const MAX_STEPS = 100_000;

interface Segments {
  /** Words of the data: 8 or 16 bits, little endian. */
  readonly at: (index: number) => number;
  readonly entries: number[];
  steps: number;
}

function wordsOf(data: Uint8Array, entryBytes: 1 | 2, size: number): Segments['at'] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return (index) => {
    if (index >= size) throw new PixelError('palette segment too short');
    return entryBytes === 1 ? (data[index] ?? 0) : view.getUint16(2 * index, true);
  };
}

/** One discrete or linear segment; gives the position after it. */
function expandPlain(segments: Segments, position: number): number {
  const { at, entries } = segments;
  const [opcode, length] = [at(position), at(position + 1)];
  segments.steps += length + 1;
  if (segments.steps > MAX_STEPS || entries.length + length > MAX_ENTRIES) throw new PixelError('palette too long');
  if (opcode === 0) {
    for (let i = 0; i < length; i += 1) entries.push(at(position + 2 + i));
    return position + 2 + length;
  }
  const start = entries.at(-1);
  if (opcode !== 1 || start === undefined) throw new PixelError('palette segment unknown');
  const end = at(position + 2);
  for (let i = 1; i <= length; i += 1) entries.push(Math.round(start + ((end - start) * i) / length));
  return position + 3;
}

/**
 * Expands Segmented Palette Color Lookup Table Data (PS3.3 C.7.9.2): discrete (0), linear (1) and indirect (2) segments. `data` are little
 * endian words, or bytes when entries have 8 bits. Fails with PixelError for segments that lead nowhere.
 */
export function expandSegmentedPalette(data: Uint8Array, entryBytes: 1 | 2): number[] {
  const size = Math.floor(data.length / entryBytes);
  const at = wordsOf(data, entryBytes, size);
  const segments: Segments = { at, entries: [], steps: 0 };
  const words = 4 / entryBytes;
  for (let position = 0; position + 1 < size; ) {
    if (at(position) !== 2) {
      position = expandPlain(segments, position);
      continue;
    }
    const count = at(position + 1);
    // An indirect segment names its target by a byte offset of 32 bits, in words of the data.
    const offset = Array.from({ length: words }, (_, i) => at(position + 2 + i) * 2 ** (8 * entryBytes * i)).reduce(
      (a, b) => a + b,
    );
    let target = offset / entryBytes;
    for (let i = 0; i < count; i += 1) target = expandPlain(segments, target);
    position += 2 + words;
  }
  return segments.entries;
}
