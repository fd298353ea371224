import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parsePart10 } from '@negatoscope/dicom';
import sharp, { type OutputInfo } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, createTestApp, type TestApp } from '../../../test/support/app.ts';
import { frameOfFile, TEST_DATA } from '../../platform/codecs/test-frames.ts';

const FILES = {
  ct: 'pydicom/CT_small.dcm',
  bigEndian: 'pydicom/MR_small_bigendian.dcm',
  chest: 'dwv/gdcm-CR-MONO1-10-chest.dcm',
  dx: 'pydicom-data/RG1_J2KI.dcm',
  palette: 'pydicom/examples_palette.dcm',
  overlay: 'weasis-dicom-tools/overlay.dcm',
  ybr: 'pydicom/examples_ybr_color.dcm',
  ybr422: 'pydicom/SC_ybr_full_422_uncompressed.dcm',
  rle16: 'pydicom/SC_rgb_rle_16bit_2frame.dcm',
  bits: 'pydicom-data/liver_rle.dcm',
  float: 'pydicom-data/parametric_map_float.dcm',
  jpeg12: 'pydicom/JPGExtended.dcm',
  mlut: 'pydicom-data/mlut_18.dcm',
  vlut: 'pydicom-data/vlut_04.dcm',
  segmented: 'pydicom-data/gdcm-US-ALOKA-16.dcm',
  ultrasound: 'fo-dicom/multiframe.dcm',
  report: 'pydicom/reportsi.dcm',
  damaged: 'broken/pydicom/JPEG2000-embedded-sequence-delimiter.dcm',
} as const;
type Name = keyof typeof FILES;

const has = (file: string): boolean => existsSync(path.join(TEST_DATA, file));
const dcmtk = ['/usr/bin/dcmj2pnm', '/usr/local/bin/dcmj2pnm', '/opt/homebrew/bin/dcmj2pnm'].find(existsSync);

function addressOf(file: string): { study: string; series: string; instance: string } {
  const { json } = parsePart10(readFileSync(path.join(TEST_DATA, file)));
  const uid = (tag: string): string => String(json[tag]?.Value?.[0]);
  const study = `/dicom-web/studies/${uid('0020000D')}`;
  const series = `${study}/series/${uid('0020000E')}`;
  return { study, series, instance: `${series}/instances/${uid('00080018')}` };
}

describe.skipIf(!has(FILES.ct))(
  'rendered resources and thumbnails of real files (PS3.18 10.4.1.1.3, absent without the test data)',
  () => {
    let app: TestApp;
    let browser: Browser;

    const get = (url: string, headers: Record<string, string> = {}) =>
      app.app.inject({ method: 'GET', url, headers: { cookie: browser.cookie, ...headers } });
    const png = { accept: 'image/png' };
    async function gray(name: Name, query = ''): Promise<{ data: Buffer; info: OutputInfo }> {
      const answer = await get(`${addressOf(FILES[name]).instance}/frames/1/rendered${query}`, png);
      expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
      if (process.env.NEGATOSCOPE_SHOW_IMAGES !== undefined) {
        mkdirSync(process.env.NEGATOSCOPE_SHOW_IMAGES, { recursive: true });
        writeFileSync(
          path.join(process.env.NEGATOSCOPE_SHOW_IMAGES, `${name}${query.replace(/\W/g, '_')}.png`),
          answer.rawPayload,
        );
      }
      return sharp(answer.rawPayload).raw().toBuffer({ resolveWithObject: true });
    }

    beforeAll(async () => {
      app = await createTestApp();
      browser = await app.login('ADMIN');
      const boundary = 'files-of-the-test';
      const parts = Object.values(FILES).flatMap((file) => [
        Buffer.from(`\r\n--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
        readFileSync(path.join(TEST_DATA, file)),
      ]);
      const stored = await app.app.inject({
        method: 'POST',
        url: '/dicom-web/studies',
        headers: { ...browser.headers, 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}` },
        payload: Buffer.concat([...parts, Buffer.from(`\r\n--${boundary}--\r\n`)]),
      });
      expect([200, 202]).toContain(stored.statusCode);
    });
    afterAll(() => app.close());

    it.each(Object.keys(FILES).filter((name) => name !== 'report' && name !== 'damaged') as Name[])(
      'renders %s',
      async (name) => {
        const { data, info } = await gray(name);
        const frame = frameOfFile(FILES[name]);
        expect([info.width, info.height]).toEqual([frame.columns, frame.rows]);
        expect(new Set(data).size).toBeGreaterThan(1);
      },
    );

    const compared: [Name, string, string[]][] = [
      ['ct', '?window=40,400', ['+Ww', '40', '400']],
      ['ct', '?window=-600,1500,sigmoid', ['+Wfs', '+Ww', '-600', '1500']],
      ['bigEndian', '?window=600,1600', ['+Ww', '600', '1600']],
      ['chest', '?window=512,1024', ['+Ww', '512', '1024']],
      ['dx', '', []],
      ['jpeg12', '?window=1000,2000', ['+Ww', '1000', '2000']],
      ['mlut', '?window=2000,4000', ['+Ww', '2000', '4000']],
      ['palette', '', []],
      ['ybr422', '', []],
      ['overlay', '', ['+Wi', '1']],
    ['vlut', '', ['+Wl', '1']],
    ['segmented', '', []],
    ];
    it.skipIf(dcmtk === undefined).each(compared)('shows %s%s as DCMTK does, within 2 of 255', async (name, query, options) => {
      const out = path.join(app.settings.dataDir, `${name}.pnm`);
      execFileSync(dcmtk ?? '', [...options, path.join(TEST_DATA, FILES[name]), out], {
        stdio: 'ignore',
      });
      const theirs = await readPnm(out);
      const { data, info } = await gray(name, query);
      expect(data.length / info.channels).toBe(theirs.data.length / theirs.channels);
      let worst = 0;
      for (let i = 0; i < info.width * info.height; i += 1)
        for (let c = 0; c < 3; c += 1)
          worst = Math.max(
            worst,
            Math.abs(
              (data[i * info.channels + Math.min(c, info.channels - 1)] ?? 0) -
                (theirs.data[i * theirs.channels + Math.min(c, theirs.channels - 1)] ?? 0),
            ),
          );
      expect(worst).toBeLessThanOrEqual(2);
    });
  },
);

/** Binary PGM or PPM of 8 bits. */
async function readPnm(file: string): Promise<{ data: Uint8Array; channels: number }> {
  const bytes = readFileSync(file);
  const head = /^P([56])\s+(?:#.*\n)*(\d+)\s+(\d+)\s+(\d+)\s/.exec(bytes.subarray(0, 200).toString('latin1'));
  if (head === null) throw new Error('no PNM');
  return { data: bytes.subarray(head[0].length), channels: head[1] === '6' ? 3 : 1 };
}
