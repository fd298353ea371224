/** Bits of frame after frame without gaps, lowest bit first (PS3.5 8.1.1); the last byte of a frame may wait for the next one. */
export class BitLog {
  #byte = 0;
  #bits = 0;

  push(pixels: Uint8Array): Buffer {
    const packed = Buffer.alloc(Math.floor((this.#bits + pixels.length) / 8));
    let at = 0;
    for (const pixel of pixels) {
      this.#byte |= (pixel & 1) << this.#bits;
      this.#bits += 1;
      if (this.#bits < 8) continue;
      packed[at] = this.#byte;
      at += 1;
      this.#byte = 0;
      this.#bits = 0;
    }
    return packed;
  }

  end(): Buffer {
    return this.#bits === 0 ? Buffer.alloc(0) : Buffer.from([this.#byte]);
  }
}
