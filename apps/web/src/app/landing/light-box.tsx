import { m, type Transition } from 'motion/react';
import type { CSSProperties } from 'react';
import { useText } from '../../i18n/index.ts';
import { useIsPhone } from '../../ui/use-media.ts';
import { PANE, SHEET } from './pictures.ts';
import slices from './slices.webp';
import viewer from './viewer.webp';

const percent = (part: number): string => `${part * 100}%`;
const ROWS = Math.ceil(SHEET.cells / SHEET.columns);

/** Where a cell of the sheet lies, as CSS moves a background. */
const cellStyle = (slice: number): CSSProperties => ({
  backgroundImage: `url(${slices})`,
  backgroundSize: `${SHEET.columns * 100}% ${ROWS * 100}%`,
  backgroundPosition: `${percent((slice % SHEET.columns) / (SHEET.columns - 1))} ${percent(Math.floor(slice / SHEET.columns) / (ROWS - 1))}`,
});

const paneStyle: CSSProperties = {
  left: percent(PANE.x),
  top: percent(PANE.y),
  width: percent(PANE.width),
  height: percent(PANE.height),
};

/** On a phone nothing but the image can be made out: the picture is as large as makes its pane fill the box. */
const phoneStyle: CSSProperties = {
  width: percent(1 / PANE.width),
  left: percent(-PANE.x / PANE.width),
  top: percent(-PANE.y / PANE.height),
};

/** Our viewer with a study in it; the slices come when somebody scrolls, over the picture that is there at once. */
function Film({ slice }: { slice: number | undefined }) {
  const t = useText('auth');
  const isPhone = useIsPhone();
  const shape = isPhone ? (PANE.width * 16) / (PANE.height * 10) : 1.6;
  return (
    <div className="relative w-full overflow-hidden rounded-xl bg-[#0b0d10]" style={{ aspectRatio: shape }}>
      <div className="absolute aspect-[16/10]" style={isPhone ? phoneStyle : { inset: 0 }}>
        <img src={viewer} alt={t('pictureOf')} width={1440} height={900} fetchPriority="high" className="h-full w-full" />
        {slice !== undefined && <div className="absolute" style={{ ...paneStyle, ...cellStyle(slice) }} />}
      </div>
    </div>
  );
}

const ON = { opacity: [0.06, 0.75, 0.25, 1] };
const SWITCH: Transition = { duration: 0.6, times: [0, 0.25, 0.4, 1], ease: 'easeOut' };

/** The light box switches on once, in 600 ms: a flicker, then full light. */
export function LightBox({ slice }: { slice: number | undefined }) {
  const t = useText('auth');
  return (
    <figure className="relative w-full">
      <m.div
        aria-hidden="true"
        className="pointer-events-none absolute -inset-[30%] bg-[radial-gradient(closest-side,#f3f8ff3d,#f3f8ff1c_45%,#f3f8ff08_72%,transparent)]"
        initial={{ opacity: 0 }}
        animate={ON}
        transition={SWITCH}
      />
      <div className="relative rounded-3xl border border-line bg-surface p-2 sm:p-3">
        <m.div className="rounded-2xl bg-lightbox p-2 sm:p-4" initial={{ opacity: 0.06 }} animate={ON} transition={SWITCH}>
          <Film slice={slice} />
        </m.div>
      </div>
      <figcaption className="tabular relative mt-3 text-center text-[13px] text-dim">
        {slice === undefined ? t('scrollHint') : t('sliceOf', { slice: slice + 1, count: SHEET.cells })}
      </figcaption>
    </figure>
  );
}
