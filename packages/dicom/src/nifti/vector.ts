/** In mm, or of length 1. */
export type Vector = readonly [number, number, number];

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const plus = (a: Vector, b: Vector, times = 1): Vector => [a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]];
export const minus = (a: Vector, b: Vector): Vector => plus(a, b, -1);
export const times = (a: Vector, factor: number): Vector => [a[0] * factor, a[1] * factor, a[2] * factor];
export const lengthOf = (a: Vector): number => Math.sqrt(dot(a, a));
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
/** Between two of length 1; by the length of what differs, which small angles don't lose. */
export const degreesBetween = (a: Vector, b: Vector): number =>
  (2 * Math.asin(Math.min(1, lengthOf(minus(a, b)) / 2)) * 180) / Math.PI;
