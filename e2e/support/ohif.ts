import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** OHIF is prepared by the build, with the network; without it the tests in it are left out. */
export const isOhifPrepared = existsSync(fileURLToPath(new URL('../../apps/web/ohif-dist/ohif.json', import.meta.url)));

const SCREENSHOTS = process.env.NEGATOSCOPE_SCREENSHOTS;

/** For a person to look at, where a folder is named for it. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}

/** Share of each viewport's pixels that are not black, once as many viewports as wanted show an image. */
export async function untilImages(page: Page, wanted = 1): Promise<number[]> {
  const handle = await page.waitForFunction(
    (count) => {
      const shares: number[] = [];
      for (const canvas of document.querySelectorAll('canvas')) {
        if (canvas.width < 100 || canvas.height < 100) continue;
        const copy = new OffscreenCanvas(canvas.width, canvas.height);
        const context = copy.getContext('2d');
        context?.drawImage(canvas, 0, 0);
        const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        let bright = 0;
        for (let index = 0; index < data.length; index += 4)
          if (Math.max(data[index] ?? 0, data[index + 1] ?? 0, data[index + 2] ?? 0) > 20) bright += 1;
        const share = bright / (canvas.width * canvas.height);
        if (share > 0.02) shares.push(share);
      }
      return shares.length >= count ? shares : undefined;
    },
    wanted,
    { timeout: 90_000, polling: 500 },
  );
  return (await handle.jsonValue()) ?? [];
}
