import { pixelAspectOf } from '../pixels/aspect.ts';
import type { DicomJsonObject } from '../types.ts';
import { readCalibration } from './calibration.ts';
import { itemsOf } from './decimals.ts';
import type { Scale } from './measuring.ts';

const PIXEL_MEASURES = '00289110';
const SHARED_GROUPS = '52009229';
const PER_FRAME_GROUPS = '52009230';

/** How distances are measured on a frame, which counts from 1: by its own functional groups before the shared ones (PS3.3 C.7.6.16.1). */
export function scaleOf(dataset: DicomJsonObject, frame: number): Scale {
  const measuresOf = (groups: DicomJsonObject | undefined): DicomJsonObject | undefined =>
    groups === undefined ? undefined : itemsOf(groups, PIXEL_MEASURES)[0];
  const own = measuresOf(itemsOf(dataset, PER_FRAME_GROUPS)[frame - 1]) ?? measuresOf(itemsOf(dataset, SHARED_GROUPS)[0]);
  return { calibration: readCalibration(dataset, own), pixelAspect: pixelAspectOf(dataset, frame - 1) };
}
