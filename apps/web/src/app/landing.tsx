import '@fontsource/instrument-serif/latin-400.css';
import { Link } from '@tanstack/react-router';
import { m, type Transition } from 'motion/react';
import { useText } from '../i18n/index.ts';
import { buttonClass } from '../ui/button.tsx';
import { Mark } from '../ui/logo.tsx';
import { OtherLanguage } from '../ui/other-language.tsx';

/** The large words wait a moment for their letters rather than change them before one's eyes. */
await Promise.race([
  document.fonts.load('84px "Instrument Serif"').catch(() => undefined),
  new Promise((resolve) => setTimeout(resolve, 400)),
]);

const RIBS = [0, 1, 2, 3, 4, 5, 6] as const;

/** A chest film in line strokes, drawn dark on the lit box. */
function Film() {
  return (
    <svg viewBox="0 0 320 380" className="h-full w-full" aria-hidden="true">
      <defs>
        <linearGradient id="film" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#101820" />
          <stop offset="1" stopColor="#1c2833" />
        </linearGradient>
      </defs>
      <rect x="28" y="24" width="264" height="332" rx="10" fill="url(#film)" />
      <g fill="none" stroke="#dcebf7" strokeLinecap="round">
        <path d="M160 48v270" strokeWidth="13" strokeOpacity=".5" strokeDasharray="15 4" strokeLinecap="butt" />
        <path d="M150 78c-34-10-66-4-88 14M170 78c34-10 66-4 88 14" strokeWidth="8" strokeOpacity=".62" />
        {RIBS.map((rib) => (
          <path
            key={rib}
            d={`M150 ${98 + rib * 30}c-36-${22 - rib}-78-${14 - rib}-${92 - rib} ${32 + rib * 3}M170 ${98 + rib * 30}c36-${22 - rib} 78-${14 - rib} ${92 - rib} ${32 + rib * 3}`}
            strokeWidth="5"
            strokeOpacity={0.5 - rib * 0.035}
          />
        ))}
      </g>
      <path d="M148 178c-2 46 4 88 30 104 28 10 58-6 60-32 2-30-30-66-66-84z" fill="#dcebf7" fillOpacity=".28" />
      <path
        d="M56 318c26-30 66-36 96-16M264 318c-26-34-64-38-92-20"
        fill="none"
        stroke="#dcebf7"
        strokeOpacity=".42"
        strokeWidth="7"
        strokeLinecap="round"
      />
    </svg>
  );
}

const ON = { opacity: [0.06, 0.75, 0.25, 1] };
const SWITCH: Transition = { duration: 0.6, times: [0, 0.25, 0.4, 1], ease: 'easeOut' };

/** The light box switches on once, in 600 ms: a flicker, then full light. */
function LightBox() {
  return (
    <div className="relative aspect-[5/6] w-full max-w-[min(400px,38dvh)] sm:max-w-[400px]">
      <m.div
        aria-hidden="true"
        className="pointer-events-none absolute -inset-[45%] bg-[radial-gradient(closest-side,#f3f8ff3d,#f3f8ff1c_45%,#f3f8ff08_72%,transparent)]"
        initial={{ opacity: 0 }}
        animate={ON}
        transition={SWITCH}
      />
      <div className="relative h-full rounded-3xl border border-line bg-surface p-3 sm:p-4">
        <m.div className="h-full w-full rounded-2xl bg-lightbox" initial={{ opacity: 0.06 }} animate={ON} transition={SWITCH}>
          <Film />
        </m.div>
      </div>
    </div>
  );
}

function LandingHead() {
  return (
    <header className="mx-auto flex w-full max-w-6xl items-center justify-between px-6 py-5">
      <span className="flex items-center gap-3 font-semibold">
        <Mark /> Negatoscope
      </span>
      <OtherLanguage />
    </header>
  );
}

function Points() {
  const t = useText('auth');
  const points = [
    [t('point1Title'), t('point1')],
    [t('point2Title'), t('point2')],
    [t('point3Title'), t('point3')],
  ] as const;
  return (
    <dl className="mt-12 hidden gap-x-8 gap-y-5 border-t border-line pt-6 sm:grid sm:grid-cols-3">
      {points.map(([title, body]) => (
        <div key={title}>
          <dt className="font-semibold">{title}</dt>
          <dd className="mt-1 text-[13px] text-dim">{body}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Landing() {
  const t = useText('auth');
  return (
    <div className="flex h-full flex-col overflow-x-hidden overflow-y-auto">
      <LandingHead />
      <main className="mx-auto grid w-full max-w-6xl flex-1 items-center gap-10 px-6 pb-10 md:grid-cols-[1.15fr_1fr] md:gap-16">
        <div className="order-2 md:order-1">
          <h1 className="font-serif text-[clamp(44px,6.4vw,84px)] leading-[1.02] text-balance">{t('tagline')}</h1>
          <p className="mt-6 max-w-lg text-base text-dim md:text-lg">{t('lead')}</p>
          <div className="mt-8">
            <Link to="/app" className={buttonClass('primary', 'large')}>
              {t('signIn')}
            </Link>
          </div>
          <Points />
        </div>
        <div className="order-1 flex justify-center md:order-2">
          <LightBox />
        </div>
      </main>
      <footer className="mx-auto w-full max-w-6xl px-6 py-5 text-[13px] text-dim">{t('footer')}</footer>
    </div>
  );
}
