/** Patient coordinates are LPS in millimetres (PS3.3 C.7.6.2.1.1). */
export type Vector3 = readonly [number, number, number];

export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export function toVector3(values: readonly number[] | undefined, offset = 0): Vector3 | undefined {
  const x = values?.[offset];
  const y = values?.[offset + 1];
  const z = values?.[offset + 2];
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
}

export interface PlaneOrientation {
  /** Direction of increasing column index. */
  readonly row: Vector3;
  /** Direction of increasing row index. */
  readonly column: Vector3;
}

/** Image Orientation (Patient) as two unit vectors; undefined when absent, incomplete or not orthonormal enough to have a normal. */
export function parsePlaneOrientation(values: readonly number[] | undefined): PlaneOrientation | undefined {
  const row = toVector3(values, 0);
  const column = toVector3(values, 3);
  if (row === undefined || column === undefined) return undefined;
  const normal = cross(row, column);
  return dot(normal, normal) > 0.5 ? { row, column } : undefined;
}
