import { type FramePlan, framePlanOf, type Overlays, overlaysOf, type StatePlan } from '@negatoscope/dicom';
import { asText, type DicomJson, readItems, TAG } from '../model/dicom-json.ts';
import { fetchBulkData } from '../model/dicomweb.ts';
import type { FrameModel } from '../model/study-model.ts';

/** How one frame is shown, and what is drawn over it. */
export interface PlannedFrame {
  readonly plan: FramePlan;
  readonly overlays: Overlays;
  /** Its stored transfer syntax may lose information. */
  readonly isLossy: boolean;
  /** What a presentation state makes of it. */
  readonly state?: StatePlan;
}

const plans = new Map<string, PlannedFrame>();
/** Plans under way or done, by dataset; frames that differ in nothing share one, since tables may be large. */
const shared = new WeakMap<DicomJson, Map<number, Promise<PlannedFrame>>>();

const OVERLAY = /^60[0-9A-F]{2}3000$/;

/** Frame of whose plan this frame's is: the first unless frames have attributes or overlays of their own. */
function planFrameOf({ dataset, frameNumber }: FrameModel): number {
  const isOwn =
    readItems(dataset, TAG.PerFrameFunctionalGroupsSequence).length > 0 || Object.keys(dataset).some((tag) => OVERLAY.test(tag));
  return isOwn ? frameNumber - 1 : 0;
}

async function makePlan(dataset: DicomJson, frame: number, isLossy: boolean): Promise<PlannedFrame> {
  const { choices, ...own } = await framePlanOf(dataset, frame, fetchBulkData, { isLossy });
  const plan = { ...own, choices: choices.map((choice) => ({ ...choice, explanation: asText(choice.explanation) })) };
  return { plan, overlays: await overlaysOf(dataset, frame, fetchBulkData), isLossy };
}

/** Makes the plan of a frame, its tables fetched; afterwards {@link planOf} knows it. `isLossy`: its transfer syntax is a lossy one. */
export async function preparePlan(frame: FrameModel, isLossy: boolean): Promise<void> {
  if (plans.has(frame.imageId)) return;
  const known = shared.get(frame.dataset) ?? new Map<number, Promise<PlannedFrame>>();
  shared.set(frame.dataset, known);
  const number = planFrameOf(frame);
  const plan = known.get(number) ?? makePlan(frame.dataset, number, isLossy);
  known.set(number, plan);
  plan.catch(() => known.delete(number));
  plans.set(frame.imageId, await plan);
}

export const planOf = (imageId: string): PlannedFrame | undefined => plans.get(imageId);

export function forgetPlan(imageId: string): void {
  plans.delete(imageId);
}
