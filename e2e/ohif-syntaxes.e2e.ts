import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser, openTab, signIn, type Tab } from './support/browser.ts';
import { storeFiles } from './support/dicom.ts';
import { type RunningServer, startServer } from './support/server.ts';

const isPrepared = existsSync(fileURLToPath(new URL('../apps/web/ohif-dist/ohif.json', import.meta.url)));
const TESTDATA = process.env.NEGATOSCOPE_TESTDATA || fileURLToPath(new URL('../../shared/testdata/dicom', import.meta.url));
const hasTestData = existsSync(path.join(TESTDATA, 'MANIFEST.csv'));
const SCREENSHOTS = process.env.NEGATOSCOPE_SCREENSHOTS;
const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';

/** The last part of 1.2.840.10008.1.2 → one file with it. Those in `npm test` stand for a codec each. */
const USUAL: Readonly<Record<string, string>> = {
  '.4.50': 'pydicom/SC_rgb_dcmtk_+eb+cy+np.dcm',
  '.4.57': 'cornerstone3D/CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm',
  '.4.80': 'cornerstone3D/CTImage.dcm_JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm',
  '.4.90': 'cornerstone3D/CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm',
  '.5': 'pydicom/SC_rgb_rle.dcm',
};
/** Not 1.2.840.10008.1.2.4.53 and .55 (retired, progressive, 12 bits): OHIF's codecs have no decoder for them; our own viewer draws them. */
const OTHERS: Readonly<Record<string, string>> = {
  '': 'pydicom/MR_small_implicit.dcm',
  '.1': 'pydicom/CT_small.dcm',
  '.1.99': 'pydicom/image_dfl.dcm',
  '.2': 'pydicom/MR_small_bigendian.dcm',
  '.4.51': 'cornerstone3D/CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm',
  '.4.70': 'pydicom-data/JPGLosslessP14SV1_1s_1f_8b.dcm',
  '.4.81': 'cornerstone3D/TestPattern_JPEG-LS-NearLossless.dcm',
  '.4.91': 'pydicom/JPEG2000.dcm',
};
const FILES = Object.entries(isLong ? { ...USUAL, ...OTHERS } : USUAL);

/** The test data has one image in many syntaxes under the same UIDs: each gets its own, of the same length. */
function renamed(bytes: Buffer, uids: readonly string[], number: number): Buffer {
  let text = bytes.toString('latin1');
  for (const uid of uids) {
    const ending = String(100 + number);
    text = text.replaceAll(uid, `${uid.slice(0, -3)}${ending}`);
  }
  return Buffer.from(text, 'latin1');
}

function uidsOf(file: string): string[] {
  const [head = '', ...lines] = readFileSync(path.join(TESTDATA, 'MANIFEST.csv'), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  const cells = (lines.find((line) => line.startsWith(`${file},`)) ?? '').match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  return ['study_instance_uid', 'series_instance_uid', 'sop_instance_uid'].map((name) =>
    (cells[names.indexOf(name)] ?? '').replace(/,$/, ''),
  );
}

/** Share of the pixels of OHIF's viewport that are not black, once it shows an image. */
async function shareOfImage(page: Page): Promise<number> {
  const handle = await page.waitForFunction(
    () => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('canvas.cornerstone-canvas')) {
        if (canvas.width < 100 || canvas.height < 100) continue;
        const copy = new OffscreenCanvas(canvas.width, canvas.height);
        const context = copy.getContext('2d');
        context?.drawImage(canvas, 0, 0);
        const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        let bright = 0;
        for (let index = 0; index < data.length; index += 4)
          if (Math.max(data[index] ?? 0, data[index + 1] ?? 0, data[index + 2] ?? 0) > 20) bright += 1;
        if (bright / (canvas.width * canvas.height) > 0.02) return bright / (canvas.width * canvas.height);
      }
      return undefined;
    },
    undefined,
    { timeout: 60_000, polling: 500 },
  );
  return (await handle.jsonValue()) ?? 0;
}

describe.skipIf(chromiumPath === undefined || !isPrepared || !hasTestData)(
  `OHIF draws each transfer syntax${hasTestData ? '' : ' (left out: the test data are not here)'}`,
  () => {
    let server: RunningServer;
    let browser: Browser;
    let tab: Tab;
    beforeAll(async () => {
      [server, browser] = await Promise.all([startServer(), openBrowser()]);
      tab = await openTab(browser, server);
      await signIn(tab.page, server);
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
    });

    it.each(FILES.map(([syntax, file], index) => ({ syntax: `1.2.840.10008.1.2${syntax}`, file, index })))(
      '$syntax',
      async ({ syntax, file, index }) => {
        const uids = uidsOf(file);
        const bytes = readFileSync(path.join(TESTDATA, file));
        // A deflated dataset does not show its UIDs.
        const stored = syntax.endsWith('.99') ? bytes : renamed(bytes, uids, index);
        expect(await storeFiles(tab, [stored])).toBe(200);
        const [study = ''] = uids;
        const shown = syntax.endsWith('.99') ? study : `${study.slice(0, -3)}${100 + index}`;
        await tab.page.goto(`/viewer/viewer?StudyInstanceUIDs=${shown}`, { timeout: 90_000 });
        const share = await shareOfImage(tab.page).finally(async () => {
          if (SCREENSHOTS !== undefined) await tab.page.screenshot({ path: `${SCREENSHOTS}/ohif-${syntax}.png` });
        });
        expect(share).toBeGreaterThan(0.02);
        expect(tab.problems.filter((problem) => /Content Security Policy|Refused to|unsafe-eval/.test(problem))).toEqual([]);
      },
    );
  },
);
