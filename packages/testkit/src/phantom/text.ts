/** A small font of our own, capitals and digits: a character, then its seven rows of five pixels as digits to the base 32. */
const FONT = new Map(
  `Aehhvhhh Buhhuhhu Cfgggggf Duhhhhhu Evgguggv Fvgguggg Gfggjhhf Hhhhvhhh Ie44444e J72222ic Khikokih Lggggggv Mhrllhhh
   Nhplljhh Oehhhhhe Puhhuggg Qehhhlid Ruhhukih Sfgge11u Tv444444 Uhhhhhhe Vhhhhha4 Whhhllrh Xhha4ahh Yhha4444 Zv1248gv
   0ehjlphe 14c4444e 2eh168gv 3u11e11u 426aiv22 5vgu11he 6egguhhe 7v124888 8ehhehhe 9ehhf11e -000v000 /11248gg ^4ah0000
   :0440440`
    .split(/\s+/)
    .map((entry) => [entry.charAt(0), [...entry.slice(1)].map((row) => Number.parseInt(row, 32))]),
);
/** The two rows above a letter, by its combining mark: grave, acute, circumflex, diaeresis; the cedilla is one below. */
const MARKS = new Map([
  ['\u0300', [8, 4]],
  ['\u0301', [2, 4]],
  ['\u0302', [4, 10]],
  ['\u0308', [10, 0]],
]);
const ACCENT_ROWS = 3;

/** Ten rows of a character with its marks, three of them above, and one below. */
function glyphOf(character: string): readonly number[] {
  const [base = ' ', ...marks] = character.normalize('NFD');
  const above = MARKS.get(marks[0] ?? '') ?? [0, 0];
  return [...above, 0, ...(FONT.get(base) ?? [0, 0, 0, 0, 0, 0, 0]), marks[0] === '\u0327' ? 4 : 0];
}

export interface WrittenText {
  readonly text: string;
  /** Upper left corner of its capitals. */
  readonly x: number;
  readonly y: number;
  /** Of its capitals in pixels. */
  readonly height: number;
}

/** Share of a pixel that text covers, 0 to 1: strokes of a width that is no whole number of pixels are grey at their edges. */
function coverage(glyph: readonly number[], x: number, y: number, scale: number): number {
  const steps = 3;
  let covered = 0;
  for (let dy = 0; dy < steps; dy += 1)
    for (let dx = 0; dx < steps; dx += 1) {
      const [column, row] = [Math.floor((x + (dx + 0.5) / steps) / scale), Math.floor((y + (dy + 0.5) / steps) / scale)];
      if (column < 5 && row >= 0 && (((glyph[row] ?? 0) >> (4 - column)) & 1) === 1) covered += 1;
    }
  return covered / steps ** 2;
}

/** How far text reaches to the right and down from its corner, and up by its accents; in pixels. */
export function sizeOfText({ text, height }: Pick<WrittenText, 'text' | 'height'>): { width: number; above: number } {
  const scale = height / 7;
  return { width: Math.ceil([...text].length * 6 * scale), above: Math.ceil(ACCENT_ROWS * scale) };
}

/** Calls `set` for each pixel that text covers, with the share that it covers. Capitals, digits and French accents. */
export function paintText({ text, x, y, height }: WrittenText, set: (x: number, y: number, share: number) => void): void {
  const scale = height / 7;
  const rows = Math.ceil(11 * scale);
  for (const [at, character] of [...text.normalize('NFC')].entries()) {
    const glyph = glyphOf(character);
    const left = Math.round(at * 6 * scale);
    for (let dy = 0; dy < rows; dy += 1)
      for (let dx = 0; dx < Math.ceil(6 * scale); dx += 1) {
        const share = coverage(glyph, dx, dy, scale);
        if (share > 0) set(x + left + dx, y + dy - Math.round(ACCENT_ROWS * scale), share);
      }
  }
}
