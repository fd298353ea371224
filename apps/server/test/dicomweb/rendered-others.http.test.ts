import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePart10 } from '@negatoscope/dicom';
import { ecg, ecgSample, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_DATA } from '../../src/platform/codecs/test-frames.ts';
import { addressOf, type Gallery, openGallery } from './pictures-support.ts';

const heart = ecg({ seed: 'rendered' });
const bigEndian = ecg({ seed: 'rendered-big', transferSyntaxUid: TransferSyntax.explicitVrBigEndian });
const deflated = ecg({ seed: 'rendered-deflated', transferSyntaxUid: TransferSyntax.deflatedExplicitVrLittleEndian });
const ids = (number: number) => ({
  studyInstanceUid: `2.25.8${number}1`,
  seriesInstanceUid: `2.25.8${number}2`,
  sopInstanceUid: `2.25.8${number}3`,
});
const made = (number: number, sopClassUid: string, modality: string, more: Parameters<typeof writePart10>[0] = {}) =>
  writePart10(
    {
      PatientName: 'AUTRES^<Rendus>',
      PatientID: `O${number}`,
      StudyInstanceUID: ids(number).studyInstanceUid,
      SeriesInstanceUID: ids(number).seriesInstanceUid,
      SOPInstanceUID: ids(number).sopInstanceUid,
      SOPClassUID: sopClassUid,
      Modality: modality,
      ...more,
    },
    { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian },
  );
const HOSTILE = '</title><script>alert(1)</script>';
const text = (value: string) => ({
  '0040A010': { vr: 'CS', value: 'CONTAINS' } as const,
  '0040A040': { vr: 'CS', value: 'TEXT' } as const,
  '0040A043': { vr: 'SQ', value: [{ CodeValue: '1', CodingSchemeDesignator: '99T', CodeMeaning: HOSTILE }] } as const,
  '0040A160': { vr: 'UT', value } as const,
});
const report = made(1, '1.2.840.10008.5.1.4.1.1.88.33', 'SR', {
  '0040A040': { vr: 'CS', value: 'CONTAINER' },
  '0040A043': { vr: 'SQ', value: [{ CodeValue: '1', CodingSchemeDesignator: '99T', CodeMeaning: HOSTILE }] },
  '0040A730': { vr: 'SQ', value: [text(HOSTILE)] },
});
/** A group whose header lies: of its time, of its scale, or with more channels than a sheet has rows. */
const lyingWave = (number: number, { frequency = '500', sensitivity = '1', channels = 2 }) =>
  made(number, '1.2.840.10008.5.1.4.1.1.9.1.2', 'ECG', {
    '54000100': {
      vr: 'SQ',
      value: [
        {
          '003A0005': { vr: 'US', value: channels },
          '003A0010': { vr: 'UL', value: 4 },
          '003A001A': { vr: 'DS', value: frequency },
          '003A0200': {
            vr: 'SQ',
            value: Array.from({ length: channels }, () => ({ '003A0210': { vr: 'DS', value: sensitivity } as const })),
          },
          '54001004': { vr: 'US', value: 16 },
          '54001006': { vr: 'CS', value: 'SS' },
          '54001010': { vr: 'OW', value: new Uint8Array(channels * 8).fill(1) },
        },
      ],
    },
  });
const LIES = [
  ['a frequency of next to nothing', 5, { frequency: '1e-9' }],
  ['a sample an hour', 6, { frequency: '0.0003' }],
  ['a scale beyond all numbers', 7, { sensitivity: '1e308' }],
  ['512 channels', 8, { channels: 512 }],
] as const;
const plan = made(2, '1.2.840.10008.5.1.4.1.1.481.5', 'RTPLAN');

