/** Evidence of a model over part of a picture. */
export interface Evidence {
  /** Log-odds of `side` × `side` fields over the box, row after row from its top. */
  readonly field: readonly number[];
  readonly side: number;
  /** Left, top, right, bottom of the box as fractions of the whole picture; may leave it a little. */
  readonly box: readonly [number, number, number, number];
}

/** The rank of the value that is halfway, the weight of the outermost ring, whose values are made by the edge of the box. */
const HALFWAY_RANK = 6;
const OFFSET = 0.5;
const RING = 0.35;

/** How much each field speaks for the finding, 0 to 1 (the model's card: a logistic curve about the sixth largest value). */
export function heatOf({ field, side }: Evidence): Float64Array {
  const sorted = [...field].sort((a, b) => b - a);
  const middle = sorted[HALFWAY_RANK - 1] ?? 0;
  return Float64Array.from(field, (value, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    const isRing = x === 0 || y === 0 || x === side - 1 || y === side - 1;
    return (isRing ? RING : 1) / (1 + Math.exp(-(value - middle + OFFSET)));
  });
}

/** Bilinear, `x` and `y` in fields from the middle of the first one; beyond the edge the edge goes on. */
function between(heat: Float64Array, side: number, x: number, y: number): number {
  const clamp = (value: number): number => Math.min(side - 1, Math.max(0, value));
  const [left, top] = [Math.floor(clamp(x)), Math.floor(clamp(y))];
  const [right, bottom] = [clamp(left + 1), clamp(top + 1)];
  const [fx, fy] = [clamp(x) - left, clamp(y) - top];
  const at = (column: number, row: number): number => heat[row * side + column] ?? 0;
  const above = at(left, top) * (1 - fx) + at(right, top) * fx;
  const below = at(left, bottom) * (1 - fx) + at(right, bottom) * fx;
  return above * (1 - fy) + below * fy;
}

/** Dark amber to bright yellow with what is in it, more opaque with more; nothing where there is nothing. */
function paint(rgba: Uint8Array, at: number, heat: number): void {
  rgba[at] = 255;
  rgba[at + 1] = Math.round(70 + 165 * heat);
  rgba[at + 2] = 20;
  rgba[at + 3] = Math.round(255 * Math.max(0, heat - 0.1) * 0.75);
}

/** The evidence as a picture of RGB and alpha that lies on the whole film, transparent outside the box. */
export function heatPicture(evidence: Evidence, width: number, height: number): Uint8Array {
  const heat = heatOf(evidence);
  const { side, box } = evidence;
  const [x0, y0, x1, y1] = box;
  const rgba = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    const v = ((row + 0.5) / height - y0) / (y1 - y0);
    if (v < 0 || v > 1) continue;
    for (let column = 0; column < width; column += 1) {
      const u = ((column + 0.5) / width - x0) / (x1 - x0);
      if (u >= 0 && u <= 1) paint(rgba, (row * width + column) * 4, between(heat, side, u * side - 0.5, v * side - 0.5));
    }
  }
  return rgba;
}

/** Thirds of each lung's side as one looks at the film: what is on its left is the patient's right. */
export const REGIONS = ['RIGHT_UPPER', 'RIGHT_MIDDLE', 'RIGHT_LOWER', 'LEFT_UPPER', 'LEFT_MIDDLE', 'LEFT_LOWER'] as const;
export type Region = (typeof REGIONS)[number];

export interface RegionEvidence {
  readonly region: Region;
  /** The most that a field of it has, 0 to 1. */
  readonly score: number;
  /** Around its fields that speak for the finding; left, top, right, bottom as fractions of the whole picture, within it. */
  readonly box: readonly [number, number, number, number];
}

/** Above what the sixth largest value has (0.62): at most five fields of a map that has no peak of its own. */
const SPEAKS = 0.7;
const MOST_REGIONS = 3;

/** Where the evidence is, the strongest first; empty where no field speaks for the finding. */
export function regionsOf(evidence: Evidence): RegionEvidence[] {
  const heat = heatOf(evidence);
  const { side } = evidence;
  const third = (row: number): number => Math.min(2, Math.floor((row * 3) / side));
  const found = REGIONS.map((region, index) => {
    const fields = [...heat.keys()].filter((at) => {
      const isLeftLung = at % side >= side / 2;
      return (heat[at] ?? 0) >= SPEAKS && (isLeftLung ? 3 : 0) + third(Math.floor(at / side)) === index;
    });
    const score = Math.max(0, ...fields.map((at) => heat[at] ?? 0));
    return { region, score, box: aroundFields(evidence, fields) };
  });
  return found
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_REGIONS);
}

function aroundFields({ side, box }: Evidence, fields: readonly number[]): RegionEvidence['box'] {
  const [x0, y0, x1, y1] = box;
  const columns = fields.map((at) => at % side);
  const rows = fields.map((at) => Math.floor(at / side));
  const across = (field: number): number => inside(x0 + (field / side) * (x1 - x0));
  const down = (field: number): number => inside(y0 + (field / side) * (y1 - y0));
  return [across(Math.min(...columns)), down(Math.min(...rows)), across(Math.max(...columns) + 1), down(Math.max(...rows) + 1)];
}

const inside = (fraction: number): number => Math.min(1, Math.max(0, fraction));
