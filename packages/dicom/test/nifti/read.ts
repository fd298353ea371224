/** A NIfTI-1 file as a reader of its own sees it: nothing of ours is used. */
export interface ReadNifti {
  readonly dims: readonly [number, number, number, number];
  readonly pixdim: readonly number[];
  /** Rows x, y, z of the matrix from voxels to mm, by sform and by qform. */
  readonly sform: readonly (readonly number[])[];
  readonly qform: readonly (readonly number[])[];
  readonly texts: string;
  readonly valueAt: (i: number, j: number, k: number, t?: number) => number;
}

function qformOf(bytes: Buffer, pixdim: readonly number[]): number[][] {
  const [p = 0, q = 0, r = 0, x = 0, y = 0, z = 0] = [0, 1, 2, 3, 4, 5].map((index) => bytes.readFloatLE(256 + 4 * index));
  // As nifti1_io reads it: half a turn is told by what is nothing beside 1 in 32 bits.
  const rest = 1 - p * p - q * q - r * r;
  const isHalfTurn = rest < 1e-7;
  const length = isHalfTurn ? Math.hypot(p, q, r) : 1;
  const [a, b, c, d] = [isHalfTurn ? 0 : Math.sqrt(rest), p / length, q / length, r / length];
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c), x],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b), y],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c, z],
  ];
  const [face = 1, dx = 1, dy = 1, dz = 1] = pixdim;
  return rotation.map(([k = 0, s = 0, t = 0, u = 0]) => [k * dx, s * dy, t * dz * (face < 0 ? -1 : 1), u]);
}

export function readNifti(bytes: Buffer): ReadNifti {
  if (bytes.readInt32LE(0) !== 348 || bytes.toString('latin1', 344, 347) !== 'n+1') throw new Error('no NIfTI-1 file');
  const [, ni = 1, nj = 1, nk = 1, nt = 1] = [0, 1, 2, 3, 4].map((index) => bytes.readInt16LE(40 + 2 * index));
  const type = bytes.readInt16LE(70);
  const pixdim = [0, 1, 2, 3, 4].map((index) => bytes.readFloatLE(76 + 4 * index));
  const start = bytes.readFloatLE(108);
  const slope = bytes.readFloatLE(112) || 1;
  const intercept = bytes.readFloatLE(116);
  const read = new Map<number, (at: number) => number>([
    [2, (at) => bytes.readUInt8(start + at)],
    [256, (at) => bytes.readInt8(start + at)],
    [4, (at) => bytes.readInt16LE(start + 2 * at)],
    [512, (at) => bytes.readUInt16LE(start + 2 * at)],
    [8, (at) => bytes.readInt32LE(start + 4 * at)],
    [16, (at) => bytes.readFloatLE(start + 4 * at)],
  ]).get(type);
  if (read === undefined) throw new Error(`data type ${type}`);
  return {
    dims: [ni, nj, nk, Math.max(1, nt)],
    pixdim,
    sform: [280, 296, 312].map((at) => [0, 4, 8, 12].map((more) => bytes.readFloatLE(at + more))),
    qform: qformOf(bytes, pixdim),
    texts: bytes.toString('latin1', 148, 252) + bytes.toString('latin1', 328, 344),
    valueAt: (i, j, k, t = 0) => read(((t * nk + k) * nj + j) * ni + i) * slope + intercept,
  };
}
