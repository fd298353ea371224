/** A font of strokes of our own, with small letters: polylines on a grid of five columns and nine rows, x and y of each point as digits. Capitals have seven rows. */
const STROKES = new Map(
  `A06-20-46,14-34 B00-06-36-45-44-33-03,33-42-41-30-00 C41-30-10-01-05-16-36-45 D00-06-26-44-42-20-00 E40-00-06-46,03-33 F40-00-06,03-33
   G41-30-10-01-05-16-36-45-43-23 H00-06,40-46,03-43 I20-26 J40-45-36-16-05 K00-06,40-03-46 L00-06-46 M06-00-23-40-46 N06-00-46-40
   O10-01-05-16-36-45-41-30-10 P06-00-30-41-42-33-03 Q10-01-05-16-36-45-41-30-10,34-46 R06-00-30-41-42-33-03,23-46
   S41-30-10-01-12-33-44-45-36-16-05 T00-40,20-26 U00-05-16-36-45-40 V00-26-40 W00-16-23-36-40 X00-46,40-06 Y00-23-40,23-26 Z00-40-06-46
   a42-46,43-22-12-03-05-16-26-45 b00-06-36-45-43-32-02 c43-32-12-03-05-16-36-45 d40-46-16-05-03-12-42 e04-44-43-32-12-03-05-16-36
   f30-20-11-16,02-32 g42-47-38-18,42-12-03-05-16-46 h00-06,03-12-32-43-46 i22-26,20-20 j32-37-18,30-30 k00-06,32-04-46 l20-26
   m02-06,03-12-23-26,23-32-43-46 n02-06,03-12-32-43-46 o12-03-05-16-36-45-43-32-12 p02-08,02-32-43-45-36-06 q42-48,42-12-03-05-16-46
   r02-06,04-22-32 s42-12-03-24-45-36-06 t20-25-36-46,02-42 u02-05-16-26-45,42-46 v02-26-42 w02-16-24-36-42 x02-46,42-06 y02-26,42-08 z02-42-06-46
   010-01-05-16-36-45-41-30-10 111-20-26 201-10-30-41-42-06-46 300-40-23-33-44-45-36-16-05 436-30-04-44 540-00-02-32-43-45-36-16-05
   630-11-05-16-36-45-43-32-03 700-40-16 810-01-02-13-33-44-45-36-16-05-04-13,33-42-41-30-10 943-13-02-01-10-30-41-45-36-16 -13-33 /06-40`
    .split(/\s+/)
    .map((entry): [string, number[][][]] => [
      entry.charAt(0),
      entry
        .slice(1)
        .split(',')
        .map((line) => line.split('-').map((point) => [...point].map(Number))),
    ]),
);

export interface StrokeText {
  readonly text: string;
  /** Upper left corner of its capitals. */
  readonly x: number;
  readonly y: number;
  /** Of its capitals, in pixels. */
  readonly height: number;
  /** Width of a stroke as a share of the height. */
  readonly weight: number;
  /** How far the top leans to the right, as a share of the height. */
  readonly slant: number;
}

const advanceOf = (height: number): number => (height / 6) * 5.6;

/** How far it reaches to the right of its corner. */
export const widthOfStrokes = ({ text, height, slant }: Pick<StrokeText, 'text' | 'height' | 'slant'>): number =>
  Math.ceil(text.length * advanceOf(height) + slant * height);

function distance(px: number, py: number, [ax = 0, ay = 0]: readonly number[], [bx = 0, by = 0]: readonly number[]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx === 0 && dy === 0 ? 0 : ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

/** Calls `set` for each pixel that strokes cover, with the share that they cover. */
export function paintStrokes(wanted: StrokeText, set: (x: number, y: number, share: number) => void): void {
  const { text, height, weight, slant } = wanted;
  const unit = height / 6;
  const half = Math.max(0.5, (weight * height) / 2);
  for (const [at, character] of [...text].entries()) {
    const left = wanted.x + at * advanceOf(height);
    const lines = (STROKES.get(character) ?? []).map((line) =>
      line.map(([x = 0, y = 0]) => [left + x * unit + slant * (6 - y) * unit, wanted.y + y * unit]),
    );
    const reach = Math.ceil(4 * unit + half + slant * height) + 1;
    for (let y = Math.floor(wanted.y - half); y <= Math.ceil(wanted.y + 8 * unit + half); y += 1)
      for (let x = Math.floor(left - half - slant * 2 * unit); x <= left + reach; x += 1) {
        let least = Number.POSITIVE_INFINITY;
        for (const line of lines)
          for (let point = 1; point < line.length; point += 1)
            least = Math.min(least, distance(x, y, line[point - 1] ?? [], line[point] ?? []));
        const share = Math.min(1, Math.max(0, half + 0.5 - least));
        if (share > 0) set(x, y, share);
      }
  }
}
