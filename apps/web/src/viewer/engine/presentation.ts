import {
  type ColorScaleName,
  type DecodedFrame,
  graysByState,
  mappingWindow,
  type RenderedFrame,
  renderFrame,
  renderPlanFor,
  type SeriesMapping,
  type Voi,
  type Window,
} from '@negatoscope/dicom';

import type { PlannedFrame } from './frame-plans.ts';

/**
 * What the reader chose to see of a series: `own` is what each frame says of itself (or its series, where it says nothing), a stored choice is
 * taken from each frame by its name, and a window is the same for all.
 */
export type WindowChoice =
  | { readonly kind: 'own' }
  | { readonly kind: 'stored'; readonly id: string }
  | { readonly kind: 'set'; readonly window: Window };

export interface Presentation {
  readonly choice: WindowChoice;
  /** Whether the reader turned black and white round. */
  readonly isInverted: boolean;
  /** Of a parametric map; left out for the usual ones. */
  readonly colors?: ColorScaleName;
}

export const OWN_PRESENTATION: Presentation = { choice: { kind: 'own' }, isInverted: false };

/** The window or table that shows a frame; undefined for colour. */
export function voiOf(
  { plan, state }: PlannedFrame,
  { choice }: Presentation,
  mapping: SeriesMapping | undefined,
): Voi | undefined {
  if (plan.kind !== 'gray') return undefined;
  if (choice.kind === 'set') return choice.window;
  if (choice.kind === 'own' && state?.grays?.voi !== undefined) return state.grays.voi;
  const stored = choice.kind === 'stored' ? plan.choices.find(({ id }) => id === choice.id)?.voi : undefined;
  return stored ?? plan.voi ?? (mapping === undefined ? undefined : mappingWindow(mapping));
}

/** The colours of a parametric map; undefined for every other image. */
export const colorsOf = ({ plan }: PlannedFrame, { colors }: Presentation): ColorScaleName | undefined =>
  plan.colors === undefined ? undefined : (colors ?? plan.colors);

/** The picture of a frame, by the code that makes the server's. Fails with PixelError. */
export function present(
  frame: DecodedFrame,
  planned: PlannedFrame,
  presentation: Presentation,
  mapping: SeriesMapping | undefined,
): RenderedFrame {
  const { state } = planned;
  const plan = renderPlanFor(planned.plan, voiOf(planned, presentation, mapping), state?.overlays ?? planned.overlays);
  const gray = graysByState(plan.gray, state?.grays, presentation.choice.kind === 'own');
  const isInverted = gray.isInverted !== presentation.isInverted;
  const colors = colorsOf(planned, presentation);
  return renderFrame(frame, { ...plan, colors, gray: { ...gray, isInverted }, shutters: state?.shutters });
}
