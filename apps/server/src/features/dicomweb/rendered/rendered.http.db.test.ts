import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parsePart10 } from '@negatoscope/dicom';
import sharp, { type OutputInfo } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, createTestApp, type TestApp } from '../../../../test/support/app.ts';
import { frameOfFile, TEST_DATA } from '../../../platform/codecs/test-frames.ts';

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
  report: 'pydicom/reportsi.dcm',
  state: 'weasis-dicom-tools/prLUTs.dcm',
  damaged: 'broken/pydicom/JPEG2000-embedded-sequence-delimiter.dcm',
} as const;
type Name = keyof typeof FILES;
/** Stored in a group of its own. */
const GROUPED = 'dcm_qa_ct/series-CT-phantom/I10';

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

    const store = (files: readonly string[], url = '/dicom-web/studies') => {
      const boundary = 'files-of-the-test';
      const parts = files.flatMap((file) => [
        Buffer.from(`\r\n--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
        readFileSync(path.join(TEST_DATA, file)),
      ]);
      const type = `multipart/related; type="application/dicom"; boundary=${boundary}`;
      const payload = Buffer.concat([...parts, Buffer.from(`\r\n--${boundary}--\r\n`)]);
      return app.app.inject({ method: 'POST', url, headers: { ...browser.headers, 'content-type': type }, payload });
    };

    beforeAll(async () => {
      app = await createTestApp();
      browser = await app.login('ADMIN');
      const stored = await store(Object.values(FILES));
      expect([200, 202]).toContain(stored.statusCode);
    });
    afterAll(() => app.close());

    it.each(Object.keys(FILES).filter((name) => !['report', 'state', 'damaged'].includes(name)) as Name[])(
      'renders %s',
      async (name) => {
        const { data, info } = await gray(name);
        const frame = frameOfFile(FILES[name]);
        expect([info.width, info.height]).toEqual([frame.columns, frame.rows]);
        expect(new Set(data).size).toBeGreaterThan(1);
      },
    );

    it('answers 304 to the entity tag of the same frame and parameters, and other tags to others', async () => {
      const url = `${addressOf(FILES.ct).instance}/rendered`;
      const first = await get(url);
      expect(first.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'private, no-cache' });
      const etag = String(first.headers.etag);
      expect((await get(url, { 'if-none-match': etag })).statusCode).toBe(304);
      for (const query of ['?window=40,400', '?quality=50', '?viewport=64,64'])
        expect((await get(url + query, { 'if-none-match': etag })).statusCode).toBe(200);
    });

    it('gives JPEG unless the client asks for PNG or WebP, and 406 for anything else (8.7.4)', async () => {
      const url = `${addressOf(FILES.ct).instance}/rendered`;
      for (const [accept, type] of [
        ['*/*', 'image/jpeg'],
        ['image/*', 'image/jpeg'],
        ['image/webp', 'image/webp'],
        ['image/avif, image/png;q=0.9', 'image/png'],
        ['multipart/related; type="image/png"', 'image/png'],
      ]) {
        const answer = await get(url, { accept: accept ?? '' });
        expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type]);
        expect((await sharp(answer.rawPayload).metadata()).width).toBe(128);
      }
      for (const accept of ['image/gif', 'video/mp4', 'application/dicom', 'text/html'])
        expect((await get(url, { accept })).json()).toMatchObject({ status: 406, code: 'NOT_ACCEPTABLE' });
    });

    it('cuts, scales and turns to the viewport (8.3.5.1.4)', async () => {
      const whole = await gray('ct');
      const part = await gray('ct', '?viewport=32,32,10,20,32,32');
      expect([part.info.width, part.info.height]).toEqual([32, 32]);
      expect(part.data[0]).toBe(whole.data[(20 * 128 + 10) * whole.info.channels]);
      const turned = await gray('ct', '?viewport=32,32,10,20,-32,32');
      expect(turned.data[31 * turned.info.channels]).toBe(whole.data[(20 * 128 + 10) * whole.info.channels]);
      const wide = await gray('ct', '?viewport=300,64');
      expect([wide.info.width, wide.info.height]).toEqual([64, 64]);
    });

    it.each([
      ['16384,16384', [128, 128]],
      ['1000,200', [128, 128]],
      ['16384,16384,10,20,32,16', [32, 16]],
    ])('viewport=%s makes nothing larger than what it shows of the image', async (viewport, size) => {
      const { info } = await gray('ct', `?viewport=${viewport}`);
      expect([info.width, info.height]).toEqual(size);
    });

    it.each([
      'window=a,b',
      'window=1',
      'window=40,0',
      'window=1,2,cubic',
      'window=1e999,3',
      'viewport=0,10',
      'viewport=99999999,1',
      'viewport=10,10,500,500,10,10',
      'viewport=1,2,3',
      'quality=0',
      'quality=101',
      'quality=x',
    ])('answers 400 to %s', async (query) => {
      expect((await get(`${addressOf(FILES.ct).instance}/rendered?${query}`)).json()).toMatchObject({
        status: 400,
        code: 'BAD_REQUEST',
      });
    });

    it('warns of parameters that it does not follow', async () => {
      const answer = await get(`${addressOf(FILES.ct).instance}/rendered?annotation=patient`);
      expect([answer.statusCode, answer.headers.warning]).toEqual([
        200,
        '299 negatoscope "Not supported and ignored: annotation"',
      ]);
    });

    it('gives several frames as multipart/related, and 404 for frames that are not there', async () => {
      const { instance } = addressOf(FILES.rle16);
      const answer = await get(`${instance}/frames/1,2/rendered`);
      expect(answer.headers['content-type']).toMatch(/^multipart\/related; type="image\/jpeg"; boundary=/);
      expect(answer.body.match(/Content-Type: image\/jpeg/g)).toHaveLength(2);
      expect((await get(`${instance}/frames/3/rendered`)).statusCode).toBe(404);
      expect((await get(`${instance}/frames/0/rendered`)).statusCode).toBe(404);
      expect((await get(`${instance}/frames/x/rendered`)).statusCode).toBe(400);
    });

    it('gives thumbnails of 128 pixels at every level, in the asked viewport too', async () => {
      const { study, series, instance } = addressOf(FILES.ybr);
      for (const level of [study, series, instance, `${instance}/frames/3`]) {
        const answer = await get(`${level}/thumbnail`);
        expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/jpeg']);
        expect(await sharp(answer.rawPayload).metadata()).toMatchObject({ width: 128, height: 96 });
        expect((await get(`${level}/rendered`)).statusCode).toBe(200);
      }
      const small = await get(`${series}/thumbnail?viewport=40,40`);
      expect((await sharp(small.rawPayload).metadata()).width).toBe(40);
    });

    it('gives a structured report as a page and a drawn page for its thumbnail, and 406 to who wants a picture of it', async () => {
      const { study, series, instance } = addressOf(FILES.report);
      for (const level of [study, series, instance]) {
        const page = await get(`${level}/rendered`, { accept: 'text/html,image/webp,*/*;q=0.8', 'accept-language': 'en' });
        expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
        expect(page.body).toContain('<html lang="en">');
        const thumbnail = await get(`${level}/thumbnail`, png);
        expect(await sharp(thumbnail.rawPayload).metadata()).toMatchObject({ format: 'png', width: 128, height: 128 });
      }
      expect((await get(`${instance}/rendered`, png)).statusCode).toBe(406);
      expect((await get(`${instance}/frames/1/rendered`)).statusCode).toBe(406);
    });

    it('draws a parametric map in colours, on its thumbnail too, and nothing else', async () => {
      const colored = (pixels: Buffer) => pixels.some((value, at) => at % 3 === 0 && value !== pixels[at + 1]);
      const thumbnail = await get(`${addressOf(FILES.float).instance}/thumbnail`, png);
      const drawn = [(await gray('float')).data, await sharp(thumbnail.rawPayload).raw().toBuffer(), (await gray('ct')).data];
      expect(drawn.map(colored)).toEqual([true, true, false]);
    });

    it('refuses a picture by a presentation state that is not here, and one of a state whose images are not here, by code; a drawn page stands for it', async () => {
      const { instance } = addressOf(FILES.state);
      const by = await get(`${addressOf(FILES.ct).instance}/rendered?presentationUID=1.2&presentationSeriesUID=1.3`, png);
      expect([by.statusCode, by.json().code]).toEqual([404, 'NOT_FOUND']);
      const of = await get(`${instance}/rendered`, png);
      expect([of.statusCode, of.json().code]).toEqual([406, 'NOT_ACCEPTABLE']);
      expect((await get(`${instance}/thumbnail`, png)).statusCode).toBe(200);
    });

    it('answers FRAME_UNREADABLE to a damaged frame and goes on', async () => {
      const answer = await get(`${addressOf(FILES.damaged).instance}/rendered`);
      expect(answer.json()).toMatchObject({ status: 422, code: 'FRAME_UNREADABLE' });
      expect((await get(`${addressOf(FILES.ct).instance}/rendered`)).statusCode).toBe(200);
    });

    it('answers exactly like an unknown one for a study out of scope, by every resource', async () => {
      const [own, other] = [await app.makeGroup(), await app.makeGroup()];
      const stored = await store([GROUPED], `/dicom-web/groups/${own}/studies`);
      expect(stored.statusCode, stored.body).toBe(200);
      const physicianOf = async (groupId: string) => app.login(await app.makeUser({ role: 'PHYSICIAN', groupId }));
      const [colleague, stranger] = [await physicianOf(own), await physicianOf(other)];
      const { study, series, instance } = addressOf(GROUPED);
      for (const level of [study, series, instance, `${instance}/frames/1`])
        for (const resource of ['rendered', 'thumbnail']) {
          const ask = (who: Browser, url: string) => app.app.inject({ method: 'GET', url, headers: { cookie: who.cookie } });
          const url = `${level}/${resource}`;
          expect((await ask(colleague, url)).statusCode).toBe(200);
          expect((await ask(colleague, url.replace('/dicom-web', `/dicom-web/groups/${own}`))).statusCode).toBe(200);
          const [real, unknown] = [await ask(stranger, url), await ask(stranger, url.replace('/studies/', '/studies/2.'))];
          expect([real.statusCode, real.body]).toEqual([404, unknown.body]);
          expect((await ask(stranger, url.replace('/dicom-web', `/dicom-web/groups/${own}`))).statusCode).toBe(404);
        }
    });

    it('decodes compressed frames for clients that ask for octets (8.7.3.3.2)', async () => {
      for (const name of ['jpeg12', 'rle16', 'bits', 'dx'] as const) {
        const frame = frameOfFile(FILES[name]);
        const answer = await get(`${addressOf(FILES[name]).instance}/frames/1`, { accept: 'application/octet-stream' });
        expect(answer.headers['content-type']).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
        expect(answer.rawPayload.length).toBe((frame.rows * frame.columns * frame.samplesPerPixel * frame.bitsAllocated) / 8);
      }
    });

    const compared: [Name, string, string[]][] = [
      ['ct', '?window=40,400', ['+Ww', '40', '400']],
      ['ct', '?window=-600,1500,sigmoid', ['+Wfs', '+Ww', '-600', '1500']],
      ['bigEndian', '?window=600,1600', ['+Ww', '600', '1600']],
      ['chest', '?window=512,1024', ['+Ww', '512', '1024']],
      ['jpeg12', '?window=1000,2000', ['+Ww', '1000', '2000']],
      ['mlut', '?window=2000,4000', ['+Ww', '2000', '4000']],
      ['palette', '', []],
      ['ybr422', '', []],
      ['overlay', '?window=2048,4096', ['+Ww', '2048', '4096']],
      ['vlut', '', ['+Wl', '1']],
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
