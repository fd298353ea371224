import { suvOf } from '@negatoscope/dicom';
import type { PaneSnapshot } from '../engine/index.ts';
import { type PresetChoice, presetsFor } from '../model/presets.ts';

/** The windows to choose from for what a pane shows. */
export function presetsOf({ series, plan, frame }: PaneSnapshot): readonly PresetChoice[] {
  const suv = suvOf(frame?.dataset ?? {});
  return presetsFor({
    modality: series?.modality,
    stored: plan?.choices,
    suvFactor: suv.kind === 'suv' ? suv.factor : undefined,
  });
}
