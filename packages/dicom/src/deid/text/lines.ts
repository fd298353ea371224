import type { Component } from './components.ts';
import type { Levels } from './levels.ts';

/** Where something in a picture looks like text; in pixels from the upper left, `score` above 0 and up to 1. */
export interface TextBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly score: number;
}

/** What a line has at least: letters, and width by height. */
const LEAST_LETTERS = 3;
const LEAST_LENGTH = 1.6;
const LEAST_SCORE = 0.4;
/** Of the rows above and below. */
const MOST_ALIKE = 0.4;

const heightOf = ({ top, bottom }: Component): number => bottom - top;
const widthOf = ({ left, right }: Component): number => right - left;
const fillOf = (one: Component): number => one.area / (heightOf(one) * widthOf(one));

/** Whether a piece may be a letter, or some that touch: strokes of one level, with sharp edges, that leave part of their box free. */
export function isLetter(one: Component): boolean {
  const [height, width] = [heightOf(one), widthOf(one)];
  const stroke = one.area / one.runs;
  if (height < 5 || width > height * 14 || width < height * 0.08) return false;
  if (one.spread > 0.2 || one.edge < 0.5) return false;
  return fillOf(one) > 0.12 && stroke < height * 0.75;
}

/** Letters that a piece stands for: several where they touch. */
const lettersIn = (one: Component): number => Math.max(1, Math.round(widthOf(one) / heightOf(one) / 0.8));

/** Whether two pieces stand beside each other as letters of a word do. */
function areNeighbours(left: Component, right: Component): boolean {
  const [high, low] = [Math.max(heightOf(left), heightOf(right)), Math.min(heightOf(left), heightOf(right))];
  const gap = Math.max(left.left, right.left) - Math.min(left.right, right.right);
  const shared = Math.min(left.bottom, right.bottom) - Math.max(left.top, right.top);
  return low > high * 0.6 && gap <= high * 1.1 && shared > low * 0.6 && Math.abs(left.mean - right.mean) < 40;
}

const BAND = 64;
/** Beyond this nothing to the left is a neighbour. */
const REACH = 180;

/** Pieces in groups of neighbours. */
function groupsOf(unsorted: readonly Component[]): Component[][] {
  const pieces = unsorted.toSorted((left, right) => left.left - right.left);
  const group: Component[][] = pieces.map((piece) => [piece]);
  const places = new Map(pieces.map((piece, index) => [piece, index]));
  const bands = new Map<number, number[]>();
  for (const [index, piece] of pieces.entries()) {
    const band = Math.floor((piece.top + piece.bottom) / 2 / BAND);
    for (const near of [band - 1, band, band + 1]) {
      const left = (bands.get(near) ?? []).filter((other) => (pieces[other]?.right ?? 0) > piece.left - REACH);
      bands.set(near, left);
      for (const other of left) {
        const [mine, theirs, candidate] = [group[index], group[other], pieces[other]];
        if (mine === undefined || theirs === undefined || candidate === undefined || mine === theirs) continue;
        if (!areNeighbours(candidate, piece)) continue;
        theirs.push(...mine);
        for (const member of mine) group[places.get(member) ?? 0] = theirs;
      }
    }
    bands.set(band, [...(bands.get(band) ?? []), index]);
  }
  return [...new Set(group)];
}

const middleOf = (values: readonly number[]): number => values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
const shareOf = (values: readonly number[], isTrue: (value: number) => boolean): number =>
  values.filter(isTrue).length / Math.max(1, values.length);

/** How much a group looks like a line of text, 0 to 1: letters on one baseline, of one height, with strokes of one width. */
function scoreOf(group: readonly Component[]): number {
  const letters = group.reduce((sum, one) => sum + lettersIn(one), 0);
  const height = middleOf(group.map(heightOf));
  const left = Math.min(...group.map((one) => one.left));
  const right = Math.max(...group.map((one) => one.right));
  if (letters < LEAST_LETTERS || right - left < height * LEAST_LENGTH) return 0;
  const [baseline, stroke] = [middleOf(group.map((one) => one.bottom)), middleOf(group.map((one) => one.area / one.runs))];
  const near = Math.max(1.5, height * 0.18);
  const onLine = shareOf(
    group.map((one) => one.bottom),
    (bottom) => Math.abs(bottom - baseline) <= near,
  );
  const alike = shareOf(
    group.map((one) => one.area / one.runs),
    (one) => one > stroke * 0.5 && one < stroke * 2,
  );
  // Ticks, grids and bars fill their boxes.
  const open = shareOf(group.map(fillOf), (fill) => fill < 0.82);
  if (onLine < 0.6 || open < 0.3) return 0;
  const sharp = middleOf(group.map((one) => Math.min(1, one.edge) * (1 - 2 * one.spread)));
  return onLine * alike * sharp * (1 - 0.5 ** (letters - 1));
}

/** The share of a row that is as the letters are: above and below a line is ground, and more of the same where it was only cut out of something larger. */
function shareAlike(
  { levels, rows, columns }: Levels,
  row: number,
  { group, x, width }: { group: readonly Component[]; x: number; width: number },
): number {
  if (row < 0 || row >= rows) return 0;
  const mean = middleOf(group.map((one) => one.mean));
  const near = middleOf(group.map((one) => one.contrast)) / 2;
  let alike = 0;
  for (let at = row * columns + x; at < row * columns + x + width; at += 1)
    if (Math.abs((levels[at] ?? 0) - mean) < near) alike += 1;
  return alike / width;
}

/** Lines of text of one polarity in a picture. */
export function linesOf(picture: Levels, pieces: readonly Component[]): TextBox[] {
  return groupsOf(pieces.filter(isLetter)).flatMap((group) => {
    const score = scoreOf(group);
    if (score < LEAST_SCORE) return [];
    const [x, y] = [Math.min(...group.map((one) => one.left)), Math.min(...group.map((one) => one.top))];
    const width = Math.max(...group.map((one) => one.right)) - x;
    const height = Math.max(...group.map((one) => one.bottom)) - y;
    const isCut = [y - 2, y + height + 1].some((row) => shareAlike(picture, row, { group, x, width }) > MOST_ALIKE);
    return isCut ? [] : [{ x, y, width, height, score: Math.round(score * 100) / 100 }];
  });
}
