import { presetsFor } from '../viewer/model/presets.ts';

/** A window as stored with an image: `center` and `width` in the units of its values (PS3.3 C.11.2). */
export interface OwnWindow {
  readonly center: number;
  readonly width: number;
  readonly shape: string;
  /** Low values are bright (MONOCHROME1): a higher centre makes it brighter. */
  readonly isReversed: boolean;
}

export const PRESETS = ['abdomen', 'lung', 'bone', 'brain', 'mediastinum', 'liver', 'angio'] as const;
export type PresetName = (typeof PRESETS)[number] | 'own';

/** How light a picture is shown. `brightness` and `contrast` go from -100 to 100, 0 as it comes. */
export interface Tone {
  readonly brightness: number;
  readonly contrast: number;
  readonly preset: PresetName;
  readonly isInverted: boolean;
}
export const PLAIN: Tone = { brightness: 0, contrast: 0, preset: 'own', isInverted: false };

export const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** By the keys 1 to 7, as in the reading room: those of CT, whose values mean the same everywhere. */
export const presetsOf = (modality: string): readonly PresetName[] => (modality === 'CT' ? [...PRESETS] : []);

function presetWindow(name: PresetName): OwnWindow | undefined {
  for (const choice of presetsFor({ modality: 'CT' }))
    if (choice.kind === 'window' && choice.id === name && choice.window.kind === 'window')
      return { center: choice.window.center, width: choice.window.width, shape: 'linear', isReversed: false };
  return undefined;
}

/** Three digits are as fine as one sees, and the same picture is asked for again by the same address. */
const rounded = (value: number): number => Number(value.toPrecision(3));

/** The window that is asked for (PS3.18 8.3.5.1.3); undefined for the picture as it comes, and where there is none to begin from. */
export function windowOf({ brightness, contrast, preset }: Tone, own: OwnWindow | undefined): string | undefined {
  const base = presetWindow(preset) ?? own;
  const isPlain = brightness === 0 && contrast === 0;
  if (base === undefined || (isPlain && preset === 'own')) return undefined;
  const shift = (brightness / 100) * base.width * (base.isReversed ? -1 : 1);
  return `${rounded(base.center - shift)},${Math.max(1, rounded(base.width * 2 ** (-contrast / 50)))},${base.shape}`;
}

/** What the browser does to the picture: inverting, and all of it where no window can be asked for, as with colour. */
export function filterOf({ brightness, contrast, isInverted }: Tone, hasWindow: boolean): string {
  const own = hasWindow ? [] : [`brightness(${1 + brightness / 125})`, `contrast(${2 ** (contrast / 50)})`];
  return [...own, ...(isInverted ? ['invert(1)'] : [])].join(' ') || 'none';
}
