import { slideColor, wholeSlide } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import { storeFiles } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const [COLUMNS, ROWS] = [1536, 1024];

describe.skipIf(chromiumPath === undefined)('a whole slide in the browser', () => {
  let tab: Tab;
  setStage(async (stage) => {
    tab = stage.tab;
  });

  /** The colour in the middle of the pane. */
  const inTheMiddle = (): Promise<number[]> =>
    tab.page.locator('[data-testid=slide] canvas').evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return [];
      const { width, height } = canvas;
      return [...(canvas.getContext('2d')?.getImageData(width / 2, height / 2, 1, 1).data ?? [])].slice(0, 3);
    });
  const here = () => expect.poll(() => tab.page.getByTestId('slide').getAttribute('data-waiting')).toBe('0');

  /** Stores a slide and opens it. */
  const opened = async (files: ReturnType<typeof wholeSlide>) => {
    const bytes = files.map((file) => file.bytes);
    expect(await storeFiles(tab, bytes)).toBe(200);
    await visit(tab.page, `/app/studies/${files[0]?.studyInstanceUid}`);
    const slide = tab.page.getByTestId('slide');
    await slide.waitFor();
    return slide;
  };

  it.each([false, true])(
    'has at each magnification the colours of its pixels where they are (sparse tiles: %s)',
    async (isSparse) => {
      const files = wholeSlide({ seed: `slide ${isSparse}`, columns: COLUMNS, rows: ROWS, isSparse });
      const slide = await opened(files);
      // The middle of the slide at each step nearer; then 80 CSS pixels from it in both directions, at eight for each of its own: 10 of them, in a nucleus.
      const middle = [...slideColor(0.5 + 0.5 / COLUMNS, 0.5 + 0.5 / ROWS)];
      const nucleus = [...slideColor(0.5 + 10.5 / COLUMNS, 0.5 + 10.5 / ROWS)];
      expect(nucleus).not.toEqual(middle);
      await slide.focus();
      for (let step = 0; step < 24; step += 1) {
        if (step % 8 === 0) {
          await here();
          await expect.poll(inTheMiddle).toEqual(middle);
        }
        await slide.press('+');
      }
      await slide.press('ArrowRight');
      await slide.press('ArrowDown');
      await here();
      await expect.poll(inTheMiddle).toEqual(nucleus);
      await slide.press('0');
      await here();
      await expect.poll(inTheMiddle).toEqual(middle);
    },
  );

  it('is stepped through its focal planes, and a length drawn on it is there again after a reload, on its plane alone', async () => {
    const files = wholeSlide({ seed: 'slide planes', columns: COLUMNS, rows: ROWS, planes: 3 });
    const slide = await opened(files);
    await here();
    const sharp = [...slideColor(0.5 + 0.5 / COLUMNS, 0.5 + 0.5 / ROWS)];
    await expect.poll(inTheMiddle).toEqual(sharp);
    await slide.focus();
    await slide.press('PageUp');
    await here();
    await expect.poll(inTheMiddle).not.toEqual(sharp);
    await slide.press('PageDown');
    await slide.press('l');
    const box = (await slide.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await tab.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await tab.page.mouse.down();
    await tab.page.mouse.move(box.x + box.width / 2 + 100, box.y + box.height / 2, { steps: 4 });
    await tab.page.mouse.up();
    const marks = tab.page.getByTestId('slide-marks').locator('[data-mark]');
    await expect.poll(() => marks.count()).toBe(1);
    await expect.poll(() => marks.first().textContent()).toMatch(/^\d+([.,]\d)? µm$/);
    const said = await marks.first().textContent();
    await tab.page.waitForTimeout(1500);
    await tab.page.reload();
    await slide.waitFor();
    await expect.poll(() => marks.count(), { timeout: 15_000 }).toBe(1);
    expect(await marks.first().textContent()).toBe(said);
    await slide.focus();
    await slide.press('PageUp');
    await expect.poll(() => marks.count()).toBe(0);
  });
});
