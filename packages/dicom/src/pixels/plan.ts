import { jsonNumber, jsonString, jsonStrings } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { pixelAspectOf } from './aspect.ts';
import type { ReadBulk } from './bulk.ts';
import type { Palette } from './color.ts';
import { type ColorScaleName, USUAL_COLORS } from './color-scale.ts';
import { possibleRange, windowOfKind } from './default-voi.ts';
import { frameFormatOf, pixelTagOf } from './describe.ts';
import type { ModalityTransform } from './modality.ts';
import { unitOf } from './modality-unit.ts';
import { type Padding, paddingOf } from './padding.ts';
import { modalityOf } from './plan-modality.ts';
import { NO_OVERLAYS, type Overlays } from './plan-overlays.ts';
import { paletteOf } from './plan-palette.ts';
import { type VoiChoice, voiChoicesOf } from './plan-voi.ts';
import { type RealWorld, realWorldOf, realWorldWindow } from './real-world.ts';
import type { RenderPlan } from './render.ts';
import type { Voi } from './voi.ts';

/** Everything that a dataset says of how one of its frames is shown, but for overlays; survives structured cloning. */
export interface FramePlan {
  readonly kind: 'gray' | 'palette' | 'color';
  /** Stored → modality values; the identity for colour and palettes. */
  readonly modality: ModalityTransform;
  /** Of the modality values: `HU`, `Bq/ml`, `Gy` …; undefined when nothing says. */
  readonly unit: string | undefined;
  /** Stored values that stand for no image: black, and part of no range, mean or histogram. */
  readonly padding: Padding | undefined;
  /** Windows and tables that are stored and make sense, for people to choose from; none for colour and palettes. */
  readonly choices: readonly VoiChoice[];
  /** What shows the frame: its first choice, else the window of its kind. Undefined: the mapping of its series does (gray only). */
  readonly voi: Voi | undefined;
  /** True for MONOCHROME1 and Presentation LUT Shape INVERSE (PS3.3 C.7.6.3.1.2, C.11.6.1). */
  readonly isInverted: boolean;
  /** Of kind `palette` only; undefined there when a table is missing: such a frame can't be shown. */
  readonly palette: Palette | undefined;
  /** Height of a pixel by its width; 1 for square ones. */
  readonly pixelAspect: number;
  /** Of a parametric map that says what its values are, which are shown in colours (PS3.3 A.75). */
  readonly colors?: ColorScaleName;
}

export interface FramePlanOptions {
  /** The transfer syntax may lose information, which decides where Lossy Image Compression (0028,2110) is missing. */
  readonly isLossy?: boolean;
}

function kindOf(json: DicomJsonObject): FramePlan['kind'] {
  if ((jsonNumber(json, '00280002') ?? 1) >= 3) return 'color';
  return jsonString(json, '00280004') === 'PALETTE COLOR' ? 'palette' : 'gray';
}

/** Windows of stored values in the values that they stand for; tables are of stored values, and have no place among these. */
const inRealWorld = (choices: readonly VoiChoice[], real: RealWorld): VoiChoice[] =>
  choices.flatMap((one) => (one.voi.kind === 'window' ? [{ ...one, voi: realWorldWindow(one.voi, real) }] : []));

/**
 * How a frame of this dataset is shown (PS3.4 N.2): Modality LUT, windows and VOI LUTs, padding, Presentation LUT Shape, palette and pixel aspect,
 * attributes of its own functional groups before the shared ones and these before the dataset. `frame` counts from 0; `readBulk` is asked for tables
 * that stand at an address, once each. Fails with PixelError for palettes that can't be expanded, and with what `readBulk` fails with.
 */
export async function framePlanOf(
  json: DicomJsonObject,
  frame: number,
  readBulk: ReadBulk,
  { isLossy = false }: FramePlanOptions = {},
): Promise<FramePlan> {
  const kind = kindOf(json);
  const format = frameFormatOf(json, pixelTagOf(json));
  const real = kind === 'gray' ? realWorldOf(json, frame) : undefined;
  const modality = real?.transform ?? (await modalityOf(json, frame, readBulk));
  const isSigned = (possibleRange(format, modality)?.min ?? -1) < 0;
  const stored = kind === 'gray' ? await voiChoicesOf(json, frame, isSigned, readBulk) : [];
  const choices = real === undefined ? stored : inRealWorld(stored, real);
  return {
    kind,
    modality,
    unit: real === undefined ? unitOf(json, frame) : real.unit,
    padding: kind === 'gray' ? paddingOf(json, format, isLossy) : undefined,
    choices,
    voi: kind === 'gray' ? (choices[0]?.voi ?? windowOfKind(json, frame, format, modality)) : undefined,
    isInverted: jsonStrings(json, '00280004')[0] === 'MONOCHROME1' || jsonString(json, '20500020') === 'INVERSE',
    palette: kind === 'palette' ? await paletteOf(json, readBulk) : undefined,
    pixelAspect: pixelAspectOf(json, frame),
    // One that does not say what its values are is a picture like others: its bar would have no numbers that mean something.
    ...(real !== undefined && { colors: USUAL_COLORS }),
  };
}

/** Whether a frame of this plan can't be shown before the mapping of its series is known. */
export const needsSeriesMapping = (plan: FramePlan): boolean => plan.kind === 'gray' && plan.voi === undefined;

/**
 * The plan of `renderFrame`: this frame by `voi`, which is a choice of the plan, a window that somebody set, or the mapping of the series. It
 * means nothing to colour and palettes.
 */
export const renderPlanFor = (plan: FramePlan, voi: Voi | undefined, overlays: Overlays = NO_OVERLAYS): RenderPlan => ({
  gray: { modality: plan.modality, voi: voi ?? plan.voi, isInverted: plan.isInverted, padding: plan.padding },
  palette: plan.palette,
  colors: plan.colors,
  ...overlays,
});
