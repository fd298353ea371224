export interface Plane {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** Mean over a square of (2 radius + 1) points; two running sums, edges repeated. */
function boxBlur({ values, rows, columns }: Plane, radius: number): Float32Array {
  const pass = (source: Float32Array, lines: number, length: number, lineStep: number, step: number): Float32Array => {
    const out = new Float32Array(source.length);
    for (let line = 0; line < lines; line++) {
      const at = (index: number): number => source[line * lineStep + Math.min(length - 1, Math.max(0, index)) * step] ?? 0;
      let sum = 0;
      for (let index = -radius; index <= radius; index++) sum += at(index);
      for (let index = 0; index < length; index++) {
        out[line * lineStep + index * step] = sum / (2 * radius + 1);
        sum += at(index + radius + 1) - at(index - radius);
      }
    }
    return out;
  };
  return pass(pass(values, rows, columns, columns, 1), columns, rows, 1, columns);
}

/** From water-equivalent thickness to 0 (black, air) … 1 (white): local contrast raised, then the S of a film. */
export function develop(plane: Plane): Float32Array {
  const radius = Math.max(1, Math.round((13 * plane.columns) / 500));
  const soft: Plane = { ...plane, values: boxBlur(plane, 1) };
  const wide = boxBlur({ ...soft, values: boxBlur(soft, radius) }, radius);
  const out = new Float32Array(plane.values.length);
  for (let index = 0; index < out.length; index++) {
    const thickness = soft.values[index] ?? 0;
    const local = thickness + 0.75 * (thickness - (wide[index] ?? 0));
    out[index] = thickness < 4 ? 0.01 : 1 / (1 + Math.exp((132 - local) / 34));
  }
  return out;
}

/** Enlarges by bilinear interpolation to stored values of 0 … high. */
export function enlarge(source: Float32Array, plane: Plane, size: { rows: number; columns: number }, high: number): Int16Array {
  const out = new Int16Array(size.rows * size.columns);
  const scaleX = (plane.columns - 1) / (size.columns - 1);
  const scaleY = (plane.rows - 1) / (size.rows - 1);
  for (let row = 0; row < size.rows; row++) {
    const y = Math.min(plane.rows - 2, Math.floor(row * scaleY));
    const fy = row * scaleY - y;
    for (let column = 0; column < size.columns; column++) {
      const x = Math.min(plane.columns - 2, Math.floor(column * scaleX));
      const fx = column * scaleX - x;
      const at = y * plane.columns + x;
      const upper = (source[at] ?? 0) * (1 - fx) + (source[at + 1] ?? 0) * fx;
      const lower = (source[at + plane.columns] ?? 0) * (1 - fx) + (source[at + plane.columns + 1] ?? 0) * fx;
      out[row * size.columns + column] = (upper * (1 - fy) + lower * fy) * high;
    }
  }
  return out;
}
