import { gunzipSync, inflateRawSync } from 'node:zlib';
import { OPERATIONS } from '@negatoscope/contract';
import type { LightMyRequestResponse } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAPABILITIES, RENDERED_CAPABILITIES } from '../../src/features/dicomweb/capabilities.ts';
import type { Browser } from '../support/app.ts';
import { isLong, isTried } from '../support/sample.ts';
import { PIXELS, SEED, SEEDED_BIRTH_DATES, type SeededObject, seededObjects } from './pseudonyms-support.ts';
import { type DicomwebServer, firstValue, type Json, openDicomweb, splitRelated } from './support.ts';

const ROUTES = [...CAPABILITIES, ...RENDERED_CAPABILITIES].filter(({ method }) => method === 'GET');
const STREAMS = ['jpeg', 'jpeg-ls', 'jpeg-2000', 'rle', 'deflated', 'uncompressed', 'native'];
const ACCEPTED = [
  '*/*',
  'application/dicom+json',
  'multipart/related; type="application/dicom+xml"',
  'application/octet-stream',
  'multipart/related; type="application/octet-stream"; transfer-syntax=*',
  'image/*',
  'image/jpeg, image/jls, image/jp2, image/dicom-rle, application/x-deflate',
  'application/dicom',
  'application/zip',
];

/** Everything of an answer that a client can read, inflated. */
function told(response: LightMyRequestResponse): string {
  const bytes = response.headers['content-encoding'] === 'gzip' ? gunzipSync(response.rawPayload) : response.rawPayload;
  return (bytes.toString('latin1') + JSON.stringify(response.headers)).toLowerCase();
}
const secretsIn = (response: LightMyRequestResponse): string[] =>
  [SEED, ...SEEDED_BIRTH_DATES].filter((secret) => told(response).includes(secret));

function broken(error: unknown): undefined {
  if (!(error instanceof Error) || error.message !== 'response destroyed before completion') throw error;
}

