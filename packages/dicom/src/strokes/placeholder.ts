import { strokeText, strokeWidth } from './text.ts';

const SIDE = 128;
const [LEFT, TOP, WIDTH, HEIGHT, FOLD] = [26, 10, 76, 108, 20] as const;
const LONGEST = 9;

/** A page with a folded corner that names its kind (`PDF`, `SR`, `ECG`), as SVG 128 pixels a side: what stands for what is no picture. */
export function placeholderSvg(kind: string): string {
  const text = kind.slice(0, LONGEST);
  const size = Math.min(22, (WIDTH - 14) / Math.max(1, strokeWidth(text)));
  const label = strokeText(text, SIDE / 2 - (strokeWidth(text) * size) / 2, 66 - size / 2, size);
  const [right, bottom] = [LEFT + WIDTH, TOP + HEIGHT];
  const page = `M${LEFT} ${TOP}H${right - FOLD}L${right} ${TOP + FOLD}V${bottom}H${LEFT}Z`;
  const fold = `M${right - FOLD} ${TOP}V${TOP + FOLD}H${right}`;
  const lines = [94, 102].map((y) => `M${LEFT + 12} ${y}H${right - 12}`).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}"><rect width="${SIDE}" height="${SIDE}" fill="#000"/>` +
    `<path d="${page}" fill="#e8e6e1" stroke="#8a8a8a"/><path d="${fold}" fill="#cfccc4" stroke="#8a8a8a"/>` +
    `<path d="${lines}" stroke="#b9b6ae" stroke-width="2" fill="none"/>` +
    `<path d="${label}" stroke="#1f2a33" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" fill="none"/></svg>`
  );
}
