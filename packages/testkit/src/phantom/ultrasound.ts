import { encodeRle } from '../part10/rle.ts';
import { SopClass, TransferSyntax } from '../part10/transfer-syntax.ts';
import { createPrng } from '../prng.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions } from './instance.ts';

export interface UltrasoundOptions extends PhantomOptions {
  /** Default 24. */
  readonly frames?: number;
  /** Default 480. */
  readonly rows?: number;
  /** Default 640. */
  readonly columns?: number;
  /** RLE Lossless, or uncompressed RGB by pixel (default). */
  readonly encoding?: 'native' | 'rle';
}

interface Sector {
  /** For each pixel: angle and depth packed as an index into speckle, or -1 outside the fan. */
  readonly index: Int32Array;
  readonly depth: Float32Array;
  readonly angle: Float32Array;
}

const SPECKLE = 4096;

function sectorOf(rows: number, columns: number): Sector {
  const count = rows * columns;
  const sector: Sector = {
    index: new Int32Array(count).fill(-1),
    depth: new Float32Array(count),
    angle: new Float32Array(count),
  };
  const apexY = rows * 0.04;
  const reach = rows * 0.92;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const dx = column - columns / 2;
      const dy = row - apexY;
      const depth = Math.hypot(dx, dy) / reach;
      const angle = Math.atan2(dx, dy);
      if (depth > 1 || depth < 0.03 || Math.abs(angle) > 0.68) continue;
      const at = row * columns + column;
      sector.depth[at] = depth;
      sector.angle[at] = angle;
      // Speckle is short along the beam and wide across it.
      sector.index[at] = Math.floor(depth * 170) * 61 + Math.floor((angle + 0.7) * 60);
    }
  }
  return sector;
}

/** Brightness of the heart in a four-chamber view at a place of the fan; `beat` runs from 0 (filled) to 1 (contracted). */
function echo(x: number, y: number, beat: number): number {
  const inside = (cx: number, cy: number, rx: number, ry: number): number => Math.hypot((x - cx) / rx, (y - cy) / ry);
  const squeeze = 1 - 0.24 * beat;
  const left = inside(0.13, 0.44, 0.12 * squeeze, 0.24 * (1 - 0.12 * beat));
  const right = inside(-0.15, 0.46, 0.1 * squeeze, 0.2 * (1 - 0.1 * beat));
  const atria = Math.min(inside(0.13, 0.8, 0.13, 0.1 * (1 + 0.2 * beat)), inside(-0.15, 0.8, 0.12, 0.1 * (1 + 0.2 * beat)));
  const valveY = 0.68 - 0.03 * beat;
  const leaf = 0.06 * (1 - beat);
  if (Math.abs(y - valveY - Math.abs(Math.abs(x) - 0.14) * leaf * 8) < 0.009 && Math.abs(x) < 0.26) return 0.95;
  if (left < 1 || right < 1 || atria < 1) return 0.05;
  if (left < 1.45 || right < 1.25) return 0.5;
  if (atria < 1.16) return 0.62;
  return inside(0, 0.55, 0.42, 0.48) < 1 ? 0.42 : 0.25;
}

function paintFrame(sector: Sector, speckle: Float32Array, frame: Uint8Array, beat: number, shift: number): void {
  for (let at = 0; at < sector.index.length; at++) {
    const cell = sector.index[at] ?? -1;
    if (cell < 0) continue;
    const depth = sector.depth[at] ?? 0;
    const angle = sector.angle[at] ?? 0;
    const tissue = depth < 0.09 ? 0.8 : echo(Math.sin(angle) * depth, Math.cos(angle) * depth, beat);
    const grain = 0.45 + 0.75 * (speckle[(cell + shift) % SPECKLE] ?? 0);
    const grey = Math.min(255, 235 * tissue * grain * (1.05 - 0.35 * depth));
    frame[at * 3] = grey;
    frame[at * 3 + 1] = grey;
    frame[at * 3 + 2] = Math.min(255, grey + 4);
  }
}

/** A grey wedge at the side and a triggered trace below, as machines burn them in, in colour so that RGB is RGB. */
function paintOverlay(frame: Uint8Array, rows: number, columns: number, progress: number): void {
  const put = (row: number, column: number, red: number, green: number, blue: number): void => {
    frame.set([red, green, blue], (row * columns + column) * 3);
  };
  for (let row = 0; row < rows / 3; row++) {
    const grey = 255 - Math.floor((row / (rows / 3)) * 255);
    for (let column = columns - 26; column < columns - 14; column++) put(row + 20, column, grey, grey, grey);
  }
  for (let column = 0; column < columns; column++) {
    const t = ((column / columns) * 3) % 1;
    const spike =
      t > 0.3 && t < 0.34
        ? (t - 0.3) * 25
        : t >= 0.34 && t < 0.38
          ? (0.38 - t) * 25
          : t > 0.55 && t < 0.7
            ? Math.sin((t - 0.55) * 21) * 0.25
            : 0;
    const row = Math.round(rows * 0.975 - spike * rows * 0.06);
    put(row, column, 40, column / columns < progress ? 220 : 90, 60);
  }
}

/**
 * Yields one multi-frame ultrasound clip of a beating heart: RGB, 8 bits, native or RLE Lossless, 40 ms a frame. Source: PS3.3 A.7 and C.8.5.6.
 */
export function* ultrasoundClip(options: UltrasoundOptions): Generator<GeneratedInstance> {
  const { frames = 24, rows = 480, columns = 640, encoding = 'native' } = options;
  const prng = createPrng('ultrasound', options.seed);
  const speckle = Float32Array.from({ length: SPECKLE }, () => Math.sqrt(-2 * Math.log(1 - prng.next())) * 0.6);
  const sector = sectorOf(rows, columns);
  const size = rows * columns * 3;
  const pixels = encoding === 'native' ? new Uint8Array(size * frames) : new Uint8Array(0);
  const fragments: Uint8Array[][] = [];
  for (let index = 0; index < frames; index++) {
    const frame = encoding === 'native' ? pixels.subarray(index * size, (index + 1) * size) : new Uint8Array(size);
    paintFrame(sector, speckle, frame, 0.5 - 0.5 * Math.cos((index / Math.max(1, frames)) * 2 * Math.PI), index * 7);
    paintOverlay(frame, rows, columns, (index + 1) / frames);
    if (encoding === 'rle') fragments.push([encodeRle(frame, { rows, columns, samplesPerPixel: 3, bytesPerSample: 1 })]);
  }
  const syntax = encoding === 'rle' ? { ...options, transferSyntaxUid: TransferSyntax.rleLossless } : options;
  yield buildInstance('us', syntax, {
    SOPClassUID: SopClass.ultrasoundMultiFrame,
    Modality: 'US',
    ImageType: ['ORIGINAL', 'PRIMARY', 'CARDIAC', '0001'],
    BodyPartExamined: 'HEART',
    StudyDescription: 'Échocardiographie transthoracique',
    SeriesDescription: 'Quatre cavités apicale',
    InstanceNumber: 1,
    NumberOfFrames: frames,
    FrameTime: 40,
    FrameIncrementPointer: { vr: 'AT', value: 0x00181063 },
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '00',
    PixelData: encoding === 'rle' ? { frames: fragments, offsetTable: 'basic' } : { vr: 'OB', value: pixels },
  });
}
