import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PresentationStateOptions, presentationState, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, type Gallery, openGallery, type Raster } from './pictures-support.ts';

/** DCMTK's own reading of presentation states. */
const BINARY = ['/usr/bin/dcmp2pgm', '/usr/local/bin/dcmp2pgm', '/opt/homebrew/bin/dcmp2pgm'].find(existsSync);
const [COLUMNS, ROWS] = [16, 8];
const SEED = 'drawn-states';
const image = smallPicture({
  ...{ seed: SEED, columns: COLUMNS, bitsStored: 12 },
  cells: Uint16Array.from({ length: COLUMNS * ROWS }, (_, at) => at * 32),
  // Not by what the image says: the state has its own.
  dataset: { WindowCenter: '100', WindowWidth: '50' },
});
const WINDOW = { window: [2048, 4096], area: [1, 1, COLUMNS, ROWS] } as const;
const made: Record<string, Uint8Array> = {};
const addresses: Record<string, string> = {};
const state = (name: string, options: Partial<PresentationStateOptions>): void => {
  const one = presentationState({
    ...{ seed: SEED, studyInstanceUid: image.studyInstanceUid, number: Object.keys(made).length + 1, images: [image] },
    ...WINDOW,
    ...options,
    dataset: { PatientName: 'PHANTOM^picture', ...options.dataset },
  });
  made[name] = one.bytes;
  addresses[name] = addressOf(one).instance;
};
const us = (value: number) => ({ vr: 'US', value }) as const;
const text = (words: string) => ({ text: words, box: [0, 0, 15, 3] as const });

