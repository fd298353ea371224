import '@fontsource/instrument-serif/latin-400.css';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useText } from '../i18n/index.ts';
import { buttonClass } from '../ui/button.tsx';
import { Mark } from '../ui/logo.tsx';
import { OtherLanguage } from '../ui/other-language.tsx';
import { LightBox } from './landing/light-box.tsx';
import { SHEET } from './landing/pictures.ts';
import { useScrub } from './landing/use-scrub.ts';

/** The large words wait a moment for their letters rather than change them before one's eyes. */
await Promise.race([
  document.fonts.load('84px "Instrument Serif"').catch(() => undefined),
  new Promise((resolve) => setTimeout(resolve, 400)),
]);

function LandingHead() {
  return (
    <header className="mx-auto flex w-full max-w-[1760px] items-center justify-between px-6 py-4 md:px-10">
      <span className="flex items-center gap-3 font-semibold">
        <Mark /> Negatoscope
      </span>
      <OtherLanguage />
    </header>
  );
}

function Hero() {
  const t = useText('auth');
  return (
    <div className="flex flex-col justify-center md:min-h-[calc(100dvh-8rem)]">
      <h1 className="font-serif text-[clamp(40px,5vw,104px)] leading-[1.02] text-balance">{t('tagline')}</h1>
      <p className="mt-6 max-w-lg text-base text-dim md:text-lg">{t('lead')}</p>
      <div className="mt-8">
        <Link to="/app" className={buttonClass('primary', 'large')}>
          {t('signIn')}
        </Link>
      </div>
    </div>
  );
}

const STEPS = [1, 2, 3, 4, 5] as const;

/** What the product does, a screen each: as long as the way through the slices is. */
function Steps() {
  const t = useText('auth');
  return (
    <ol>
      {STEPS.map((step) => (
        <li key={step} className="flex min-h-[55dvh] flex-col justify-center last:min-h-[70dvh] md:min-h-[70dvh]">
          <h2 className="font-serif text-[clamp(30px,3vw,60px)] leading-tight">{t(`point${step}Title`)}</h2>
          <p className="mt-3 max-w-md text-base text-dim md:text-lg">{t(`point${step}`)}</p>
        </li>
      ))}
    </ol>
  );
}

export function Landing() {
  const t = useText('auth');
  const scroller = useRef<HTMLDivElement>(null);
  const section = useRef<HTMLElement>(null);
  const slice = useScrub({ scroller, section, count: SHEET.cells });
  return (
    <div ref={scroller} className="flex h-full flex-col overflow-x-clip overflow-y-auto">
      <LandingHead />
      <main
        ref={section}
        className="mx-auto flex w-full max-w-[1760px] flex-col gap-x-14 gap-y-8 px-6 md:grid md:grid-cols-[1fr_1.5fr] md:px-10 2xl:gap-x-24 min-[2200px]:max-w-[86vw]"
      >
        <div className="order-2 md:order-1">
          <Hero />
          <Steps />
        </div>
        {/* On a phone it stands above, and the words go by beneath it. */}
        <div className="order-1 max-md:contents md:order-2">
          <div className="sticky top-0 z-10 order-1 bg-bg py-3 md:top-0 md:flex md:h-dvh md:items-center md:bg-transparent md:py-0">
            <LightBox slice={slice} />
          </div>
        </div>
      </main>
      <footer className="mx-auto w-full max-w-[1760px] px-6 py-5 text-[13px] text-dim md:px-10">{t('footer')}</footer>
    </div>
  );
}
