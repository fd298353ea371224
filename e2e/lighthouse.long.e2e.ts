import { describe, expect, it } from 'vitest';
import { chromiumPath } from './support/browser.ts';
import { languageAt, lookAt, type Marks } from './support/lighthouse.ts';
import { type Stage, setStage } from './support/stage.ts';

const WANTED = 95;
/**
 * Performance is worked out of what this machine took for its own scripts, times four on a phone: alone the pages have 95 and more (decision 104), beside other
 * tests a few less. What is a fault of the page (a picture that is too large, a shift, a library too many) costs more than that.
 */
const LEAST_BESIDE_OTHERS = 90;
const TRIES = 3;

describe.skipIf(chromiumPath === undefined)('what stands before signing in, as Lighthouse marks it', () => {
  let stage: Stage;
  setStage(
    (set) => {
      stage = set;
    },
    { drawnBy: 'processor', isSignedIn: false },
  );

  /** The best of some: a machine that does something else makes a page slower, and never quicker. */
  async function best(address: string, by: Parameters<typeof lookAt>[1]): Promise<Marks> {
    let marks = await lookAt(address, by);
    for (let tried = 1; tried < TRIES && marks.scores.performance < WANTED; tried += 1) {
      const again = await lookAt(address, by);
      if (again.scores.performance > marks.scores.performance) marks = again;
    }
    return marks;
  }

  const pages = [
    ['/', 'fr'],
    ['/', 'en'],
    ['/login', 'fr'],
    ['/login', 'en'],
  ] as const;
  it.each(pages.flatMap((page) => (['mobile', 'desktop'] as const).map((form) => [...page, form] as const)))(
    'is fine: %s in %s, %s',
    async (path, language, form) => {
      expect(await languageAt(`${stage.server.baseUrl}${path}`, language)).toBe(language);
      const marks = await best(`${stage.server.baseUrl}${path}`, { form, language });
      console.log(JSON.stringify({ path, language, form, ...marks.scores, times: marks.times, faults: marks.faults }));
      expect(marks.scores.accessibility, marks.faults.join('\n')).toBeGreaterThanOrEqual(WANTED);
      expect(marks.scores['best-practices'], marks.faults.join('\n')).toBeGreaterThanOrEqual(WANTED);
      expect(marks.scores.performance, marks.times).toBeGreaterThanOrEqual(LEAST_BESIDE_OTHERS);
    },
    600_000,
  );
});