state('plain', {});
state('inverse', { shape: 'INVERSE', window: [1000, 1500] });
state('table', {
  dataset: {
    '20500020': undefined,
    '20500010': {
      vr: 'SQ',
      value: [
        {
          '00283002': { vr: 'US', value: [256, 0, 8] },
          '00283006': { vr: 'US', value: Array.from({ length: 256 }, (_, at) => 255 - at) },
        },
      ],
    },
  },
});
state('turned', { rotation: 90, isFlipped: true });
state('turned back', { rotation: 270 });
state('area', { area: [3, 2, 18, 5] });
state('shutter', {
  dataset: {
    '00181600': { vr: 'CS', value: 'RECTANGULAR' },
    ...{ '00181602': { vr: 'IS', value: '3' }, '00181604': { vr: 'IS', value: '14' } },
    ...{ '00181606': { vr: 'IS', value: '2' }, '00181608': { vr: 'IS', value: '7' } },
    '00181622': us(65_535),
  },
});
state('overlay', {
  layers: [['OVER', 1, 65_535]],
  dataset: {
    ...{
      '60000010': us(ROWS),
      '60000011': us(COLUMNS),
      '60000050': { vr: 'SS', value: [1, 1] },
      '60000100': us(1),
      '60000102': us(0),
    },
    '60000040': { vr: 'CS', value: 'G' },
    '60001001': { vr: 'CS', value: 'OVER' },
    '60003000': { vr: 'OW', value: Uint8Array.from({ length: (COLUMNS * ROWS) / 8 }, (_, at) => (at === 0 ? 0b101 : 0)) },
  },
});
state('drawn', {
  layers: [['L', 1, 65_535]],
  annotations: [{ layer: 'L', graphics: [{ type: 'POLYLINE', data: [8, 0, 8, 8] }], texts: [text('<b>é</b>\nОбраз')] }],
});
// More points than the 64 KiB hold that stay with a header, in the one transfer syntax whose FL may be as long.
state('a line of 9,000 points', {
  transferSyntaxUid: '1.2.840.10008.1.2',
  layers: [['L', 1, 65_535]],
  annotations: [
    { layer: 'L', graphics: [{ type: 'POLYLINE', data: Array.from({ length: 9000 }, (_, at) => [8, (8 * at) / 9000]).flat() }] },
  ],
});
state('first of two', { images: [{ ...image, sopInstanceUid: '2.25.404', seriesInstanceUid: '2.25.405' }, image] });
state('of what is not here', { images: [{ sopInstanceUid: '2.25.404', seriesInstanceUid: '2.25.405' }] });
state('of no image', { images: [] });
state('of a hundred thousand lines', {
  annotations: [{ layer: 'L', graphics: Array.from({ length: 300 }, () => ({ type: 'POLYLINE', data: [0, 0, 16, 8] })) }],
});
state('an area beyond all sizes', { area: [-2_000_000_000, 1, 2_000_000_000, 1] });
state('pseudo-colour', { dataset: { SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.3' } });

describe('a presentation state as a picture (PS3.18 10.4.1.1.3, PS3.3 C.10, C.11)', () => {
  let gallery: Gallery;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'drawn-states-'));
    gallery = await openGallery();
    await gallery.store([image.bytes, ...Object.values(made)]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await gallery.close();
  });
  const png = (name: string, more = ''): Promise<Raster> => gallery.png(`${addresses[name]}/rendered${more}`);
  const get = (name: string, more = '/rendered') => gallery.get(`${addresses[name]}${more}`, { accept: 'image/png' });
  const grays = ({ data, channels }: Raster): number[] => [...data].filter((_, at) => at % channels === 0);

  function byDcmtk(name: string): Uint8Array {
    const [imageFile, stateFile, picture] = ['image.dcm', 'state.dcm', 'made.pgm'].map((file) => path.join(folder, file));
    writeFileSync(String(imageFile), image.bytes);
    writeFileSync(String(stateFile), made[name] ?? new Uint8Array());
    execFileSync(String(BINARY), ['-p', String(stateFile), String(imageFile), String(picture)], { stdio: 'ignore' });
    const bytes = readFileSync(String(picture));
    return bytes.subarray(bytes.length - COLUMNS * ROWS);
  }

  // Shutters are none of its pictures: those are looked at below.
  it.skipIf(BINARY === undefined).each(['plain', 'inverse', 'table'])(
    'has by %s the grays that DCMTK gives, within a step',
    async (name) => {
      const [own, theirs] = [grays(await png(name)), byDcmtk(name)];
      const apart = own.map((value, at) => Math.abs(value - (theirs[at] ?? 0)));
      expect(apart).toHaveLength(COLUMNS * ROWS);
      expect(Math.max(...apart)).toBeLessThanOrEqual(name === 'table' ? 2 : 1);
    },
  );

  it('is turned, then flipped; the area that it shows is cut, and black beyond the image', async () => {
    const [plain, turned, back, area] = [await png('plain'), await png('turned'), await png('turned back'), await png('area')];
    const at = ({ data, width, channels }: Raster, x: number, y: number) => data[(y * width + x) * channels];
    expect([turned.width, turned.height, back.width, back.height]).toEqual([ROWS, COLUMNS, ROWS, COLUMNS]);
    for (const [x, y] of [
      [0, 0],
      [5, 2],
      [15, 7],
    ] as const) {
      // By 90° and flipped: columns become rows.
      expect(at(turned, y, x)).toBe(at(plain, x, y));
      expect(at(back, y, COLUMNS - 1 - x)).toBe(at(plain, x, y));
    }
    expect([area.width, area.height]).toEqual([16, 4]);
    expect([at(area, 0, 0), at(area, 13, 3), at(area, 14, 0)]).toEqual([at(plain, 2, 1), at(plain, 15, 4), 0]);
  });

  it('covers by its shutter, and burns in the overlays that it activates', async () => {
    const [plain, shutter, overlay] = [grays(await png('plain')), grays(await png('shutter')), grays(await png('overlay'))];
    expect([shutter[0], shutter[COLUMNS + 2]]).toEqual([255, plain[COLUMNS + 2]]);
    expect(overlay.slice(0, 4)).toEqual([255, plain[1], 255, plain[3]]);
  });

  it('has its drawings where they lie, large enough to be read; letters that can’t be drawn are boxes, and nothing of a text is markup', async () => {
    const drawn = await png('drawn');
    expect((await get('drawn')).headers.warning).toBe('299 negatoscope "Not followed in this picture: letters"');
    expect([drawn.width, drawn.height]).toEqual([512, 256]);
    const row = grays(drawn).slice(200 * 512, 201 * 512);
    const spread = (part: readonly number[]): number => Math.max(...part) - Math.min(...part);
    // A light line with a dark rim, and nothing beside it.
    expect([spread(row.slice(252, 260)) > 40, spread(row.slice(210, 245)) < 20]).toEqual([true, true]);
    const without = grays(await gallery.png(`${addresses.plain}/rendered?viewport=512,512`));
    expect(without).toHaveLength(COLUMNS * ROWS);
  });

  it('has a line of more points than stay with its header, which is had from the file (PS3.3 C.10.5, Graphic Data)', async () => {
    const drawn = await png('a line of 9,000 points');
    expect((await get('a line of 9,000 points')).headers.warning).toBeUndefined();
    const row = grays(drawn).slice(200 * drawn.width, 201 * drawn.width);
    const spread = (part: readonly number[]): number => Math.max(...part) - Math.min(...part);
    expect([drawn.width, spread(row.slice(252, 260)) > 40, spread(row.slice(210, 245)) < 20]).toEqual([512, true, true]);
  });

  it('takes the first image that is here; says why where none is, and is a drawn page then', async () => {
    expect(grays(await png('first of two'))).toEqual(grays(await png('plain')));
    for (const name of ['of what is not here', 'of no image', 'pseudo-colour', 'an area beyond all sizes']) {
      const answer = await get(name);
      expect([name, answer.statusCode, answer.json().code]).toEqual([name, 406, 'NOT_ACCEPTABLE']);
      expect(answer.json().detail).toMatch(/presentation state/);
      const thumbnail = await get(name, '/thumbnail');
      expect([thumbnail.statusCode, thumbnail.headers['content-type']]).toEqual([200, 'image/png']);
    }
    expect((await get('plain', '/thumbnail')).statusCode).toBe(200);
    expect((await get('plain', '/frames/1/rendered')).statusCode).toBe(406);
    expect((await get('plain', '/rendered?viewport=8,8,0,0,4,4')).statusCode).toBe(400);
  });

  it('draws hundreds of lines, is smaller by a viewport, and is not made twice for who has it', async () => {
    expect((await get('of a hundred thousand lines')).statusCode).toBe(200);
    const small = await png('turned', '?viewport=8,8');
    expect([small.width, small.height]).toEqual([4, 8]);
    const first = await get('plain');
    const again = await gallery.get(`${addresses.plain}/rendered`, {
      accept: 'image/png',
      'if-none-match': String(first.headers.etag),
    });
    expect(again.statusCode).toBe(304);
    expect((await get('inverse')).headers.etag).not.toBe(first.headers.etag);
  });

  it('is by WADO-URI what an image is by it, and refused where it is not for the image (PS3.18 9.1.2)', async () => {
    const [, study, series, instance] = /studies\/(\S+)\/series\/(\S+)\/instances\/(\S+)/.exec(addressOf(image).instance) ?? [];
    const asked = (name: string, more = '') => {
      const [, , stateSeries, stateInstance] =
        /studies\/(\S+)\/series\/(\S+)\/instances\/(\S+)/.exec(String(addresses[name])) ?? [];
      const url = `/dicom-web/wado?requestType=WADO&studyUID=${study}&seriesUID=${series}&objectUID=${instance}&contentType=image/png`;
      return gallery.get(`${url}&presentationUID=${stateInstance}&presentationSeriesUID=${stateSeries}${more}`);
    };
    const by = await asked('inverse');
    expect(by.statusCode, by.body).toBe(200);
    expect(by.rawPayload.equals((await get('inverse')).rawPayload)).toBe(true);
    expect((await asked('of what is not here')).json()).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect((await asked('inverse', '&windowCenter=1&windowWidth=2')).statusCode).toBe(400);
    expect((await asked('inverse', '&contentType=')).statusCode).toBe(200);
  });

  it('is the same of a rendered resource, at an image or one of its frames and nowhere else', async () => {
    const asked = (name: string, at: string, more = '', resource = 'rendered') => {
      const [, , series, instance] = /studies\/(\S+)\/series\/(\S+)\/instances\/(\S+)/.exec(String(addresses[name])) ?? [];
      const parameters = `presentationUID=${instance}&presentationSeriesUID=${series}${more}`;
      return gallery.get(`${at}/${resource}?${parameters}`, { accept: 'image/png' });
    };
    const at = addressOf(image);
    const wanted = (await get('inverse')).rawPayload;
    for (const place of [at.instance, `${at.instance}/frames/1`]) {
      const by = await asked('inverse', place);
      expect(by.statusCode, by.body).toBe(200);
      expect(by.rawPayload.equals(wanted)).toBe(true);
    }
    expect((await asked('inverse', at.instance, '', 'thumbnail')).statusCode).toBe(200);
    expect((await asked('inverse', `${at.instance}/frames/2`)).statusCode).toBe(404);
    for (const refused of [
      asked('of what is not here', at.instance),
      asked('inverse', at.instance, '&window=1,2'),
      asked('inverse', at.series),
      asked('inverse', at.study),
      gallery.get(`${at.instance}/rendered?presentationUID=1.2.3`, { accept: 'image/png' }),
    ])
      expect((await refused).json()).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    // Of a picture that can't be by it: what it is of is no image.
    expect((await asked('inverse', String(addresses.plain))).statusCode).toBe(406);
  });
});
