import { SopClass } from '../part10/transfer-syntax.ts';
import { createPrng, type Seed } from '../prng.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions } from './instance.ts';

export interface SecondaryCaptureOptions extends PhantomOptions {
  /** Default 600. */
  readonly rows?: number;
  /** Default 800. */
  readonly columns?: number;
}

type Colour = readonly [number, number, number];

type Box = (x: number, y: number, width: number, height: number, colour: Colour) => void;

/** Fills rectangles of an RGB picture, as far as they lie in it. */
function boxPainter(pixels: Uint8Array, rows: number, columns: number): Box {
  return (x, y, width, height, colour) => {
    for (let row = Math.max(0, Math.round(y)); row < Math.min(rows, y + height); row++) {
      for (let column = Math.max(0, Math.round(x)); column < Math.min(columns, x + width); column++)
        pixels.set(colour, (row * columns + column) * 3);
    }
  };
}

/** A title bar, lines, bars and one curve. */
function paintReport(pixels: Uint8Array, rows: number, columns: number, seed: Seed): void {
  const prng = createPrng('screen', seed);
  const box = boxPainter(pixels, rows, columns);
  box(0, 0, columns, rows, [24, 28, 36]);
  box(0, 0, columns, rows * 0.08, [44, 62, 92]);
  for (let line = 0; line < 6; line++) box(columns * 0.06, rows * (0.16 + line * 0.13), columns * 0.88, 1, [60, 66, 78]);
  for (let bar = 0; bar < 12; bar++) {
    const height = rows * prng.between(0.08, 0.45);
    const colour: Colour = bar % 3 === 0 ? [214, 122, 64] : [86, 148, 204];
    box(columns * (0.08 + bar * 0.07), rows * 0.82 - height, columns * 0.045, height, colour);
  }
  let y = rows * 0.35;
  for (let column = Math.round(columns * 0.07); column < columns * 0.93; column++) {
    y = Math.min(rows * 0.6, Math.max(rows * 0.16, y + prng.normal() * 1.6));
    box(column, y, 2, 3, [120, 220, 140]);
  }
}

/** Yields one colour secondary capture (RGB, 8 bits): a dose report as a screen of curves and bars, without text or patient data. Source: PS3.3 A.8. */
export function* secondaryCapture(options: SecondaryCaptureOptions): Generator<GeneratedInstance> {
  const { rows = 600, columns = 800 } = options;
  const pixels = new Uint8Array(rows * columns * 3);
  paintReport(pixels, rows, columns, options.seed);
  yield buildInstance('sc', options, {
    SOPClassUID: SopClass.secondaryCapture,
    Modality: 'OT',
    ConversionType: 'WSD',
    ImageType: ['DERIVED', 'SECONDARY'],
    SeriesDescription: 'Rapport de dose (capture)',
    InstanceNumber: 1,
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: { vr: 'OB', value: pixels },
  });
}
