import type { CSSProperties } from 'react';
import type { Locale } from '../i18n/format.ts';
import { Both, landingText } from './both.tsx';
import { PANE, SHEET } from './pictures.ts';

const percent = (part: number): string => `${part * 100}%`;

/** Where the pane lies in the picture, for the style sheet; a phone shows the pane alone, since nothing but the image can be made out there. */
const place = {
  '--pane-x': percent(PANE.x),
  '--pane-y': percent(PANE.y),
  '--pane-width': percent(PANE.width),
  '--pane-height': percent(PANE.height),
  '--pane-ratio': (PANE.width * 16) / (PANE.height * 10),
  '--whole-width': percent(1 / PANE.width),
  '--whole-x': percent(-PANE.x / PANE.width),
  '--whole-y': percent(-PANE.y / PANE.height),
} as CSSProperties; // React's type knows no properties of one's own.

/** The address of a picture on the light box, and of which language what is written in it is. */
export interface PictureOf {
  readonly locale: Locale;
  readonly src: string;
}

/** A picture that the style sheet hides is not fetched: that is what `lazy` is for. */
const Picture = ({ src, locale }: PictureOf) => (
  <img
    src={src}
    alt={landingText('pictureOf', locale)}
    data-in={locale}
    width={1440}
    height={900}
    loading="lazy"
    fetchPriority="high"
    className="h-full w-full"
  />
);

/** Our viewer with a study in it; the slices come when somebody scrolls, over the picture that is there at once. */
function Film({ pictures }: { readonly pictures: readonly PictureOf[] }) {
  return (
    <div className="ng-film relative w-full overflow-hidden rounded-xl bg-[#0b0d10]" style={place}>
      <div className="ng-film-whole absolute aspect-[16/10]">
        {pictures.map((one) => (
          <Picture key={one.locale} {...one} />
        ))}
        <div className="ng-film-pane absolute" data-slices="" />
      </div>
    </div>
  );
}

/** `Coupe 5 / 24`, with a place for the number. */
function SliceOf({ locale }: { readonly locale: Locale }) {
  const [before, after] = landingText('sliceOf', locale).replace('{{count}}', String(SHEET.cells)).split('{{slice}}');
  return (
    <span data-in={locale}>
      {before}
      <span data-slice="">1</span>
      {after}
    </span>
  );
}

/** The light box switches on once, in 600 ms: a flicker, then full light. */
export function LightBox({ pictures }: { readonly pictures: readonly PictureOf[] }) {
  return (
    <figure className="relative w-full">
      <div
        aria-hidden="true"
        className="ng-switch pointer-events-none absolute -inset-[30%] bg-[radial-gradient(closest-side,#f3f8ff3d,#f3f8ff1c_45%,#f3f8ff08_72%,transparent)]"
      />
      <div className="relative rounded-3xl border border-line bg-surface p-2 sm:p-3">
        <div className="ng-switch rounded-2xl bg-lightbox p-2 sm:p-4">
          <Film pictures={pictures} />
        </div>
      </div>
      <figcaption className="tabular relative mt-3 text-center text-sm text-dim">
        <span data-hint="">
          <Both of="scrollHint" />
        </span>
        <span data-place="" hidden>
          <SliceOf locale="fr" />
          <SliceOf locale="en" />
        </span>
      </figcaption>
    </figure>
  );
}
