import { ICONS, icon, make } from './dom.ts';
import type { Mode } from './hands.ts';
import type { PresetName, Tone } from './tones.ts';
import { say, type Word } from './words.ts';

/** What can be done with the picture. */
export interface Acts {
  readonly go: (steps: number) => void;
  readonly goTo: (index: number) => void;
  readonly tone: (change: Partial<Tone>) => void;
  readonly zoom: (factor: number) => void;
  readonly choose: (mode: Mode) => void;
  readonly preset: (number: number) => void;
  readonly invert: () => void;
  readonly reset: () => void;
  readonly full: () => void;
}

const ZOOM = 1.5;
const MODES = [
  ['slices', 'modeSlices'],
  ['light', 'modeLight'],
  ['move', 'modeMove'],
] as const satisfies readonly (readonly [Mode, Word])[];

const button = (picture: keyof typeof ICONS, word: Word, onclick: () => void): HTMLButtonElement =>
  make('button', { type: 'button', className: 'tool', title: say(word), ariaLabel: say(word), onclick }, icon(ICONS[picture]));

interface Slider {
  readonly word: Word;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}
function slider({ word, least, most, onChange }: Slider): HTMLInputElement {
  const input = make('input', { type: 'range', ariaLabel: say(word), min: String(least), max: String(most), value: '0' });
  input.addEventListener('input', () => onChange(input.valueAsNumber));
  return input;
}

/** The bar below the picture. */
export class Tools {
  readonly element: HTMLElement;
  readonly #acts: Acts;
  readonly #slider: HTMLInputElement;
  readonly #place = make('output', { className: 'place' });
  readonly #steps: HTMLElement;
  readonly #modes: ReadonlyMap<Mode, HTMLButtonElement>;
  readonly #invert: HTMLButtonElement;
  readonly #brightness: HTMLInputElement;
  readonly #contrast: HTMLInputElement;
  readonly #preset = make('select', { ariaLabel: say('preset') });
  readonly #presets: HTMLElement;
  readonly #adjust: HTMLElement;
  readonly #keys = make('p', { className: 'keys' });
  #count = 0;

  constructor(acts: Acts) {
    this.#acts = acts;
    this.#slider = slider({ word: 'slider', least: 0, most: 0, onChange: acts.goTo });
    const [previous, next] = [button('previous', 'previous', () => acts.go(-1)), button('next', 'next', () => acts.go(1))];
    this.#steps = make('div', { className: 'steps' }, previous, this.#slider, next, this.#place);
    this.#modes = new Map(MODES.map(([mode, word]) => [mode, button(mode, word, () => acts.choose(mode))]));
    this.#invert = button('invert', 'invert', acts.invert);
    this.#brightness = slider({ word: 'light', least: -100, most: 100, onChange: (brightness) => acts.tone({ brightness }) });
    this.#contrast = slider({ word: 'contrast', least: -100, most: 100, onChange: (contrast) => acts.tone({ contrast }) });
    this.#preset.addEventListener('change', () => this.#chosen());
    this.#presets = make('label', { hidden: true }, make('span', {}, say('preset')), this.#preset);
    this.#adjust = this.#sliders();
    this.element = make('div', { className: 'tools' }, this.#steps, this.#bar(), this.#adjust, this.#keys);
  }

  #bar(): HTMLElement {
    const { zoom, full } = this.#acts;
    const group = make(
      'div',
      { className: 'modes', said: { role: 'group', 'aria-label': say('modes') } },
      ...this.#modes.values(),
    );
    return make(
      'div',
      { className: 'bar', said: { role: 'group', 'aria-label': say('tools') } },
      group,
      button('zoomOut', 'zoomOut', () => zoom(1 / ZOOM)),
      button('zoomIn', 'zoomIn', () => zoom(ZOOM)),
      this.#invert,
      document.fullscreenEnabled && button('full', 'fullScreen', full),
      this.#opener(),
    );
  }

  /** Shows and hides the sliders, which take room from the picture. */
  #opener(): HTMLElement {
    const opener = button('adjust', 'adjust', () => {
      this.#adjust.hidden = !this.#adjust.hidden;
      opener.ariaExpanded = String(!this.#adjust.hidden);
    });
    opener.ariaExpanded = 'false';
    return opener;
  }

  /** The same without dragging (WCAG 2.5.7). */
  #sliders(): HTMLElement {
    const labelled = (word: Word, field: HTMLElement): HTMLElement => make('label', {}, make('span', {}, say(word)), field);
    const reset = make(
      'button',
      { type: 'button', className: 'plain', onclick: this.#acts.reset },
      icon(ICONS.reset),
      say('reset'),
    );
    const fields = [labelled('light', this.#brightness), labelled('contrast', this.#contrast), this.#presets, reset];
    return make('div', { className: 'adjust', hidden: true }, ...fields);
  }

  #chosen(): void {
    // Its options are the presets of the series.
    this.#acts.tone({ preset: this.#preset.value as PresetName, brightness: 0, contrast: 0 });
  }

  open(count: number, presets: readonly PresetName[]): void {
    this.#count = count;
    this.#slider.max = String(Math.max(0, count - 1));
    this.#steps.hidden = count < 2;
    this.#presets.hidden = presets.length === 0;
    const options = ['own', ...presets] as const;
    this.#preset.replaceChildren(...options.map((value) => make('option', { value }, say(`preset_${value}`))));
    const slices = this.#modes.get('slices');
    if (slices !== undefined) slices.disabled = count < 2;
  }

  set mode(mode: Mode) {
    for (const [one, element] of this.#modes) element.setAttribute('aria-pressed', String(one === mode));
    const [, word] = MODES.find(([one]) => one === mode) ?? MODES[0];
    this.#keys.textContent = say('keys', { mode: say(word).toLowerCase() });
  }

  tell(index: number, { brightness, contrast, preset, isInverted }: Tone): void {
    const place = say('place', { at: index + 1, count: this.#count });
    [this.#slider.value, this.#slider.ariaValueText, this.#place.textContent] = [String(index), place, place];
    [this.#brightness.value, this.#contrast.value, this.#preset.value] = [String(brightness), String(contrast), preset];
    this.#invert.setAttribute('aria-pressed', String(isInverted));
  }
}
