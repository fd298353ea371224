import type { PixelPoint } from './calibration.ts';

/** How places of one plane lie in another: `origin`, and where a step along each of its axes goes. */
export interface Affine {
  readonly origin: PixelPoint;
  readonly i: PixelPoint;
  readonly j: PixelPoint;
}

export const mapped = ({ origin, i, j }: Affine, [x, y]: PixelPoint): PixelPoint => [
  origin[0] + x * i[0] + y * j[0],
  origin[1] + x * i[1] + y * j[1],
];

/** The way back; undefined where everything falls on one line. */
export function inverse({ origin, i, j }: Affine): Affine | undefined {
  const area = i[0] * j[1] - i[1] * j[0];
  if (!Number.isFinite(area) || area === 0) return undefined;
  const [x, y]: [PixelPoint, PixelPoint] = [
    [j[1] / area, -i[1] / area],
    [-j[0] / area, i[0] / area],
  ];
  const [ox, oy] = mapped({ origin: [0, 0], i: x, j: y }, origin);
  return { origin: [-ox, -oy], i: x, j: y };
}

export const isSameAffine = (a: Affine, b: Affine): boolean =>
  (['origin', 'i', 'j'] as const).every((key) => a[key][0] === b[key][0] && a[key][1] === b[key][1]);
