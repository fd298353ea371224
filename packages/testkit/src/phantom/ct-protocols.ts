import type { Seed } from '../prng.ts';
import { type Canvas, fillEllipse } from './canvas.ts';
import { paintHead } from './head.ts';
import type { PhantomOptions } from './instance.ts';
import { createThorax, paintThorax, type ThoraxBody } from './thorax.ts';

export interface CtOptions extends PhantomOptions {
  /** Number of instances, head first. Default 120. */
  readonly slices?: number;
  /** Default 512. */
  readonly rows?: number;
  /** Default 512. */
  readonly columns?: number;
  readonly anatomy?: 'thorax' | 'head';
  /** Millimetres between slices; by default the anatomy is covered whatever the number of slices. */
  readonly spacingMm?: number;
  /** Standard deviation of the noise in Hounsfield units; by default that of the protocol. 6 makes a thorax compress about 3:1 as HTJ2K, as patients do; 45 makes it 2:1. */
  readonly noise?: number;
  /** Stored as signed values around 0 or, by default, as unsigned values with Rescale Intercept -1024; both 16 bits allocated, 12 stored. */
  readonly isSigned?: boolean;
  /** The body's own seed, for several series of one patient; the series' seed by default. */
  readonly bodySeed?: Seed;
  /** Shared by series of the same anatomy and body only; the first one paints. */
  readonly base?: CtBase;
  readonly body?: Partial<Omit<ThoraxBody, 'seed'>>;
}

export interface Protocol {
  readonly fieldMm: number;
  readonly centreY: number;
  /** Depth of the first slice and of the last, millimetres below the apex of lung or skull. */
  readonly first: number;
  readonly last: number;
  readonly noise: number;
  readonly elements: { readonly [keyword: string]: string | number | readonly (string | number)[] };
  paint(canvas: Canvas, depth: number): void;
}

export function thoraxProtocol(options: CtOptions): Protocol {
  const thorax = createThorax(options.bodySeed ?? options.seed, options.body);
  return {
    fieldMm: 380,
    centreY: 6,
    first: -14,
    last: 292,
    noise: 13,
    elements: {
      BodyPartExamined: 'CHEST',
      StudyDescription: 'Scanner thoracique',
      SeriesDescription: thorax.body.isContrast ? 'Thorax injecté 2,5 mm' : 'Thorax sans injection 2,5 mm',
      ProtocolName: 'Thorax',
      ConvolutionKernel: 'B40f',
      KVP: 120,
      WindowCenter: [40, -600],
      WindowWidth: [400, 1500],
      WindowCenterWidthExplanation: ['Médiastin', 'Poumon'],
    },
    paint: (canvas, depth) => {
      paintThorax(canvas, thorax, depth);
      paintTable(canvas, 130);
    },
  };
}

export function headProtocol(options: CtOptions): Protocol {
  return {
    fieldMm: 240,
    centreY: 0,
    first: -2,
    last: 146,
    noise: 5,
    elements: {
      BodyPartExamined: 'HEAD',
      StudyDescription: 'Scanner cérébral',
      SeriesDescription: 'Crâne sans injection',
      ProtocolName: 'Encéphale',
      ConvolutionKernel: 'H31s',
      KVP: 120,
      WindowCenter: [35, 450],
      WindowWidth: [80, 2000],
      WindowCenterWidthExplanation: ['Cerveau', 'Os'],
    },
    paint: (canvas, depth) => paintHead(canvas, depth, options.bodySeed ?? options.seed),
  };
}

/** The couch: two thin shells and air between, curved towards the patient. */
function paintTable(canvas: Canvas, y: number): void {
  fillEllipse(canvas, { x: 0, y: y + 14, rx: 205, ry: 14, exponent: 3 }, -120);
  fillEllipse(canvas, { x: 0, y: y + 14, rx: 201, ry: 11, exponent: 3 }, -900);
}

/** Painted and smoothed slices that several series may share, so that each costs its noise only. Half a MiB a slice of 512 x 512. */
export type CtBase = Map<string, Int16Array>;
