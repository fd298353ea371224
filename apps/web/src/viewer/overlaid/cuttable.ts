import { segmentMask } from '@negatoscope/dicom';
import type { PlaneRequest } from '../model/volume.ts';
import { type Cut, cutMask, cutValues, doseColor } from './cut.ts';
import type { Layer, LayerItem } from './layer.ts';
import { mapColor } from './map-over.tsx';
import { layerFrameOnce, ofFrames, wholeDose } from './pixels-of.ts';
import { roiStack } from './roi-stack.ts';
import { type Stack, stackOf } from './stack.ts';
import { wholeMap } from './whole-map.ts';

/** What the colours of values stand for. */
export interface CutScale {
  readonly kind: 'dose' | 'map';
  readonly from: number;
  readonly to: number;
  readonly unit: string | undefined;
}

/** Draws what an item of a layer has on a plane. */
export interface CutItem {
  readonly draw: (cut: Cut, plane: PlaneRequest) => void;
  /** Of values; undefined for what has one colour. */
  readonly scale?: CutScale;
}

/** Why a layer can't be cut by other planes than its own. */
export type Uncut = 'space' | 'shape' | 'long' | 'unread';

const MOST_BYTES = 96 * 1024 * 1024;

/** Whether a layer lies in the space of a volume. */
export function isInSpaceOf(layer: Layer, frameOfReferenceUid: string | undefined): boolean {
  if (frameOfReferenceUid === undefined) return false;
  if (layer.kind === 'structures') return layer.structures.rois.some((roi) => roi.frameOfReferenceUid === frameOfReferenceUid);
  const placed = layer.kind === 'dose' ? layer.dose : layer.kind === 'map' ? layer.map : layer.segmentation;
  return placed.frameOfReferenceUid === frameOfReferenceUid;
}

type Of<Kind extends Layer['kind']> = Extract<Layer, { kind: Kind }>;

async function segmentStack(layer: Of<'segmentation'>, { number }: LayerItem): Promise<Stack<Uint8ClampedArray> | Uncut> {
  const { segmentation } = layer;
  const { rows, columns } = segmentation;
  const own = segmentation.frames.filter(({ segment }) => segment === undefined || segment === number);
  if (own.length * rows * columns > MOST_BYTES) return 'long';
  // Whether they lie as they must is known before anything is fetched.
  if (
    stackOf(
      own.map((frame) => ({ ...frame, value: frame })),
      segmentation,
    ) === undefined
  )
    return 'shape';
  const masks = await ofFrames(
    own.map(({ frame }) => frame),
    async (frame) => segmentMask(await layerFrameOnce(layer, frame), segmentation, number),
  );
  const stack = stackOf(
    own.map(({ plane, thicknessMm }, index) => ({ plane, thicknessMm, value: masks[index] ?? new Uint8ClampedArray(0) })),
    segmentation,
  );
  return stack ?? 'shape';
}

async function segmentItem(layer: Of<'segmentation'>, item: LayerItem): Promise<CutItem | Uncut> {
  const stack = await segmentStack(layer, item);
  if (typeof stack === 'string') return stack;
  return { draw: (cut, plane) => cutMask(cut, plane, stack, item.color, (mask, pixel) => mask[pixel] ?? 0) };
}

function structureItem(
  { structures }: Of<'structures'>,
  item: LayerItem,
  frameOfReferenceUid: string | undefined,
): CutItem | Uncut {
  const roi = structures.rois.find(({ number }) => number === item.number);
  if (roi === undefined || roi.frameOfReferenceUid !== frameOfReferenceUid) return 'space';
  const stack = roiStack(roi);
  if (stack === undefined) return 'shape';
  return { draw: (cut, plane) => cutMask(cut, plane, stack, item.color, (mask, pixel) => (mask[pixel] === 1 ? 255 : 0)) };
}

async function doseItem(layer: Of<'dose'>): Promise<CutItem | Uncut> {
  const { dose } = layer;
  const { frames, most } = await wholeDose(layer, dose);
  const stack = stackOf(
    dose.planes.map((plane, index) => ({ plane, thicknessMm: undefined, value: frames[index] ?? new Float32Array(0) })),
    dose,
  );
  if (stack === undefined) return 'shape';
  const colorOf = doseColor(most);
  return {
    draw: (cut, plane) => cutValues(cut, plane, stack, colorOf),
    // Parts of a dose that is not told are shares of the greatest.
    scale: { kind: 'dose', from: 0, to: dose.isGray ? most : 100, unit: dose.isGray ? 'Gy' : '%' },
  };
}

async function mapItem(layer: Of<'map'>, { number }: LayerItem): Promise<CutItem | Uncut> {
  const { map } = layer;
  const whole = await wholeMap(layer, map, number);
  const own = map.frames.filter(({ segment }) => segment === number);
  const stack = stackOf(
    own.map((frame) => ({ ...frame, value: whole.values.get(frame.frame) ?? new Float32Array(0) })),
    map,
  );
  if (stack === undefined) return 'shape';
  const colorOf = mapColor(whole);
  const unit = map.quantities.find((one) => one.number === number)?.unit;
  return {
    draw: (cut, plane) => cutValues(cut, plane, stack, colorOf),
    scale: { kind: 'map', from: whole.from, to: whole.to, unit },
  };
}

/** What of an item can be drawn on any plane of a space; its pixels are fetched whole. Why not, where it can't be. */
export async function cuttable(layer: Layer, item: LayerItem, frameOfReferenceUid: string | undefined): Promise<CutItem | Uncut> {
  if (!isInSpaceOf(layer, frameOfReferenceUid)) return 'space';
  try {
    if (layer.kind === 'segmentation') return await segmentItem(layer, item);
    if (layer.kind === 'structures') return structureItem(layer, item, frameOfReferenceUid);
    if (layer.kind === 'map') return await mapItem(layer, item);
    return await doseItem(layer);
  } catch {
    return 'unread';
  }
}
