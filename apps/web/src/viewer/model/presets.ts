import type { VoiChoice, Window } from '@negatoscope/dicom';

/** Presets that have a name of their own in the texts. */
export type PresetId =
  | 'abdomen'
  | 'lung'
  | 'bone'
  | 'brain'
  | 'mediastinum'
  | 'liver'
  | 'angio'
  | 'suv5'
  | 'suv7'
  | 'suv10'
  | 'default'
  | 'auto'
  | 'full';

/** Window presets by modality: `center` and `width` in the units of the displayed values (HU for CT). */
export interface WindowPreset {
  readonly id: PresetId;
  readonly center: number;
  readonly width: number;
}

/**
 * What a number key applies: a fixed window, one that is stored in the object, what the frame says of itself or its series where it says
 * nothing, or a window computed from the frame's values.
 */
export type PresetChoice =
  | { readonly kind: 'window'; readonly id: PresetId; readonly window: Window }
  | { readonly kind: 'stored'; readonly id: string; readonly stored: VoiChoice }
  | { readonly kind: 'own' | 'auto' | 'full'; readonly id: PresetId };

const CT: readonly WindowPreset[] = [
  { id: 'abdomen', center: 40, width: 400 },
  { id: 'lung', center: -600, width: 1500 },
  { id: 'bone', center: 480, width: 2500 },
  { id: 'brain', center: 40, width: 80 },
  { id: 'mediastinum', center: 50, width: 350 },
  { id: 'liver', center: 60, width: 160 },
  { id: 'angio', center: 300, width: 600 },
];

/** Ranges of the standardized uptake value, from 0, in g/ml. */
const SUV: readonly { readonly id: PresetId; readonly upper: number }[] = [
  { id: 'suv5', upper: 5 },
  { id: 'suv7', upper: 7 },
  { id: 'suv10', upper: 10 },
];

const OWN: PresetChoice = { kind: 'own', id: 'default' };
const AUTO: PresetChoice = { kind: 'auto', id: 'auto' };
const FULL: PresetChoice = { kind: 'full', id: 'full' };

const suvPresets = (factor: number): PresetChoice[] =>
  SUV.map(({ id, upper }) => ({
    kind: 'window',
    id,
    window: { kind: 'window', center: upper / 2 / factor, width: upper / factor, shape: 'linear-exact' },
  }));

/** What decides which windows there are to choose from. */
export interface PresetSource {
  readonly modality: string | undefined;
  /** Windows and tables that are stored with the image. */
  readonly stored?: readonly VoiChoice[] | undefined;
  /** Takes a value of the image to its SUV, where that is known. */
  readonly suvFactor?: number | undefined;
}

/**
 * Choices in key order, the first on key 1: those of the modality, then those stored with the image. Keys reach the first nine. A single stored
 * window is what the image opens with and needs no line of its own.
 */
export function presetsFor({ modality, stored = [], suvFactor }: PresetSource): readonly PresetChoice[] {
  const named: PresetChoice[] =
    stored.length < 2 ? [] : stored.map((choice) => ({ kind: 'stored', id: choice.id, stored: choice }));
  if (modality !== 'CT') return [OWN, AUTO, FULL, ...(suvFactor === undefined ? [] : suvPresets(suvFactor)), ...named];
  const windows = CT.map(
    ({ id, ...window }): PresetChoice => ({ kind: 'window', id, window: { kind: 'window', shape: 'linear', ...window } }),
  );
  return [...windows, OWN, AUTO, ...named];
}

export interface ValueRange {
  readonly lower: number;
  readonly upper: number;
}

/** Samples looked at for an automatic window; more changes nothing visible. */
const MAX_SAMPLES = 40_000;

/** Range between the 1st and 99th percentile of values within `range`, `padding` (1 for each such pixel) left out. */
export function autoRange(
  values: ArrayLike<number>,
  padding: ArrayLike<number> | undefined,
  range: { readonly min: number; readonly max: number },
): ValueRange {
  const step = Math.max(1, Math.floor(values.length / MAX_SAMPLES));
  const samples: number[] = [];
  for (let index = 0; index < values.length; index += step) {
    const value = values[index];
    if (value !== undefined && Number.isFinite(value) && padding?.[index] !== 1) samples.push(value);
  }
  samples.sort((a, b) => a - b);
  const at = (share: number): number => samples[Math.round(share * (samples.length - 1))] ?? range.min;
  return { lower: at(0.01), upper: at(0.99) };
}
