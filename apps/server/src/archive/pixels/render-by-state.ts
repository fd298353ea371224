import {
  type FramePlan,
  graysByState,
  type PresentationState,
  planState,
  type RenderPlan,
  renderPlanFor,
  type StateFrame,
  type StatePlan,
  type Voi,
} from '@negatoscope/dicom';
import { bulkReader } from './bulk-reader.ts';
import { asFailure, encodedFrame, imageHeader, type PixelSource } from './decoded-frames.ts';
import { withFrameMemory } from './frame-memory.ts';
import { planOfFrame } from './frame-plan.ts';
import type { PictureParams } from './picture.ts';
import type { InstanceEntry } from './series-table.ts';
import { encodeStatePicture } from './state-picture.ts';

/** A presentation state as it is stored, and as it was read. */
export interface StateOf {
  readonly entry: InstanceEntry;
  readonly state: PresentationState;
}

interface StateTask {
  readonly entry: InstanceEntry;
  /** Zero-based. */
  readonly frame: number;
  readonly params: PictureParams;
  readonly state: StateOf;
  readonly whose?: string | undefined;
}

/** The grays, overlays and shutters of a state in the place of the image's own, as the viewer has them. */
function renderPlanBy(plan: FramePlan, by: StatePlan, window: Voi | undefined, usual: Voi | undefined): RenderPlan {
  const own = renderPlanFor(plan, window ?? by.grays?.voi ?? plan.voi ?? usual, by.overlays);
  return { ...own, gray: graysByState(own.gray, by.grays, window === undefined), shutters: by.shutters };
}

/**
 * The picture of a frame that a presentation state refers to, as the state has it (PS3.4 N.2): grays, overlays and shutters in it, its displayed area
 * turned and flipped, what is drawn above. `usual` gives the window of frames that have none. Fails as other pictures do.
 */
export async function renderByState(
  source: PixelSource,
  { entry, frame, params, state: { entry: stateEntry, state }, whose = '' }: StateTask,
  usual: (plan: FramePlan) => Promise<Voi | undefined>,
): Promise<Buffer> {
  const { header } = await imageHeader(source, entry);
  const target = { sopInstanceUid: entry.sopInstanceUid, frameNumber: frame + 1 };
  const readers = { state: bulkReader(source, stateEntry), image: bulkReader(source, entry) };
  try {
    const plan = await planOfFrame(source, entry, frame);
    const by = await planState(state, header.json, target, readers);
    const rendered = renderPlanBy(plan, by, params.window, await usual(plan));
    const shown: StateFrame = { ...target, rows: entry.rows ?? 1, columns: entry.columns ?? 1 };
    return await encodeStatePicture({ state, frame: shown, aspect: plan.pixelAspect, whose }, params, (draw) =>
      withFrameMemory(source, entry, { frame, isDecoded: true }, async () =>
        draw(await source.codecs.renderFrame(await encodedFrame(source, entry, frame), rendered)),
      ),
    );
  } catch (error) {
    throw asFailure(error);
  }
}
