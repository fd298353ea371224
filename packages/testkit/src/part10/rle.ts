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

export interface RleShape {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bytesPerSample: number;
  /** Layout of the samples given to the encoder: 0 by pixel, 1 by plane. RLE itself is always by plane. */
  readonly planarConfiguration?: 0 | 1;
}

/** Offset in a little-endian frame of byte `byte` (0 is the most significant) of sample `sample` of pixel 0, and the step to the next pixel. */
function planeAddress(shape: RleShape, sample: number, byte: number): { start: number; step: number } {
  const { bytesPerSample, samplesPerPixel } = shape;
  const low = bytesPerSample - 1 - byte;
  if (shape.planarConfiguration === 1) {
    return { start: sample * shape.rows * shape.columns * bytesPerSample + low, step: bytesPerSample };
  }
  return { start: sample * bytesPerSample + low, step: samplesPerPixel * bytesPerSample };
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

function unpack(segment: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let read = 0;
  let write = 0;
  while (read < segment.length && write < length) {
    const control = segment[read++] ?? 128;
    if (control === 128) continue;
    if (control < 128) {
      out.set(segment.subarray(read, Math.min(read + control + 1, read + length - write)), write);
      write += control + 1;
      read += control + 1;
    } else {
      out.fill(segment[read++] ?? 0, write, write + 257 - control);
      write += 257 - control;
    }
  }
  return out;
}

/** Decodes one RLE frame to little-endian samples in the given planar configuration, for round trips. */
export function decodeRle(encoded: Uint8Array, shape: RleShape): Uint8Array {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const count = view.getUint32(0, true);
  const pixels = shape.rows * shape.columns;
  const frame = new Uint8Array(pixels * shape.samplesPerPixel * shape.bytesPerSample);
  for (let index = 0; index < count; index++) {
    const start = view.getUint32(4 + index * 4, true);
    const end = index + 1 < count ? view.getUint32(8 + index * 4, true) : encoded.length;
    const plane = unpack(encoded.subarray(start, end), pixels);
    const address = planeAddress(shape, Math.floor(index / shape.bytesPerSample), index % shape.bytesPerSample);
    for (let pixel = 0; pixel < pixels; pixel++) frame[address.start + pixel * address.step] = plane[pixel] ?? 0;
  }
  return frame;
}
