/** A place in image pixels: x along the row, y along the column; 0, 0 is the corner of the frame, 0.5, 0.5 the middle of its first pixel (PS3.3 C.18.6). */
export type ImagePoint = readonly [number, number];

/** A part of a frame: a closed line, whose last corner joins the first, or an ellipse by the ends of two conjugate diameters. */
export type Region =
  | { readonly kind: 'polygon'; readonly points: readonly ImagePoint[] }
  | { readonly kind: 'ellipse'; readonly points: readonly [ImagePoint, ImagePoint, ImagePoint, ImagePoint] };

/** The region that a drawing of this kind encloses, by its points as they are kept; undefined for kinds that enclose none. */
export function regionOfDrawing(kind: string, points: readonly ImagePoint[]): Region | undefined {
  const [a, b, c, d] = points;
  if (kind === 'RECTANGLE' || kind === 'FREEHAND') return { kind: 'polygon', points };
  if (kind !== 'ELLIPSE' || a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return points.length === 4 ? { kind: 'ellipse', points: [a, b, c, d] } : undefined;
}