describe('who sees pseudonyms', () => {
  let server: DicomwebServer;
  let researcher: Browser;
  let member: Browser;
  let objects: SeededObject[];
  let patientId: string;
  let groupId: string;
  const study = (): string => objects[0]?.path.split('/')[2] ?? '';
  const named = (name: string): SeededObject => {
    const found = objects.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const api = (who: Browser, url: string) => server.app.inject({ method: 'GET', url, headers: { cookie: who.cookie } });

  beforeAll(async () => {
    server = await openDicomweb();
    groupId = await server.makeGroup();
    member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    objects = await seededObjects();
    const stored = await server.store(
      member,
      objects.map(({ bytes }) => bytes),
    );
    expect(stored.statusCode, stored.body.slice(0, 2000)).toBe(200);
    patientId = (await api(member, '/api/patients')).json<Json>().items[0].id;
  });
  afterAll(() => server.close());

  test('gets none of the texts of any object by any route of DICOMweb, in any form', { timeout: 240_000 }, async () => {
    const found: string[] = [];
    let answers = 0;
    for (const [route, { path }] of ROUTES.entries()) {
      const isOfInstance = path.includes('{instance}') || path === '/wado';
      for (const [place, object] of (isOfInstance ? objects : objects.slice(0, 1)).entries()) {
        // What gathers many objects takes a second each time.
        const isInAllForms = STREAMS.includes(object.name) && (isLong || isOfInstance);
        for (const [form, accept] of (isInAllForms ? ACCEPTED : ACCEPTED.slice(0, 3)).entries()) {
          if (!isTried(route, place, form) || (!isLong && (route + place) % 4 !== 0)) continue;
          const [, , uid = '', , series = '', , instance = ''] = object.path.split('/');
          const filled = path.replace('{study}', uid).replace('{series}', series).replace('{instance}', instance);
          const query =
            path === '/wado' ? `requestType=WADO&studyUID=${uid}&seriesUID=${series}&objectUID=${instance}` : 'includefield=all';
          const isSearch = /(studies|series|instances)$|wado/.test(path);
          const url = `${filled.replace('{frames}', '1').replace('{reference}', '1000-64')}${isSearch ? `?${query}` : ''}`;
          // Pixels of several objects end where one does not come as the first one does.
          const response = await server.get(researcher, url, { accept, 'accept-encoding': 'gzip' }).catch(broken);
          if (response === undefined) continue;
          answers += 1;
          expect(response.statusCode, url).toBeLessThan(500);
          for (const secret of secretsIn(response)) found.push(`${secret} in ${url} as ${accept}`);
        }
      }
    }
    expect(found).toEqual([]);
    expect(answers).toBeGreaterThan(isLong ? 700 : 50);
  });

  test('the same objects have them all for who sees identities', async () => {
    const response = await server.get(member, `${named('jpeg').path}/metadata`);
    for (const tag of ['00081030', '0008103E', '00100010', '00091001', '00400275', '00184000'])
      expect(response.json<Json>()[0]).toHaveProperty(tag);
    expect(secretsIn(await server.get(member, `${named('jpeg').path}/frames/1`, { accept: 'image/jpeg' }))).toContain(SEED);
  });

  test('gets none of them by any route under /api', async () => {
    const found: string[] = [];
    for (const [place, { method, path }] of OPERATIONS.entries()) {
      if (method !== 'GET' || path.endsWith('/events')) continue;
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => (/uid/i.test(name) ? study() : patientId));
      // Each by two of the four in `npm test`.
      for (const [at, query] of ['', `?q=Zanzi`, '?sort=name', '?q=Zanzi00081030'].entries()) {
        if (!isLong && (place + at) % 2 === 1) continue;
        for (const secret of secretsIn(await api(researcher, filled + query)).filter((one) => !query.toLowerCase().includes(one)))
          found.push(`${secret} in ${filled}${query}`);
      }
    }
    expect(found).toEqual([]);
    const detail = (await api(researcher, `/api/studies/${study()}`)).json<Json>();
    expect(detail).toMatchObject({ description: null, accessionNumber: null, referrer: null });
    expect(detail.series).toHaveLength(objects.length);
    for (const series of detail.series) expect(series).toMatchObject({ description: null, bodyPart: null });
  });

  test('finds nothing by them: lists, search and worklist by words match record numbers and modalities only', async () => {
    const total = async (who: Browser, list: string): Promise<number> => (await api(who, `/api/${list}`)).json<Json>().total;
    expect(await total(member, 'studies?q=Zanzi00081030')).toBe(1);
    expect([await total(researcher, 'studies?q=Zanzi00081030'), await total(researcher, 'patients?q=Zanzi00100010')]).toEqual([
      0, 0,
    ]);
    expect((await api(researcher, '/api/search?q=Zanzi00081030')).json()).toEqual({ patients: [], studies: [] });
    expect(await total(researcher, 'studies?q=CT')).toBe(1);
  });

  test('can match nothing in QIDO-RS that the answers hide, and is told so', async () => {
    const hidden = [
      'StudyDescription=Zanzi*',
      'StudyDescription=*00081030&fuzzymatching=true',
      'PatientSex=F',
      '0010.00100010=x',
      'PatientName=Zanzi*&fuzzymatching=true',
      'ProcedureCodeSequence.CodeMeaning=Zanzi*',
      'PatientWeight=70',
      '00102160=x',
    ];
    const answers = await Promise.all(
      hidden.map(async (query) => (await server.get(researcher, `/studies?${query}`)).statusCode),
    );
    expect(answers).toEqual([403, 403, 403, 400, 403, 403, 403, 200]);
    for (const query of [
      'SeriesDescription=*',
      'ProtocolName=Zanzi*',
      'StationName=Z*',
      'RequestAttributesSequence.RequestedProcedureID=Z*',
    ])
      expect((await server.get(researcher, `/series?${query}`)).json<Json>(), query).toMatchObject({
        status: 403,
        code: 'FORBIDDEN',
      });
    // An attribute that is not in the index is ignored for everybody, and told.
    expect((await server.get(researcher, '/studies?00102160=nobody')).headers.warning).toMatch(/ignored/);
  });

  test('gets the pixels bit for bit, though comments and application segments stay behind', async () => {
    const raw = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();
    const { path, frame = Buffer.alloc(0) } = named('jpeg');
    const single = await server.get(researcher, `${path}/frames/1`, { accept: 'image/jpeg' });
    expect([single.statusCode, single.headers['content-type']]).toEqual([
      200,
      'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50',
    ]);
    expect(single.rawPayload.length).toBeLessThan(frame.length);
    expect(await raw(single.rawPayload)).toEqual(await raw(frame));
    // What one reader was given is never kept for the other.
    for (const who of [member, researcher, member, researcher, member, researcher]) {
      const again = await server.get(who, `${path}/frames/1`, { accept: 'image/jpeg' });
      expect(secretsIn(again)).toEqual(who === member ? [SEED] : []);
    }
    for (const name of ['jpeg-ls', 'jpeg-2000', 'rle', 'deflated', 'native']) {
      const octets = { accept: 'application/octet-stream' };
      const [theirs, own] = await Promise.all(
        [member, researcher].map((who) => server.get(who, `${named(name).path}/frames/1`, octets)),
      );
      expect([own?.statusCode, own?.rawPayload]).toEqual([200, theirs?.rawPayload]);
    }
    const all = await server.get(researcher, `${named('jpeg-2000').path}/pixeldata`, { accept: 'image/jp2' });
    expect(splitRelated(all)).toHaveLength(1);
  });

  test('gets stored frames that end with the last pixel: nothing behind or inside RLE segments, deflated or uncompressed frames', async () => {
    const asStored = { accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*' };
    const rleOf = (frame: Buffer): Buffer => {
      // One segment of bytes: a header of 64, then PackBits to the end (PS3.5 G.3).
      expect([frame.readUInt32LE(0), frame.readUInt32LE(4), ...new Set(frame.subarray(8, 64))]).toEqual([1, 64, 0]);
      const pixels: number[] = [];
      let at = 64;
      while (pixels.length < PIXELS.length) {
        const control = frame[at] ?? 0;
        if (control < 128) pixels.push(...frame.subarray(at + 1, at + 2 + control));
        else pixels.push(...new Array<number>(257 - control).fill(frame[at + 1] ?? 0));
        at += control < 128 ? control + 2 : 2;
      }
      expect(frame.length - at).toBe(at % 2);
      return Buffer.from(pixels);
    };
    for (const [name, type, open] of [
      ['rle', '"image/dicom-rle"', rleOf],
      ['deflated', '"application/x-deflate"', (frame: Buffer) => inflateRawSync(frame)],
      ['uncompressed', '"application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1.98', (frame: Buffer) => frame],
    ] as const) {
      const { path } = named(name);
      const answers = await Promise.all([
        server.get(researcher, `${path}/frames/1`, asStored),
        server.get(researcher, `${path}/frames/1`, { accept: `multipart/related; type=${type}` }),
        server.get(researcher, `${path}/pixeldata`, asStored),
      ]);
      for (const answer of answers) {
        expect([name, answer.statusCode]).toEqual([name, 200]);
        const [{ body = Buffer.alloc(0) } = {}] = splitRelated(answer);
        expect(Buffer.from(open(body))).toEqual(Buffer.from(PIXELS));
        expect(body.toString('latin1')).not.toContain('Zanzi');
      }
    }
  });

  test('gets nothing of what may name somebody in its pixels or is no image, by any route, and is told why', async () => {
    const texts: string[] = [];
    for (const { path, isHeld, name } of objects)
      for (const resource of ['frames/1', 'pixeldata', 'rendered', 'thumbnail', 'frames/1/rendered', 'frames/1/thumbnail']) {
        const response = await server.get(researcher, `${path}/${resource}`);
        if (isHeld) expect(response.json<Json>(), `${name} ${resource}`).toMatchObject({ status: 403, code: 'HELD_BACK' });
        else expect(response.statusCode, `${name} ${resource}`).toBe(200);
        if (isHeld) texts.push(response.json<Json>().title);
      }
    expect(new Set(texts).size).toBe(1);
    const { path } = named('burned');
    const [, , uid, , series, , instance] = path.split('/');
    const wado = await server.get(researcher, `/wado?requestType=WADO&studyUID=${uid}&seriesUID=${series}&objectUID=${instance}`);
    expect(wado.json()).toMatchObject({ code: 'HELD_BACK' });
    expect((await server.get(researcher, `/studies/${uid}/series/${series}/thumbnail`)).json()).toMatchObject({
      code: 'HELD_BACK',
    });
    expect((await server.get(member, `${path}/frames/1`)).statusCode).toBe(200);
    // A study's picture is one that may be shown, and all its pixels are those that may be.
    expect((await server.get(researcher, `/studies/${uid}/thumbnail`)).statusCode).toBe(200);
    const pixels = await server.get(researcher, `/studies/${uid}/pixeldata`, {
      accept: 'multipart/related; type="*/*"; transfer-syntax=*',
    });
    expect(splitRelated(pixels)).toHaveLength(objects.filter(({ isHeld }) => !isHeld).length);
  });

  test('lists of instances and metadata say what is held back (Instance Availability), and name no pixels of it', {
    timeout: 120_000,
  }, async () => {
    const held = objects.filter(({ isHeld }) => isHeld).map(({ path }) => path.split('/')[6]);
    const ofStudy = `/studies/${study()}`;
    for (const url of [...(isLong ? ['/instances'] : []), `${ofStudy}/instances?includefield=all`, `${ofStudy}/metadata`]) {
      const list = await server.json(researcher, url);
      const unavailable = list.filter((one: Json) => firstValue(one, '00080056') === 'UNAVAILABLE');
      expect(unavailable.map((one: Json) => firstValue(one, '00080018')).sort(), url).toEqual(held.sort());
      for (const one of unavailable) expect(Object.keys(one).filter((tag) => tag.startsWith('7FE0'))).toEqual([]);
    }
    const own = await server.json(member, '/instances');
    expect(own.filter((one: Json) => firstValue(one, '00080056') === 'UNAVAILABLE')).toEqual([]);
  });
});
