import { type Canvas, fillEllipse } from './canvas.ts';
import { cageAt, THORAX } from './thorax-shape.ts';
import { type Ball, binBalls } from './thorax-tree.ts';

const CORTEX = 780;
const MARROW = 260;
const CARTILAGE = 110;
const VERTEBRA_MM = 23;

interface RibPiece extends Ball {
  readonly isCartilage: boolean;
}

/** Ribs as balls along the cage: a rib leaves the spine, sinks as it turns forward, and ends in cartilage (1 to 10). */
function ribs(): RibPiece[] {
  const pieces: RibPiece[] = [];
  for (let rib = 0; rib < 12; rib++) {
    const start = -6 + rib * 21.5;
    const drop = 26 + Math.min(rib, 6) * 12;
    const end = rib > 9 ? 1.5 : 2.72;
    for (let angle = 0.26; angle < end; angle += 0.012) {
      const s = start + (drop * (1 - Math.cos(angle))) / 2 + 6 * Math.sin(angle) - 4;
      const cage = cageAt(s);
      const x = (cage.halfWidth + 1.5) * Math.sin(angle);
      const y = cage.centreY + (cage.halfDepth + 1.5) * Math.cos(angle);
      const radius = 4.4 + 1.1 * Math.sin(angle);
      for (const side of [-1, 1]) pieces.push({ x: side * x, y, s, radius, isCartilage: angle > 2.12 });
    }
  }
  return pieces;
}

/** Distance of a hanging arm's bone from the middle; arms are held off the trunk for a radiograph. */
export function armX(s: number): number {
  return 172 + Math.max(0, s - 8) * 0.34;
}

/** Clavicles, and the heads of the humeri when the arms hang down. */
function shoulderGirdle(armsDown: boolean): Ball[] {
  const balls: Ball[] = [];
  for (const side of [-1, 1]) {
    for (let t = 0; t <= 1; t += 0.012) {
      const bend = Math.sin(t * Math.PI * 2) * 9;
      balls.push({
        x: side * (13 + 138 * t),
        y: -22 + 34 * t - bend,
        s: 26 - 30 * t - bend * 0.5,
        radius: 7.2 - 2.4 * Math.sin(t * Math.PI),
      });
    }
    if (!armsDown) continue;
    balls.push({ x: side * 172, y: 12, s: 16, radius: 22 });
    for (let s = 24; s < 330; s += 2.5) balls.push({ x: side * armX(s), y: 14, s, radius: 12 - Math.min(3, s * 0.02) });
  }
  return balls;
}

const BIN_MM = 6;
const ribBins = binBalls(ribs(), BIN_MM) as ReadonlyMap<number, readonly RibPiece[]>;
const girdleBins = { up: binBalls(shoulderGirdle(false), BIN_MM), down: binBalls(shoulderGirdle(true), BIN_MM) };

/** Radius of the circle in which a slice cuts a ball, 0 outside. */
export function cutRadius(ball: Ball, s: number, halfSlice: number): number {
  const distance = Math.max(0, Math.abs(ball.s - s) - halfSlice);
  return distance >= ball.radius ? 0 : Math.sqrt(ball.radius ** 2 - distance ** 2);
}

function paintBalls(canvas: Canvas, balls: readonly Ball[], s: number): void {
  for (const [shell, value] of [
    [0, CORTEX],
    [1.5, MARROW],
  ] as const) {
    for (const ball of balls) {
      const radius = cutRadius(ball, s, 0.6) - shell;
      if (radius > 0) fillEllipse(canvas, { x: ball.x, y: ball.y, rx: radius, ry: radius }, value);
    }
  }
}

function paintSpine(canvas: Canvas, s: number): void {
  const y = THORAX.vertebraY;
  const phase = ((((s + 200) % VERTEBRA_MM) + VERTEBRA_MM) % VERTEBRA_MM) / VERTEBRA_MM;
  const isDisc = phase < 0.2;
  const waist = 1 - 0.14 * Math.sin(Math.max(0, phase - 0.2) * Math.PI * 1.25);
  const grown = 1 + s * 0.0007;
  const body = { x: 0, y, rx: 17 * waist * grown, ry: 13.5 * waist * grown };
  if (phase > 0.3) fillEllipse(canvas, { x: 0, y: y + 23, rx: 14, ry: 12 }, CORTEX - 150);
  const process = Math.max(0, 1 - ((phase - 0.52) / 0.2) ** 2);
  const reach = s < 0 ? 8 : 15;
  for (const side of [-1, 1])
    fillEllipse(canvas, { x: side * (reach + 7), y: y + 25, rx: reach * process, ry: 5 * process, turn: side * 0.45 }, 420);
  if (phase > 0.25 && phase < 0.9) fillEllipse(canvas, { x: 0, y: y + 36, rx: 3.6, ry: 10 }, 560);
  fillEllipse(canvas, { x: 0, y: y + 22, rx: 9.5, ry: 8.5 }, 15);
  fillEllipse(canvas, { x: 0, y: y + 22, rx: 5, ry: 4 }, 38);
  fillEllipse(canvas, body, isDisc ? 85 : 480);
  if (!isDisc) fillEllipse(canvas, { ...body, rx: body.rx - 1.6, ry: body.ry - 1.6 }, phase < 0.28 || phase > 0.93 ? 330 : 150);
}

function paintSternum(canvas: Canvas, s: number): void {
  if (s < 26 || s > 172) return;
  const cage = cageAt(s);
  const shape = { x: 0, y: cage.centreY - cage.halfDepth - 3.5, rx: s < 66 ? 27 - (s - 26) * 0.28 : 15, ry: 6 };
  fillEllipse(canvas, shape, 520);
  fillEllipse(canvas, { ...shape, rx: shape.rx - 1.5, ry: 4.4 }, 150);
}

function paintScapulae(canvas: Canvas, s: number, armsDown: boolean): void {
  if (s < -8 || s > 120) return;
  const size = Math.sqrt(1 - ((s - 56) / 64) ** 2);
  for (const side of [-1, 1]) {
    const x = side * (armsDown ? 140 : 122);
    const turn = side * (armsDown ? -0.85 : -0.5);
    fillEllipse(canvas, { x, y: 66, rx: 34 * size, ry: 3 * size, turn }, 430);
    const spine = Math.max(0, 1 - ((s - 16) / 14) ** 2);
    fillEllipse(canvas, { x: x + side * 12, y: 78, rx: 24 * spine, ry: 4.5 * spine, turn: side * -0.3 }, 480);
    const socket = Math.max(0, 1 - ((s - 18) / 22) ** 2);
    fillEllipse(canvas, { x: side * 148, y: 34, rx: 10 * socket, ry: 13 * socket }, 330);
  }
}

/** Paints the bones a slice at depth `s` cuts. */
export function paintBones(canvas: Canvas, s: number, armsDown: boolean): void {
  const bin = Math.floor(s / BIN_MM);
  const cut = ribBins.get(bin) ?? [];
  for (const piece of cut) {
    const radius = piece.isCartilage ? cutRadius(piece, s, 0.6) : 0;
    if (radius > 0) fillEllipse(canvas, { x: piece.x, y: piece.y, rx: radius, ry: radius }, CARTILAGE);
  }
  paintBalls(
    canvas,
    cut.filter((piece) => !piece.isCartilage),
    s,
  );
  paintScapulae(canvas, s, armsDown);
  paintBalls(canvas, girdleBins[armsDown ? 'down' : 'up'].get(bin) ?? [], s);
  paintSpine(canvas, s);
  paintSternum(canvas, s);
}
