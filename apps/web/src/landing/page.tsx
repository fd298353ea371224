import { buttonClass } from '../ui/button-class.ts';
import { LanguageButton } from '../ui/language-button.tsx';
import { Mark } from '../ui/logo.tsx';
import { Both } from './both.tsx';
import { LightBox, type PictureOf } from './light-box.tsx';

// Drawn once, by the build (vite.config.ts): the browser gets what comes of it, and not this.

function LandingHead() {
  return (
    <header className="mx-auto flex text-sm w-full max-w-[1760px] items-center justify-between px-6 py-4 lg:px-10 min-[2200px]:max-w-[86vw]">
      <span className="flex items-center gap-3 font-semibold">
        <Mark /> Negatoscope
      </span>
      <span data-in="fr">
        <LanguageButton to="en" data-language="en" />
      </span>
      <span data-in="en">
        <LanguageButton to="fr" data-language="fr" />
      </span>
    </header>
  );
}

function Hero() {
  return (
    <div className="ng-words flex flex-col justify-center lg:min-h-[calc(100dvh-8rem)]">
      <h1 className="font-serif text-[clamp(40px,5vw,13rem)] leading-[1.02] text-balance">
        <Both of="tagline" />
      </h1>
      <p className="mt-6 max-w-lg text-base text-dim md:text-lg">
        <Both of="lead" />
      </p>
      <div className="mt-8">
        <a href="/app" className={buttonClass('primary', 'large')} data-sign-in="">
          <Both of="signIn" />
        </a>
      </div>
    </div>
  );
}

const STEPS = [1, 2, 3, 4, 5] as const;

/** What the product does, a screen each: as long as the way through the slices is. */
function Steps() {
  return (
    <ol>
      {STEPS.map((step) => (
        <li key={step} className="flex min-h-[55dvh] flex-col justify-center last:min-h-[70dvh] lg:min-h-[70dvh]">
          <h2 className="font-serif text-[clamp(30px,3vw,6rem)] leading-tight">
            <Both of={`point${step}Title`} />
          </h2>
          <p className="mt-3 max-w-md text-base text-dim md:text-lg">
            <Both of={`point${step}`} />
          </p>
        </li>
      ))}
    </ol>
  );
}

/** The landing page as it stands before anybody has touched it. `pictures`: what lies on the light box, one for each language. */
export function LandingPage({ pictures }: { readonly pictures: readonly PictureOf[] }) {
  return (
    <>
      <LandingHead />
      <main className="mx-auto flex w-full max-w-[1760px] flex-col gap-x-14 gap-y-8 px-6 lg:grid lg:grid-cols-[1fr_1.5fr] lg:px-10 2xl:gap-x-24 min-[2200px]:max-w-[86vw]">
        <div className="order-2 lg:order-1">
          <Hero />
          <Steps />
        </div>
        {/* On a phone it stands above, and the words go by beneath it. */}
        <div className="order-1 max-lg:contents lg:order-2">
          <div className="sticky top-0 z-10 order-1 bg-bg py-3 lg:top-0 lg:flex lg:h-dvh lg:items-center lg:bg-transparent lg:py-0">
            <LightBox pictures={pictures} />
          </div>
        </div>
      </main>
      <footer className="mx-auto w-full max-w-[1760px] px-6 py-5 text-sm text-dim lg:px-10 min-[2200px]:max-w-[86vw]">
        <Both of="footer" />
      </footer>
    </>
  );
}
