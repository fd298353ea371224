import { PixelError } from './frame-format.ts';

const MAX_ENTRIES = 65_536;
const MAX_STEPS = 100_000;

/**
 * Expands Segmented Palette Color Lookup Table Data (PS3.3 C.7.9.2): discrete (0), linear (1) and indirect (2) segments. `data` are little
 * endian words, or bytes when entries have 8 bits. Fails with PixelError for segments that lead nowhere.
 */
export function expandSegmentedPalette(data: Uint8Array, entryBytes: 1 | 2): number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = Math.floor(data.length / entryBytes);
  const at = (index: number): number => {
    if (index >= size) throw new PixelError('palette segment too short');
    return entryBytes === 1 ? (data[index] ?? 0) : view.getUint16(2 * index, true);
  };
  const result: number[] = [];
  let steps = 0;

  /** One discrete or linear segment; gives the position after it. */
  function plain(position: number): number {
    const [opcode, length] = [at(position), at(position + 1)];
    steps += length + 1;
    if (steps > MAX_STEPS || result.length + length > MAX_ENTRIES) throw new PixelError('palette too long');
    if (opcode === 0) {
      for (let i = 0; i < length; i += 1) result.push(at(position + 2 + i));
      return position + 2 + length;
    }
    const start = result.at(-1);
    if (opcode !== 1 || start === undefined) throw new PixelError('palette segment unknown');
    const end = at(position + 2);
    for (let i = 1; i <= length; i += 1) result.push(Math.round(start + ((end - start) * i) / length));
    return position + 3;
  }

  for (let position = 0; position + 1 < size; ) {
    if (at(position) !== 2) {
      position = plain(position);
      continue;
    }
    const segments = at(position + 1);
    const words = 4 / entryBytes;
    // An indirect segment names its target by a byte offset of 32 bits, in words of the data.
    const offset = Array.from({ length: words }, (_, i) => at(position + 2 + i) * 2 ** (8 * entryBytes * i)).reduce(
      (a, b) => a + b,
    );
    let target = offset / entryBytes;
    for (let i = 0; i < segments; i += 1) target = plain(target);
    position += 2 + words;
  }
  return result;
}