describe('what is no image nor a document of its own (PS3.18 8.7.4, 10.4.1.1.4)', () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
    await gallery.store([heart.bytes, bigEndian.bytes, deflated.bytes, report, plan]);
    await gallery.store(LIES.map(([, number, lie]) => lyingWave(number, lie)));
  });
  afterAll(() => gallery.close());

  it('a structured report is a page that says whose it is, and every text of it is a text', async () => {
    const { instance } = addressOf(ids(1));
    const answer = await gallery.get(`${instance}/rendered`);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.body).toContain('AUTRES &lt;Rendus&gt;');
    expect(answer.body).toContain('&lt;script&gt;alert(1)');
    expect(answer.body).not.toContain('<script');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox');
    expect((await gallery.get(`${instance}/rendered`, { 'if-none-match': String(answer.headers.etag) })).statusCode).toBe(304);
    expect((await gallery.get(`${instance}/rendered`, { accept: 'image/*' })).statusCode).toBe(406);
  });

  it.each(LIES)(
    'a waveform that says %s is a sheet of paper like any other, and its values are numbers or none',
    async (_, number) => {
      const { instance } = addressOf(ids(number));
      for (const accept of ['image/svg+xml', 'image/png']) {
        const answer = await gallery.get(`${instance}/rendered`, { accept });
        expect([accept, answer.statusCode]).toEqual([accept, 200]);
      }
      const traces = await gallery.get(`${instance.replace('/dicom-web', '/api')}/waveforms/0?count=4&runs=100`, {});
      expect([traces.statusCode, traces.json().kind]).toEqual([200, 'samples']);
    },
  );

  it.each([
    ['little endian', heart],
    ['big endian', bigEndian],
    ['deflated', deflated],
  ])('an ECG that is stored %s is drawn on calibrated paper, with the values that are stored', async (_, one) => {
    const { series, instance } = addressOf(one);
    const answer = await gallery.get(`${instance}/rendered`, { accept: 'image/svg+xml' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect(answer.body).toMatch(/^<svg [^>]*width="260mm" height="136mm"/);
    const [, line = ''] = /<path d="([^"]*)" stroke="#101820" stroke-width="\.25"/.exec(answer.body) ?? [];
    // Lead I begins 20 mm from the top: 5 of margin and half a row.
    const sample = (moment: number): string =>
      `${(5 + moment * 0.05).toFixed(2)} ${(20 - (ecgSample(0, moment, {}) * 2.5) / 100).toFixed(2)}`;
    for (const moment of [0, 155, 156, 157, 999]) expect(line).toContain(sample(moment));
    const picture = await gallery.get(`${series}/rendered?viewport=600,600`, { accept: 'image/png' });
    expect(await sharp(picture.rawPayload).metadata()).toMatchObject({ format: 'png', width: 600 });
  });

  it('a part of a waveform comes as its values, and a long one as the extremes of its runs', async () => {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = heart;
    const url = `/api/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/waveforms`;
    const part = (await gallery.get(`${url}/0?from=1000&count=100&runs=100`)).json();
    expect([part.kind, part.values.length, part.values[1].length]).toEqual(['samples', 12, 100]);
    expect(part.values[1][54]).toBe(ecgSample(1, 1054, {}) * 2.5);
    const whole = (await gallery.get(`${url}/0?from=0&count=99999&runs=10`)).json();
    const all = Array.from({ length: 500 }, (_, moment) => ecgSample(4, moment, {}) * 2.5);
    expect(whole.kind).toBe('extremes');
    expect(whole.values[4].slice(0, 2)).toEqual([Math.min(...all), Math.max(...all)]);
    for (const unknown of [`${url}/1?count=10`, `${url}/0?from=5000&count=10`])
      expect((await gallery.get(unknown)).statusCode).toBe(404);
    expect((await gallery.get(`${url}/0?count=0`)).statusCode).toBe(400);
    const group = await gallery.app.makeGroup();
    const stranger = await gallery.app.login(await gallery.app.makeUser({ role: 'RESEARCHER', groupId: group }));
    const hidden = await gallery.app.app.inject({
      method: 'GET',
      url: `${url}/0?count=10`,
      headers: { cookie: stranger.cookie },
    });
    expect([403, 404]).toContain(hidden.statusCode);
  });

  it('a plan has a page that names it for a thumbnail, and is rendered as nothing', async () => {
    const { study, series, instance } = addressOf(ids(2));
    for (const level of [study, series, instance]) {
      const answer = await gallery.get(`${level}/thumbnail`);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/jpeg']);
      expect(await sharp(answer.rawPayload).metadata()).toMatchObject({ width: 128, height: 128 });
    }
    expect((await gallery.get(`${instance}/rendered`)).statusCode).toBe(406);
    expect((await gallery.get(`${series}/rendered`)).statusCode).toBe(404);
  });

  it.skipIf(!existsSync(path.join(TEST_DATA, 'pydicom/waveform_ecg.dcm')))(
    'a real ECG of twelve leads, as a picture',
    async () => {
      const file = readFileSync(path.join(TEST_DATA, 'pydicom/waveform_ecg.dcm'));
      await gallery.store([file]);
      const { json } = parsePart10(file);
      const uid = (tag: string): string => String(json[tag]?.Value?.[0]);
      const { instance } = addressOf({
        studyInstanceUid: uid('0020000D'),
        seriesInstanceUid: uid('0020000E'),
        sopInstanceUid: uid('00080018'),
      });
      const answer = await gallery.get(`${instance}/rendered`, { accept: 'image/png' });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/png']);
      expect((await sharp(answer.rawPayload).metadata()).width).toBeGreaterThan(1500);
      if (process.env.NEGATOSCOPE_SHOW_IMAGES !== undefined)
        await sharp(answer.rawPayload).toFile(path.join(process.env.NEGATOSCOPE_SHOW_IMAGES, 'ecg.png'));
      const small = await gallery.get(`${instance}/thumbnail`, { accept: 'image/png' });
      if (process.env.NEGATOSCOPE_SHOW_IMAGES !== undefined)
        await sharp(small.rawPayload).toFile(path.join(process.env.NEGATOSCOPE_SHOW_IMAGES, 'thumb.png'));
    },
  );
});
