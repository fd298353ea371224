import { describe, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { writeLandingPictures } from './support/landing-pictures.ts';
import { setStage } from './support/stage.ts';

describe.skipIf(chromiumPath === undefined || process.env.NEGATOSCOPE_WRITE_PICTURES !== '1')('pictures', () => {
  let tab: Tab;
  setStage(
    (stage) => {
      tab = stage.tab;
    },
    { isAlone: true },
  );
  it('are made', () => writeLandingPictures(tab), 600_000);
});
