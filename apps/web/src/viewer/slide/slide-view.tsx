import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import type { Slide } from '@negatoscope/dicom';
import { ImageOff, Lasso, Maximize, Ruler, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, type RefObject, useId, useMemo, useRef, useState } from 'react';
import { type Locale, useLocale, useText } from '../../i18n/index.ts';
import { DicomwebError } from '../model/dicomweb.ts';
import { formatDate, formatValue } from '../model/format.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { IconButton, IconToggle } from '../parts/controls.tsx';
import { RetryButton } from '../parts/tiles.tsx';
import { Choice } from '../waveform/waveform-bar.tsx';
import { Paths, Planes } from './focus-controls.tsx';
import { tileLoader } from './load-tile.ts';
import { barLength, magnification, micrometres, type Size } from './look.ts';
import { MarksOver } from './marks-over.tsx';
import type { ShownSlide } from './plan-tiles.ts';
import { ownKeys, useHands, useWheel } from './slide-hands.ts';
import { SlideMap } from './slide-map.tsx';
import type { LoadTile } from './tile-store.ts';
import { type SlideFocusing, useFocus } from './use-focus.ts';
import { type Looking, useDrawing, useLook, useSize } from './use-slide.ts';
import { type SlideDrawing, type SlideDrawings, useSlideDrawing } from './use-slide-drawing.ts';

interface SlideViewProps {
  readonly series: SeriesModel;
  readonly slides: readonly Slide[];
  /** Back to the single tiles. */
  readonly images?: ReactNode;
  /** Where what is measured is kept; nothing is measured without. */
  readonly drawings?: SlideDrawings | undefined;
  /** How tiles come; a test has its own. */
  readonly load?: LoadTile;
}

/** A slide of a series as one picture that is moved and looked at from nearer, like a map. */
export function SlideView({ series, slides, images, drawings, load }: SlideViewProps) {
  const [index, setIndex] = useState(0);
  const loader = useMemo(() => load ?? tileLoader(series), [load, series]);
  const slide = slides[Math.min(index, slides.length - 1)];
  if (slide === undefined) return null;
  return (
    <One
      key={slide.levels[0].sopInstanceUid}
      {...{ series, slide, images, index, loader, drawings }}
      count={slides.length}
      onIndex={setIndex}
    />
  );
}

interface OneProps extends Pick<SlideViewProps, 'series' | 'images' | 'drawings'> {
  readonly slide: Slide;
  readonly index: number;
  readonly count: number;
  readonly loader: LoadTile;
  readonly onIndex: (index: number) => void;
}

function One({ series, slide, images, index, count, loader, drawings, onIndex }: OneProps) {
  const t = useText('viewer');
  const holder = useRef<HTMLDivElement>(null);
  const size = useSize(holder);
  const focus = useFocus(slide);
  const { shown } = focus;
  const looking = useLook(shown, size);
  const drawing = useSlideDrawing({ series, slide: shown, look: looking.look }, drawings);
  const names = Array.from({ length: count }, (_, at) => [at, t('slide.number', { number: at + 1 })] as const);
  return (
    <div className="absolute inset-0 flex flex-col bg-black">
      <div className="flex shrink-0 flex-wrap items-center gap-x-2 border-(--ng-line) border-b bg-(--ng-surface) px-2 py-1">
        <Whose series={series} />
        {count > 1 && <Choice label={t('slide.which')} value={index} options={names} onChoose={onIndex} />}
        <Paths {...focus} />
        {drawings !== undefined && <SlideTools {...{ drawing }} />}
        <Zoom {...{ looking }} />
        {images}
      </div>
      <div className="relative min-h-0 grow overflow-hidden">
        <Sheet
          {...{ holder, size, looking, loader, focus, drawing }}
          slide={shown}
          name={series.description ?? t('series.unnamed')}
        />
        <Planes {...focus} />
        {size.width > 0 && <SlideMap {...{ size }} slide={shown} look={looking.look} load={loader} onGo={looking.change} />}
      </div>
    </div>
  );
}

interface SheetProps extends Pick<OneProps, 'loader'> {
  readonly slide: ShownSlide;
  readonly focus: SlideFocusing;
  readonly drawing: SlideDrawing;
  readonly holder: RefObject<HTMLDivElement | null>;
  readonly size: Size;
  readonly looking: Looking;
  readonly name: string;
}

/** What is looked at, moved by hands and keys, and what must be known of it. */
function Sheet({ holder, slide, size, looking, loader, name, focus, drawing }: SheetProps) {
  const t = useText('viewer');
  const helpId = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { plan, state, retry } = useDrawing(canvas, { slide, look: looking.look, size, load: loader });
  useWheel(holder, looking.zoom);
  const hands = useHands({ ...looking, step: focus.step, drawing });
  return (
    <>
      <div
        ref={holder}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is looked at is moved by keys, as a map is.
        tabIndex={0}
        aria-label={t('slide.label', { name })}
        aria-describedby={helpId}
        data-testid="slide"
        data-own-keys={ownKeys(drawing)}
        data-waiting={state?.waiting}
        className={`absolute inset-0 touch-none outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent) focus-visible:ring-inset ${drawing.tool === 'move' ? 'cursor-grab' : 'cursor-crosshair'}`}
        {...hands}
        onDoubleClick={() => drawing.tool === 'move' && looking.zoom(2)}
      >
        <canvas ref={canvas} className="absolute inset-0 size-full" />
        <MarksOver {...{ drawing, size }} look={looking.look} />
        <span id={helpId} className="sr-only">
          {t('slide.keys')} {focus.planes.length > 1 && t('slide.planeKeys')} {t('slide.drawKeys')} {t('slide.moveKeys')}
        </span>
      </div>
      <Told {...{ slide, looking }} isTooWide={plan.isTooWide} isHeld={drawing.isHeld} />
      {state !== undefined && state.failures > 0 && <Failed reason={state.reason} onRetry={retry} />}
    </>
  );
}

