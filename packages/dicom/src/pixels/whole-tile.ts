import { type DecodedFrame, decodedBytes, type Size } from './frame-format.ts';

/** A tile that was cut at the edge of its slide → one of the whole size, black where nothing was stored. */
export function wholeTile(tile: DecodedFrame, size: Size): DecodedFrame {
  if (tile.rows === size.rows && tile.columns === size.columns) return tile;
  const whole = { ...tile, rows: size.rows, columns: size.columns };
  const pixels = new Uint8Array(decodedBytes(whole));
  // Black is not zero in colour differences (PS3.3 C.7.6.3.1.2).
  if (/^YBR/.test(tile.photometricInterpretation) && tile.bitsAllocated === 8)
    for (let at = 0; at < pixels.length; at += 1) if (at % tile.samplesPerPixel > 0) pixels[at] = 128;
  const [from, to] = [decodedBytes({ ...tile, rows: 1 }), decodedBytes({ ...whole, rows: 1 })];
  for (let row = 0; row < tile.rows; row += 1) pixels.set(tile.pixels.subarray(row * from, (row + 1) * from), row * to);
  return { ...whole, pixels };
}
