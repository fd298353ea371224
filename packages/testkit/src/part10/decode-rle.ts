export interface RleShape {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bytesPerSample: number;
  /** Layout of the samples given to the encoder: 0 by pixel, 1 by plane. RLE itself is always by plane. */
  readonly planarConfiguration?: 0 | 1;
}

/** Offset in a little-endian frame of byte `byte` (0 is the most significant) of sample `sample` of pixel 0, and the step to the next pixel. */
export function planeAddress(shape: RleShape, sample: number, byte: number): { start: number; step: number } {
  const { bytesPerSample, samplesPerPixel } = shape;
  const low = bytesPerSample - 1 - byte;
  if (shape.planarConfiguration === 1) {
    return { start: sample * shape.rows * shape.columns * bytesPerSample + low, step: bytesPerSample };
  }
  return { start: sample * bytesPerSample + low, step: samplesPerPixel * bytesPerSample };
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
