import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pixelMatrix } from '@negatoscope/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeFiles } from './support/dicom.ts';
import { isLong } from './support/long.ts';
import { setStage } from './support/stage.ts';
import { manifest, TESTDATA } from './support/testdata.ts';

const WEB = fileURLToPath(new URL('../apps/web/', import.meta.url));
const PAGE = '/cornerstone-loader/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

interface Loaded {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

/** Builds the page with the tool that builds our viewer, since the loader's worker and decoders are found by it. */
async function buildPage(): Promise<string> {
  const outDir = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-loader-'));
  const vite = path.join(path.dirname(createRequire(`${WEB}vite.config.ts`).resolve('vite/package.json')), 'bin/vite.js');
  const root = path.join(WEB, 'src/viewer/testing');
  await promisify(execFile)(process.execPath, [vite, 'build', root, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error']);
  return outDir;
}

/** Files under one address of the server's own origin, so that the session of the page counts; all else is the server's. */
async function serveFolder(tab: Tab, folder: string): Promise<void> {
  await tab.page.route(
    (url) => url.pathname.startsWith(PAGE),
    (route) => {
      const { pathname } = new URL(route.request().url());
      const file = path.join(folder, pathname.slice(PAGE.length) || 'index.html');
      return route.fulfill({ body: readFileSync(file), contentType: TYPES[path.extname(file)] ?? 'application/octet-stream' });
    },
  );
}

/** Native, deflated, RLE, JPEG lossless, JPEG-LS and JPEG 2000: files whose pixels the oracle knows exactly and that share no UID. */
const EXACT = [
  'pydicom/CT_small.dcm',
  'nhsx-nccid/1.3.6.1.4.1.11129.5.5.110503645592756492463169821050252582267888.dcm',
  'dcmjs-dimse/ebe.dcm',
  'pydicom/image_dfl.dcm',
  'pydicom/SC_rgb_rle.dcm',
  'pydicom/MR_small_RLE.dcm',
  'cornerstone3D/CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm',
  'pydicom-data/JPEG-LL.dcm',
  'cornerstone3D/TestPattern_JPEG-Lossless_RGB.dcm',
  'cornerstone3D/TestPattern_JPEG-LS-Lossless.dcm',
  'pydicom-data/explicit_VR-UN.dcm',
];

/** SHA-256 of the samples as the oracle packs them, made in the page: a million numbers take seconds to leave it. */
async function hashInPage([url, layout]: readonly [string, string]): Promise<string> {
  const { loadFrame } = window as unknown as { loadFrame: (url: string, frame: number) => Promise<Loaded> }; // The page's own.
  const { values } = await loadFrame(url, 1);
  const samples = layout.startsWith('u8')
    ? Uint8Array.from(values)
    : layout.startsWith('i16')
      ? Int16Array.from(values)
      : Uint16Array.from(values);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', samples));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe.skipIf(chromiumPath === undefined)('Cornerstone’s own wadors loader, against this server', () => {
  // What the loader gives as stored: not single bits, signed bytes, 32 bits, palettes and YBR, which it packs, rounds or converts.
  const matrix = [...pixelMatrix()].filter(
    (one) =>
      (one.bitsAllocated === 16 && one.photometric.startsWith('MONOCHROME')) ||
      (one.bitsAllocated === 8 && !one.isSigned && /^(MONOCHROME|RGB)/.test(one.photometric)),
  );
  let tab: Tab;
  let folder: string | undefined;
  const load = (instance: string, frame: number): Promise<Loaded> =>
    tab.page.evaluate(
      ([url, number]) => {
        const { loadFrame } = window as unknown as { loadFrame: (url: string, frame: number) => Promise<Loaded> }; // The page's own.
        return loadFrame(url, number);
      },
      [instance, frame] as const,
    );

  setStage(
    async (stage) => {
      tab = stage.tab;
      folder = await buildPage();
      await serveFolder(tab, folder);
      await tab.page.goto(PAGE);
      await tab.page.waitForFunction(() => 'loadFrame' in window);
    },
    { drawnBy: 'processor' },
  );
  afterAll(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it.each(isLong ? (['explicit', 'implicit', 'bigEndian', 'deflated', 'rle'] as const) : (['explicit', 'rle'] as const))(
    'fetches and decodes grey and colour: %s',
    async (syntax) => {
      const cases = matrix.filter((one) => one.syntax === syntax);
      expect(cases).toHaveLength(24);
      expect(
        await storeFiles(
          tab,
          cases.map(({ instance }) => instance.bytes),
        ),
      ).toBe(200);
      for (const { name, frames, expected, instance } of cases) {
        const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
        const url = `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
        expect([name, (await load(url, frames)).values]).toEqual([name, expected[frames - 1]]);
      }
    },
  );

  it.skipIf(!existsSync(TESTDATA)).each(EXACT.filter((_file, place) => isLong || place % 3 === 0))(
    'gives the pixels of the oracle: %s',
    async (file) => {
      const known = manifest().get(file);
      if (known === undefined) throw new Error(`${file} is not in the manifest.`);
      expect(await storeFiles(tab, [readFileSync(path.join(TESTDATA, file))])).toBe(200);
      expect(await tab.page.evaluate(hashInPage, [known.instance, known.layout] as const)).toBe(known.pixelSha256);
    },
  );

  it('without a request that leaves the server', () => {
    expect(tab.strangers).toEqual([]);
  });
});
