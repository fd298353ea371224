import { jsonElement, jsonItems, jsonString } from '../json-access.ts';
import { pixelAspectOf } from '../pixels/aspect.ts';
import type { ReadBulk } from '../pixels/bulk.ts';
import { possibleRange } from '../pixels/default-voi.ts';
import { frameFormatOf, pixelTagOf } from '../pixels/describe.ts';
import type { GrayPlan } from '../pixels/gray.ts';
import type { LookupTable } from '../pixels/lookup.ts';
import type { ModalityTransform } from '../pixels/modality.ts';
import { modalityOf, tableOfItem } from '../pixels/plan-modality.ts';
import { type Overlays, overlaysOf } from '../pixels/plan-overlays.ts';
import { voiChoicesOf } from '../pixels/plan-voi.ts';
import type { ValueRange } from '../pixels/range.ts';
import { fullWindow, type Voi } from '../pixels/voi.ts';
import type { DicomJsonObject } from '../types.ts';
import { isInScope, type StateTarget, scopeOf } from './references.ts';
import type { PresentationState, StateShutters } from './types.ts';

/** Grays of a frame by a state (PS3.4 N.2.1): what it does not say is the identity, whatever the image says. */
export interface StateGrays {
  readonly modality: ModalityTransform;
  /** Undefined where the identity has no ends: floats. */
  readonly voi: Voi | undefined;
  /** The image's MONOCHROME1 counts for nothing (N.2.1.4). */
  readonly isInverted: boolean;
  readonly presentation: LookupTable | undefined;
}

/** Everything by which a state changes the picture of one frame; survives structured cloning. */
export interface StatePlan {
  /** Undefined for colour: its pixels are what they are. */
  readonly grays: StateGrays | undefined;
  readonly overlays: Overlays;
  readonly shutters: StateShutters | undefined;
}

const own = (dataset: DicomJsonObject, tags: readonly string[]): DicomJsonObject =>
  Object.fromEntries(tags.flatMap((tag) => (dataset[tag] === undefined ? [] : [[tag, dataset[tag]]])));

function rangeOf(image: DicomJsonObject, modality: ModalityTransform): ValueRange | undefined {
  if (modality.kind === 'table') return { min: 0, max: 2 ** modality.table.bits - 1 };
  return possibleRange(frameFormatOf(image, pixelTagOf(image)), modality);
}

async function voiOfState(
  state: DicomJsonObject,
  target: StateTarget,
  range: ValueRange | undefined,
  readBulk: ReadBulk,
): Promise<Voi | undefined> {
  const item = jsonItems(state, '00283110').find((one) => isInScope(scopeOf(one), target));
  const [choice] = item === undefined ? [] : await voiChoicesOf(item, 0, (range?.min ?? -1) < 0, readBulk);
  return choice?.voi ?? (range === undefined ? undefined : fullWindow(range.min, range.max));
}

async function graysOf(
  state: DicomJsonObject,
  image: DicomJsonObject,
  target: StateTarget,
  readBulk: ReadBulk,
): Promise<StateGrays> {
  // Whether the table's first input is signed is said by the image alone.
  const modality = await modalityOf(
    { ...own(state, ['00283000', '00281052', '00281053']), ...own(image, ['00280103']) },
    0,
    readBulk,
  );
  const [item] = jsonItems(state, '20500010');
  return {
    modality,
    voi: await voiOfState(state, target, rangeOf(image, modality), readBulk),
    isInverted: item === undefined && jsonString(state, '20500020') === 'INVERSE',
    presentation: item === undefined ? undefined : await tableOfItem(item, false, readBulk),
  };
}

/** The overlays that a state shows: its own in the place of the image's of the same group, the rest of the image's that it activates. */
async function activeOverlays(
  { dataset, overlays }: PresentationState,
  image: DicomJsonObject,
  frame: number,
  read: StateReaders,
): Promise<Overlays> {
  const found: Overlays[] = [];
  for (const [group, gray] of overlays) {
    const isOwn = jsonElement(dataset, `${group}3000`) !== undefined;
    const source = Object.fromEntries(Object.entries(isOwn ? dataset : image).filter(([tag]) => tag.startsWith(group)));
    const { overlays: planes, embeddedOverlays } = await overlaysOf(source, isOwn ? 0 : frame, isOwn ? read.state : read.image);
    found.push({
      overlays: planes.map((one) => ({ ...one, gray })),
      embeddedOverlays: embeddedOverlays.map((one) => ({ ...one, gray })),
    });
  }
  return {
    overlays: found.flatMap((one) => one.overlays),
    embeddedOverlays: found.flatMap((one) => one.embeddedOverlays),
  };
}

/** Who reads what stands at an address in the dataset of the state, and in that of the image. */
interface StateReaders {
  readonly state: ReadBulk;
  readonly image: ReadBulk;
}

/**
 * How a state shows one frame of an image that it refers to. Fails with what a reader fails with; one for both is enough where addresses say whose they
 * are.
 */
export async function planState(
  state: PresentationState,
  image: DicomJsonObject,
  target: StateTarget,
  readBulk: ReadBulk | StateReaders,
): Promise<StatePlan> {
  const read = typeof readBulk === 'function' ? { state: readBulk, image: readBulk } : readBulk;
  return {
    grays: state.kind === 'grayscale' ? await graysOf(state.dataset, image, target, read.state) : undefined,
    overlays: await activeOverlays(state, image, target.frameNumber - 1, read),
    shutters: state.shutters && { ...state.shutters, aspect: pixelAspectOf(image, target.frameNumber - 1) },
  };
}

/**
 * Grays of a frame as a state has them. `isOwn` where nobody chose a window: one that a reader sets is of the image's own values, whatever the state
 * makes of these; only black and white stay as the state has them.
 */
export function graysByState(gray: GrayPlan, grays: StateGrays | undefined, isOwn: boolean): GrayPlan {
  if (grays === undefined) return gray;
  const { modality, voi, isInverted, presentation } = grays;
  return isOwn ? { ...gray, modality, voi: voi ?? gray.voi, isInverted, presentation } : { ...gray, isInverted };
}
