import { type Dataset, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gallery, openGallery } from './pictures-support.ts';

const MPEG4 = '1.2.840.10008.1.2.4.102';
const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const path = (number: number): string =>
  `/dicom-web/studies/2.25.77${number}1/series/2.25.77${number}2/instances/2.25.77${number}3`;

const file = (number: number, sopClass: string, modality: string, more: Dataset, transferSyntaxUid = '1.2.840.10008.1.2.1') =>
  writePart10(
    {
      ...{ PatientName: 'LONG^Jour', PatientID: `L${number}`, SOPClassUID: `${STORAGE}${sopClass}`, Modality: modality },
      StudyInstanceUID: `2.25.77${number}1`,
      SeriesInstanceUID: `2.25.77${number}2`,
      SOPInstanceUID: `2.25.77${number}3`,
      ...more,
    },
    { transferSyntaxUid },
  );

const container: Dataset = {
  '0040A040': { vr: 'CS', value: 'CONTAINER' },
  '0040A043': { vr: 'SQ', value: [{ CodeValue: '1', CodingSchemeDesignator: '99T', CodeMeaning: 'Chapitre' }] },
};
function nested(depth: number): Dataset {
  let item: Dataset = { ...container, '0040A040': { vr: 'CS', value: 'TEXT' }, '0040A160': { vr: 'UT', value: 'TOUT AU FOND' } };
  for (let level = 1; level < depth; level += 1)
    item = { ...container, '0040A010': { vr: 'CS', value: 'CONTAINS' }, '0040A730': { vr: 'SQ', value: [item] } };
  return { ...container, '0040A730': { vr: 'SQ', value: [item] } };
}

const [CHANNELS, RATE, DAY] = [3, 250, 24 * 3600];
/** A day of three leads with one spike in the last hour: 130 MB. */
function dayOfWaves(): Uint8Array {
  const samples = new Int16Array(CHANNELS * RATE * DAY);
  samples[CHANNELS * RATE * (DAY - 1800)] = 30_000;
  return file(1, '9.1.3', 'ECG', {
    '54000100': {
      vr: 'SQ',
      value: [
        {
          '003A0005': { vr: 'US', value: CHANNELS },
          '003A0010': { vr: 'UL', value: RATE * DAY },
          '003A001A': { vr: 'DS', value: String(RATE) },
          '003A0200': {
            vr: 'SQ',
            value: Array.from({ length: CHANNELS }, (): Dataset => ({ '003A0210': { vr: 'DS', value: '0.001' } })),
          },
          '54001004': { vr: 'US', value: 16 },
          '54001006': { vr: 'CS', value: 'SS' },
          '54001010': { vr: 'OW', value: new Uint8Array(samples.buffer) },
        },
      ],
    },
  });
}

const VIDEO_BYTES = 192 * 1024 * 1024;
const video = (): Uint8Array =>
  file(
    2,
    '77.1.4.1',
    'XC',
    {
      ...{ Rows: 1080, Columns: 1920, SamplesPerPixel: 3, PhotometricInterpretation: 'YBR_PARTIAL_420', NumberOfFrames: 100_000 },
      ...{ BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 },
      PixelData: { frames: [[new Uint8Array(VIDEO_BYTES).fill(7)]], offsetTable: 'empty' },
    },
    MPEG4,
  );

describe('documents that are too long, too deep or none (issue 17, bad input)', { timeout: 600_000 }, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  });
  afterAll(() => gallery.close());

  it('a report that is nested 100 deep is refused with its reason, one of 60 is read to its end', async () => {
    const refused = await gallery.store([file(3, '88.33', 'SR', nested(100))]).catch((error: unknown) => String(error));
    expect(refused).toContain('409');
    expect((await gallery.get(`${path(3)}/rendered`)).statusCode).toBe(404);
    await gallery.store([file(4, '88.33', 'SR', nested(60))]);
    const page = await gallery.get(`${path(4)}/rendered`, { accept: 'text/html' });
    expect([page.statusCode, page.body.includes('TOUT AU FOND')]).toEqual([200, true]);
  });

  it('a waveform of a day is its first sheet, a small picture, and read in runs without a peak lost', async () => {
    await gallery.store([dayOfWaves()]);
    const before = process.memoryUsage().rss;
    expect((await gallery.get(`${path(1)}/rendered`, { accept: 'image/svg+xml' })).statusCode).toBe(200);
    expect((await gallery.get(`${path(1)}/thumbnail`, { accept: 'image/png' })).statusCode).toBe(200);
    const url = path(1).replace('/dicom-web', '/api');
    const traces = await gallery.get(`${url}/waveforms/0?from=0&count=${RATE * DAY}&runs=1000`);
    expect(traces.statusCode, traces.body.slice(0, 200)).toBe(200);
    const [first = []] = traces.json<{ values: (number | null)[][] }>().values;
    expect([first.length, Math.max(...first.map((one) => one ?? 0))]).toEqual([2000, 30]);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  it('a long video is read by its ranges', async () => {
    await gallery.store([video()]);
    const end = await gallery.get(`${path(2)}/rendered`, { accept: 'video/*', range: `bytes=${VIDEO_BYTES - 10}-` });
    expect([end.statusCode, end.rawPayload.length, end.headers['content-type']]).toEqual([206, 10, 'video/mp4']);
    expect((await gallery.get(`${path(2)}/rendered`, { accept: 'image/png' })).statusCode).toBe(406);
    expect((await gallery.get(`${path(2)}/frames/1/rendered`, { accept: 'image/png' })).statusCode).toBe(406);
    expect((await gallery.get(`${path(2)}/thumbnail`, { accept: 'image/png' })).statusCode).toBe(200);
  });

  it('a PDF that is none is never a page of ours', async () => {
    const html = Buffer.from('<script>alert(1)</script> ');
    await gallery.store([
      file(5, '104.1', 'DOC', { '00420011': { vr: 'OB', value: html }, '00420012': { vr: 'LO', value: 'application/pdf' } }),
    ]);
    const answer = await gallery.get(`${path(5)}/rendered`, { accept: 'application/pdf' });
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['x-content-type-options']]).toEqual([
      ...[200, 'application/pdf', 'nosniff'],
    ]);
    expect(String(answer.headers['content-security-policy'])).toContain("default-src 'none'");
  });
});
