import { jsonNumber } from '../../json-access.ts';
import type { Palette } from '../../pixels/color.ts';
import type { FrameFormat } from '../../pixels/frame-format.ts';
import { lookUp } from '../../pixels/lookup.ts';
import type { DicomJsonObject } from '../../types.ts';

const PADDING = '00280120';

/** Range of the stored values. */
function rangeOf({ bitsStored, pixelRepresentation }: FrameFormat): { low: number; high: number } {
  if (pixelRepresentation === 1) return { low: -(2 ** (bitsStored - 1)), high: 2 ** (bitsStored - 1) - 1 };
  return { low: 0, high: 2 ** bitsStored - 1 };
}

/** The index whose colour is the darkest; luminance as in PS3.3 C.7.6.3.1.2. */
function darkest({ red, green, blue }: Palette, { low, high }: { low: number; high: number }): number {
  let [found, least] = [0, Number.POSITIVE_INFINITY];
  for (let index = Math.max(low, red.first); index <= Math.min(high, red.first + red.values.length - 1); index += 1) {
    const luminance = 0.299 * lookUp(red, index) + 0.587 * lookUp(green, index) + 0.114 * lookUp(blue, index);
    if (luminance < least) [found, least] = [index, luminance];
  }
  return found;
}

/** Grey: what the file says is no picture (Pixel Padding Value), if it can be a value of it; else the end of the range that is shown black. */
function greyBlack(format: FrameFormat, json: DicomJsonObject): number {
  const { low, high } = rangeOf(format);
  const padding = jsonNumber(json, PADDING);
  // Written unsigned where the pixels are signed (PS3.5 6.2: US or SS by Pixel Representation), by some.
  const read = padding !== undefined && padding > high && format.pixelRepresentation === 1 ? padding - 65_536 : padding;
  if (read !== undefined && Number.isInteger(read) && read >= low && read <= high) return read;
  return format.photometricInterpretation === 'MONOCHROME1' ? high : low;
}

/**
 * Stored values of a black pixel, one a sample (PS3.3 C.7.6.3.1.2): of MONOCHROME1 the highest, of luminance and chrominance zero and the middle, of a palette
 * the index of its darkest colour, 0 where its tables are not given.
 */
export function blackOf(format: FrameFormat, json: DicomJsonObject, palette?: Palette): readonly number[] {
  const { photometricInterpretation: name, samplesPerPixel, bitsStored } = format;
  if (name.startsWith('YBR') && samplesPerPixel === 3) return [0, 2 ** (bitsStored - 1), 2 ** (bitsStored - 1)];
  if (name === 'PALETTE COLOR') return [palette === undefined ? 0 : darkest(palette, rangeOf(format))];
  if (samplesPerPixel > 1) return Array.from({ length: samplesPerPixel }, () => 0);
  return [greyBlack(format, json)];
}

/** One sample as it is stored, little endian, with all bits of its cell: what else was in them, an overlay say, goes. */
export function cellBytes(value: number, { bitsAllocated, bitsStored, highBit }: FrameFormat): Uint8Array {
  const shift = BigInt(Math.max(0, highBit + 1 - bitsStored));
  let cell = BigInt.asUintN(bitsAllocated, BigInt(value) << shift);
  return Uint8Array.from({ length: bitsAllocated / 8 }, () => {
    const byte = Number(cell & 255n);
    cell >>= 8n;
    return byte;
  });
}
