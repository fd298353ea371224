/** Fixed-point constants of 13 bits, as in the accurate integer transform of Loeffler, Ligtenberg and Moschytz that libjpeg uses. */
const CONST_BITS = 13;
const F0298 = 2446;
const F0390 = 3196;
const F0541 = 4433;
const F0765 = 6270;
const F0899 = 7373;
const F1175 = 9633;
const F1501 = 12_299;
const F1847 = 15_137;
const F1961 = 16_069;
const F2053 = 16_819;
const F2562 = 20_995;
const F3072 = 25_172;

const work = new Int32Array(64);
const line = new Int32Array(8);

/** Eight samples from eight coefficients, scaled by 2^13: `line` holds the result. */
function transformLine(c0: number, c1: number, c2: number, c3: number, c4: number, c5: number, c6: number, c7: number): void {
  const z1 = (c2 + c6) * F0541;
  const even2 = z1 - c6 * F1847;
  const even3 = z1 + c2 * F0765;
  const even0 = (c0 + c4) * (1 << CONST_BITS);
  const even1 = (c0 - c4) * (1 << CONST_BITS);
  const [a0, a3, a1, a2] = [even0 + even3, even0 - even3, even1 + even2, even1 - even2];
  const z5 = (c7 + c3 + c5 + c1) * F1175;
  const y1 = -(c7 + c1) * F0899;
  const y2 = -(c5 + c3) * F2562;
  const y3 = z5 - (c7 + c3) * F1961;
  const y4 = z5 - (c5 + c1) * F0390;
  const b0 = c7 * F0298 + y1 + y3;
  const b1 = c5 * F2053 + y2 + y4;
  const b2 = c3 * F3072 + y2 + y3;
  const b3 = c1 * F1501 + y1 + y4;
  line[0] = a0 + b3;
  line[7] = a0 - b3;
  line[1] = a1 + b2;
  line[6] = a1 - b2;
  line[2] = a2 + b1;
  line[5] = a2 - b1;
  line[3] = a3 + b0;
  line[4] = a3 - b0;
}

/**
 * Inverse DCT of one block (ITU-T T.81 A.3.3), bit for bit as libjpeg's `islow`. `coefficients` are dequantised, in natural order, at `from`;
 * `samples` gets 64 values level-shifted and clamped to `precision` bits.
 */
export function inverseDct(coefficients: Int32Array, from: number, precision: number, samples: Uint16Array): void {
  const pass1Bits = precision > 8 ? 1 : 2;
  const shift1 = CONST_BITS - pass1Bits;
  const shift2 = CONST_BITS + pass1Bits + 3;
  const c = (at: number): number => coefficients[from + at] ?? 0;
  for (let x = 0; x < 8; x += 1) {
    transformLine(c(x), c(x + 8), c(x + 16), c(x + 24), c(x + 32), c(x + 40), c(x + 48), c(x + 56));
    for (let y = 0; y < 8; y += 1) work[y * 8 + x] = ((line[y] ?? 0) + (1 << (shift1 - 1))) >> shift1;
  }
  const center = 1 << (precision - 1);
  const max = (1 << precision) - 1;
  const w = (at: number): number => work[at] ?? 0;
  for (let y = 0; y < 64; y += 8) {
    transformLine(w(y), w(y + 1), w(y + 2), w(y + 3), w(y + 4), w(y + 5), w(y + 6), w(y + 7));
    for (let x = 0; x < 8; x += 1) {
      const value = (((line[x] ?? 0) + (1 << (shift2 - 1))) >> shift2) + center;
      samples[y + x] = Math.max(0, Math.min(value, max));
    }
  }
}
