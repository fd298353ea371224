import { make } from './dom.ts';
import { type Facts, factsOf, NO_FACTS } from './facts.ts';
import { type Mode, watchHands } from './hands.ts';
import { watchKeys } from './keys.ts';
import { Pictures } from './pictures.ts';
import type { ShownSeries } from './shown.ts';
import { Stage } from './stage.ts';
import { Refused } from './talk.ts';
import { filterOf, PLAIN, presetsOf, type Tone, windowOf, within } from './tones.ts';
import { Tools } from './tools.ts';
import { sideFor } from './view.ts';
import { say, type Word } from './words.ts';

/** Pictures that are fetched ahead, in the direction of the last step. */
const AHEAD = 6;
const LINE_RETRY_MS = 3_000;
/** What comes sooner says nothing of its coming. */
const LATE_MS = 400;

const seriesName = ({ title, modality }: ShownSeries): string => title || modality;

/** One picture at a time, and all that is done with it. `onRefused`: a picture was refused, perhaps because the visit is not there any more. */
export class Viewer {
  readonly element: HTMLElement;
  readonly #pictures = new Pictures();
  readonly #stage = new Stage(() => this.#sharpen());
  readonly #tools: Tools;
  readonly #status = make('p', { className: 'status', said: { role: 'status' } });
  readonly #notice = make('p', { className: 'notice' });
  readonly #over = new AbortController();
  readonly #onRefused: () => void;
  #series: ShownSeries | undefined;
  #facts: Facts = NO_FACTS;
  #tone: Tone = PLAIN;
  #mode: Mode = 'slices';
  #index = 0;
  #step = 1;
  #side = 0;
  #turn = 0;
  /** Asks again, or says that something is still to come. */
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(onRefused: () => void) {
    this.#onRefused = onRefused;
    const acts = {
      go: (steps: number) => this.go(this.#index + steps),
      goTo: (index: number) => this.go(index),
      lighten: (brightness: number, contrast: number) =>
        this.#light({ brightness: this.#tone.brightness + brightness, contrast: this.#tone.contrast + contrast }),
      tone: (change: Partial<Tone>) => this.#light(change),
      move: (x: number, y: number) => this.#stage.moveBy(x, y),
      zoom: (factor: number, at?: { readonly clientX: number; readonly clientY: number }) => this.#zoom(factor, at),
      mode: () => this.#mode,
      choose: (mode: Mode) => this.#choose(mode),
      reset: () => this.#reset(),
      full: () => void this.#full(),
      preset: (number: number) => this.#preset(number),
      invert: () => this.#light({ isInverted: !this.#tone.isInverted }),
    };
    this.#tools = new Tools(acts);
    const room = make('div', { className: 'room' }, this.#stage.element, this.#status);
    this.element = make('section', { className: 'viewer', ariaLabel: say('viewer') }, room, this.#notice, this.#tools.element);
    watchHands(this.#stage.element, acts);
    watchKeys(this.element, acts, this.#over.signal);
    addEventListener('online', () => this.#show(), { signal: this.#over.signal });
  }

  /** Another series, from its middle where it is a volume, as its thumbnail shows it. */
  open(series: ShownSeries): void {
    const turn = ++this.#turn;
    this.#pictures.forget();
    this.#stage.clear();
    this.#stage.fit();
    [this.#series, this.#facts, this.#tone] = [series, NO_FACTS, PLAIN];
    this.#index = Math.floor((series.pictures.length - 1) / 2);
    this.#side = sideFor(this.#stage.room, 1, devicePixelRatio);
    this.#choose(series.pictures.length > 1 ? 'slices' : 'light');
    this.#tools.open(series.pictures.length, presetsOf(series.modality));
    this.#show();
    void factsOf(series.first).then((facts) => {
      if (turn !== this.#turn) return;
      this.#facts = facts;
      this.#told();
    });
  }

  go(to: number): void {
    const index = within(to, 0, (this.#series?.pictures.length ?? 1) - 1);
    if (index === this.#index) return;
    [this.#step, this.#index] = [Math.sign(index - this.#index), index];
    this.#show();
  }

  /** Nothing of the pictures is left. */
  end(): void {
    this.#turn += 1;
    this.#over.abort();
    clearTimeout(this.#later);
    this.#pictures.forget();
    this.#stage.end();
  }

  #choose(mode: Mode): void {
    this.#mode = mode;
    this.#tools.mode = mode;
    this.#stage.element.dataset.mode = mode;
  }

  #light(change: Partial<Tone>): void {
    const next = { ...this.#tone, ...change };
    this.#tone = { ...next, brightness: within(next.brightness, -100, 100), contrast: within(next.contrast, -100, 100) };
    this.#show();
  }

  #preset(number: number): void {
    const preset = presetsOf(this.#series?.modality ?? '')[number - 1];
    if (preset !== undefined) this.#light({ ...PLAIN, preset, isInverted: this.#tone.isInverted });
  }

  #zoom(factor: number, at?: { readonly clientX: number; readonly clientY: number }): void {
    this.#stage.zoomBy(factor, at);
    this.#sharpen();
  }

  #reset(): void {
    this.#stage.fit();
    this.#light(PLAIN);
  }

  async #full(): Promise<void> {
    if (document.fullscreenElement === null) await this.element.requestFullscreen().catch(() => undefined);
    else await document.exitFullscreen();
  }

  /** More pixels where there is room for them, and the picture has them. */
  #sharpen(): void {
    const side = sideFor(this.#stage.room, this.#stage.zoom, devicePixelRatio);
    if (side <= this.#side || this.#series === undefined) return;
    const hasMore = this.#stage.side === 0 || this.#stage.side >= this.#side;
    if (!hasMore) return;
    this.#side = side;
    this.#show();
  }

  #addressOf(index: number): string | undefined {
    const picture = this.#series?.pictures[index];
    if (picture === undefined) return undefined;
    const window = windowOf(this.#tone, this.#facts.own);
    const asked = new URLSearchParams({ viewport: `${this.#side},${this.#side}`, ...(window !== undefined && { window }) });
    return `${picture}/rendered?${asked}`;
  }

  #ahead(): string[] {
    const after = Array.from({ length: AHEAD }, (_, at) => this.#index + this.#step * (at + 1));
    return [...after, this.#index - this.#step].flatMap((index) => this.#addressOf(index) ?? []);
  }

  #show(): void {
    clearTimeout(this.#later);
    this.#told();
    const address = this.#addressOf(this.#index);
    if (address === undefined) return;
    this.#later = setTimeout(() => this.#tell('loading'), LATE_MS);
    const isWanted = (): boolean => address === this.#addressOf(this.#index) && !this.#over.signal.aborted;
    this.#pictures.want(address, this.#ahead()).then(
      async (picture) => {
        if (picture === undefined) return;
        const isDrawn = await this.#stage.draw(picture, isWanted);
        if (isWanted()) this.#tell(isDrawn ? undefined : 'failed');
      },
      (error: unknown) => this.#failed(error),
    );
  }

  #failed(error: unknown): void {
    const kind = error instanceof Refused ? error.kind : 'PICTURE';
    // Also where one picture is refused: it may be all of them.
    if (kind !== 'OFFLINE') this.#onRefused();
    this.#tell(kind === 'OFFLINE' ? 'lineLost' : 'failed');
    if (kind !== 'OFFLINE') this.#stage.clear();
    else this.#later = setTimeout(() => this.#show(), LINE_RETRY_MS);
  }

  /** What there is to say of the picture itself. */
  #tell(word: Word | undefined): void {
    clearTimeout(this.#later);
    this.#status.textContent = word === undefined ? '' : say(word);
  }

  /** What stands around the picture says what it is. */
  #told(): void {
    const series = this.#series;
    if (series === undefined) return;
    const values = { series: seriesName(series), at: this.#index + 1, count: series.pictures.length };
    this.#stage.element.ariaLabel = say('placeOf', values);
    this.#stage.filter = filterOf(this.#tone, windowOf({ ...this.#tone, brightness: 1 }, this.#facts.own) !== undefined);
    this.#tools.tell(this.#index, this.#tone);
    this.#notice.textContent = `${say('notice')} ${say(this.#facts.isLossy ? 'lossyTwice' : 'lossy')}`;
  }
}