/** Whose slide it is: what covers a pane says so as the pane does. */
function Whose({ series: { banner, description } }: Pick<OneProps, 'series'>) {
  const t = useText('viewer');
  const locale = useLocale();
  const { name, birthDate, studyDate } = banner;
  const person = [nameGroupOnPage(name), formatDate(birthDate, locale), formatDate(studyDate, locale)].filter(Boolean);
  return (
    <div className="min-w-0 grow basis-32 leading-tight">
      <p className="truncate text-(--ng-text) text-sm">{description ?? t('series.unnamed')}</p>
      <p className="truncate text-(--ng-text-dim) text-xs">{person.join(' · ')}</p>
    </div>
  );
}

/** Measuring: one tool at a time, none to move. */
function SlideTools({ drawing: { tool, setTool } }: { readonly drawing: SlideDrawing }) {
  const t = useText('viewer');
  const toggle = (name: SlideDrawing['tool']) => () => setTool(tool === name ? 'move' : name);
  return (
    <span className="flex items-center">
      <IconToggle icon={Ruler} label={t('tools.length')} shortcut="L" isSelected={tool === 'length'} onPress={toggle('length')} />
      <IconToggle
        icon={Lasso}
        label={t('tools.freehand')}
        shortcut="⇧ E"
        isSelected={tool === 'freehand'}
        onPress={toggle('freehand')}
      />
    </span>
  );
}

function Zoom({ looking }: { readonly looking: Looking }) {
  const t = useText('viewer');
  return (
    <span className="flex items-center">
      <IconButton icon={ZoomOut} label={t('slide.further')} shortcut="−" onPress={() => looking.zoom(0.5)} />
      <IconButton icon={ZoomIn} label={t('slide.nearer')} shortcut="+" onPress={() => looking.zoom(2)} />
      <IconButton icon={Maximize} label={t('slide.whole')} shortcut="0" onPress={looking.whole} />
    </span>
  );
}

const BAR_PIXELS = 140;
const CHIP = 'pointer-events-none rounded bg-black/80 px-2 py-0.5 text-xs';

const rounded = (value: number, locale: Locale): string => formatValue(Number(value.toPrecision(2)), locale);

/** Over the slide: a length, how near one is, and what must be known of what is seen. */
function Told({
  slide,
  looking: { look },
  isTooWide,
  isHeld,
}: Pick<OneProps, 'slide'> & { readonly looking: Looking; readonly isTooWide: boolean; readonly isHeld: boolean }) {
  const t = useText('viewer');
  const locale = useLocale();
  const { lossyRatio } = slide.levels[0];
  return (
    <div className="pointer-events-none absolute bottom-2 left-2 flex flex-col items-start gap-1">
      <p role="status" className={isHeld ? `${CHIP} text-(--ng-text)` : 'sr-only'}>
        {isHeld && t('slide.held')}
      </p>
      {isTooWide && (
        <p role="status" className={`${CHIP} text-(--ng-amber)`}>
          {t('slide.tooWide')}
        </p>
      )}
      {slide.isOneOfSeveral && <p className={`${CHIP} text-(--ng-amber)`}>{t('slide.oneOfSeveral')}</p>}
      {lossyRatio !== undefined && (
        <p className={`${CHIP} text-(--ng-amber)`}>
          {lossyRatio > 0 ? t('slide.lossyRatio', { ratio: rounded(lossyRatio, locale) }) : t('slide.lossy')}
        </p>
      )}
      <Scale each={micrometres(slide, look)} />
    </div>
  );
}

/** A length, and how near one is. `each`: micrometres a pixel of the screen; undefined where nobody says. */
function Scale({ each }: { readonly each: number | undefined }) {
  const t = useText('viewer');
  const locale = useLocale();
  const bar = each === undefined ? undefined : barLength(each, BAR_PIXELS);
  if (each === undefined || bar === undefined) return <p className={`${CHIP} text-(--ng-amber)`}>{t('slide.uncalibrated')}</p>;
  return (
    <p className={`${CHIP} flex items-center gap-2 text-(--ng-text)`}>
      <span aria-hidden className="h-1.5 border-(--ng-text) border-x border-b" style={{ width: bar.pixels }} />
      <span data-testid="slide-scale">
        {bar.micrometres >= 1000
          ? t('slide.millimetres', { value: rounded(bar.micrometres / 1000, locale) })
          : t('slide.micrometres', { value: rounded(bar.micrometres, locale) })}
      </span>
      <span className="text-(--ng-text-dim)">{t('slide.magnification', { value: rounded(magnification(each), locale) })}</span>
    </p>
  );
}

function Failed({ reason, onRetry }: { readonly reason: unknown; readonly onRetry: () => void }) {
  const t = useText('viewer');
  return (
    <div
      role="alert"
      className="absolute top-2 left-1/2 flex -translate-x-1/2 items-center gap-2 rounded bg-black/85 px-3 py-1.5"
    >
      <ImageOff size={16} aria-hidden className="text-(--ng-amber)" />
      <span className="text-(--ng-text) text-xs">
        {t('slide.failed')} {t(`error.${reason instanceof DicomwebError ? reason.code : 'UNDECODABLE'}`)}
      </span>
      <RetryButton onPress={onRetry} />
    </div>
  );
}
