/** Window presets by modality: `center` and `width` in the units of the displayed values (HU for CT). */
export interface WindowPreset {
  readonly id: string;
  readonly center: number;
  readonly width: number;
}

/** What a number key applies: a fixed window, the window stored in the object, or one computed from the frame's values. */
export type PresetChoice =
  | { readonly kind: 'window'; readonly preset: WindowPreset }
  | { readonly kind: 'default' | 'auto' | 'full' };

const CT: readonly WindowPreset[] = [
  { id: 'abdomen', center: 40, width: 400 },
  { id: 'lung', center: -600, width: 1500 },
  { id: 'bone', center: 480, width: 2500 },
  { id: 'brain', center: 40, width: 80 },
  { id: 'mediastinum', center: 50, width: 350 },
  { id: 'liver', center: 60, width: 160 },
  { id: 'angio', center: 300, width: 600 },
];

const COMMON: readonly PresetChoice[] = [{ kind: 'default' }, { kind: 'auto' }, { kind: 'full' }];

/** Choices in key order, the first on key 1; at most nine. */
export function presetsFor(modality: string | undefined): readonly PresetChoice[] {
  if (modality !== 'CT') return COMMON;
  return [...CT.map((preset): PresetChoice => ({ kind: 'window', preset })), { kind: 'default' }, { kind: 'auto' }];
}

/** Stable name of a choice, used as its key and for its text. */
export const presetId = (choice: PresetChoice): string => (choice.kind === 'window' ? choice.preset.id : choice.kind);

export interface ValueRange {
  readonly lower: number;
  readonly upper: number;
}

/** Range of a window of the LINEAR function: lower = c - 0.5 - (w - 1) / 2, upper = c - 0.5 + (w - 1) / 2 (PS3.3 C.11.2.1.2.1). */
export function windowToRange(center: number, width: number): ValueRange {
  const half = Math.max(width - 1, 0) / 2;
  return { lower: center - 0.5 - half, upper: center - 0.5 + half };
}

/** Inverse of {@link windowToRange}, or of LINEAR_EXACT, where the window is the range itself (PS3.3 C.11.2.1.3.2). */
export function rangeToWindow({ lower, upper }: ValueRange, isExact = false): { center: number; width: number } {
  if (isExact) return { center: (lower + upper) / 2, width: Math.abs(upper - lower) };
  return { center: (lower + upper + 1) / 2, width: Math.abs(upper - lower) + 1 };
}

/** Samples looked at for an automatic window; more changes nothing visible. */
const MAX_SAMPLES = 40_000;

/** Range between the 1st and 99th percentile of a frame's values, one unit wide where they are all the same; undefined without values. */
export function autoRange(values: ArrayLike<number>): ValueRange | undefined {
  const step = Math.max(1, Math.floor(values.length / MAX_SAMPLES));
  const samples: number[] = [];
  for (let index = 0; index < values.length; index += step) {
    const value = values[index];
    if (value !== undefined && Number.isFinite(value)) samples.push(value);
  }
  if (samples.length === 0) return undefined;
  samples.sort((a, b) => a - b);
  const at = (share: number): number => samples[Math.round(share * (samples.length - 1))] ?? 0;
  const lower = at(0.01);
  return { lower, upper: at(0.99) > lower ? at(0.99) : lower + 1 };
}
