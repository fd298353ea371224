import { planeAddress, type RleShape } from './decode-rle';

/** RLE Lossless (PS3.5 Annex G), written from the standard's text: PackBits segments behind a header of 64 bytes. */

/** Packs a row into `out` from `at` on; returns where it stops. A row grows by a third at most (one literal, a pair, one literal …). */
function packRow(row: Uint8Array, out: Uint8Array, at: number): number {
  let index = 0;
  let write = at;
  while (index < row.length) {
    let run = 1;
    while (run < 128 && index + run < row.length && row[index + run] === row[index]) run++;
    if (run >= 2) {
      out[write++] = 257 - run;
      out[write++] = row[index] ?? 0;
      index += run;
      continue;
    }
    let end = index + 1;
    while (end < row.length && end - index < 128 && (end + 1 >= row.length || row[end] !== row[end + 1])) end++;
    out[write++] = end - index - 1;
    out.set(row.subarray(index, end), write);
    write += end - index;
    index = end;
  }
  return write;
}

/** Encodes one frame of little-endian samples; most significant byte plane first, each row packed by itself (PS3.5 G.3.1), segments of even length. */
export function encodeRle(frame: Uint8Array, shape: RleShape): Uint8Array {
  const segments: Uint8Array[] = [];
  const row = new Uint8Array(shape.columns);
  for (let sample = 0; sample < shape.samplesPerPixel; sample++) {
    for (let byte = 0; byte < shape.bytesPerSample; byte++) {
      const { start, step } = planeAddress(shape, sample, byte);
      const out = new Uint8Array(shape.rows * Math.ceil(shape.columns * 1.5 + 2) + 1);
      let length = 0;
      for (let r = 0; r < shape.rows; r++) {
        for (let c = 0; c < shape.columns; c++) row[c] = frame[start + (r * shape.columns + c) * step] ?? 0;
        length = packRow(row, out, length);
      }
      segments.push(out.subarray(0, length + (length % 2)));
    }
  }
  const header = new Uint8Array(64);
  const view = new DataView(header.buffer);
  view.setUint32(0, segments.length, true);
  let offset = 64;
  segments.forEach((segment, index) => {
    view.setUint32(4 + index * 4, offset, true);
    offset += segment.length;
  });
  return Buffer.concat([header, ...segments]);
}
