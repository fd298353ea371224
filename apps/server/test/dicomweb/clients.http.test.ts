import { type Dataset, smallDataset, TransferSyntax, type WriteOptions, writePart10 } from '@negatoscope/testkit';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { unzip } from '../support/unzip.ts';
import { type DicomwebServer, firstValue, type Json, openDicomweb, splitRelated } from './support.ts';

const EXPLICIT = TransferSyntax.explicitVrLittleEndian;
const PREFIX = `${'\0'.repeat(128)}DICM`;

const file = (name: string, changes: Dataset = {}, options: Partial<WriteOptions> = {}): Buffer =>
  Buffer.from(writePart10({ ...smallDataset(name), ...changes }, { transferSyntaxUid: EXPLICIT, ...options }));
function pathOf(name: string): string {
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = smallDataset(name);
  return `/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;
}

describe('what clients of others rely on', () => {
  let server: DicomwebServer;
  let admin: Browser;
  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
  });
  afterAll(() => server.close());

  const stored = async (...files: Buffer[]): Promise<Json> => {
    const answer = await server.store(admin, files);
    expect(answer.statusCode).toBe(200);
    return answer.json();
  };
  const get = (url: string, accept: string): Promise<LightMyRequestResponse> => server.get(admin, url, { accept });

  test('JSON of DICOMweb is application/dicom+json and nothing more, whatever its length (PS3.18 8.7.3.2)', async () => {
    const answer = await server.store(admin, [file('charset')]);
    const study = `/studies/${smallDataset('charset').StudyInstanceUID}`;
    const urls = ['/studies', '/studies?PatientID=nobody', `${study}/series`, `${study}/instances`, `${study}/metadata`];
    const answers = [answer, ...(await Promise.all(urls.map((url) => get(url, 'application/dicom+json'))))];
    expect(answers.map((one) => one.headers['content-type'])).toEqual(answers.map(() => 'application/dicom+json'));
  });

  test('addresses in answers are of the name by which the server was reached', async () => {
    await stored(
      file('names', {
        PixelData: { vr: 'OB', value: new Uint8Array(64) },
        '00091010': { vr: 'OB', value: new Uint8Array(4096) },
      }),
    );
    const { StudyInstanceUID } = smallDataset('names');
    for (const host of ['pacs.hospital.example', '10.1.2.3:8080', '[::1]:3000', new URL(server.settings.publicUrl).host]) {
      const headers = { host, accept: 'application/dicom+json' };
      const [study] = (await server.get(admin, `/studies?StudyInstanceUID=${StudyInstanceUID}`, headers)).json();
      const [instance] = (await server.get(admin, `${pathOf('names')}/metadata`, headers)).json();
      const base = `http://${host}/dicom-web`;
      expect(firstValue(study, '00081190')).toBe(`${base}/studies/${StudyInstanceUID}`);
      expect(instance['00091010'].BulkDataURI.startsWith(`${base}${pathOf('names')}/bulkdata/`)).toBe(true);
      const bulk = await get(instance['00091010'].BulkDataURI.slice(base.length), 'application/octet-stream');
      expect([bulk.statusCode, bulk.rawPayload.length]).toEqual([200, 4096]);
    }
  });

  test('a host that is none is not repeated', async () => {
    for (const host of ['evil"onload=1', 'a b', '<script>', 'user@host']) {
      const [study] = (await server.get(admin, '/studies?limit=1', { host, accept: 'application/dicom+json' })).json();
      expect(firstValue(study, '00081190').startsWith(`${server.settings.publicUrl}/dicom-web/studies/`)).toBe(true);
    }
  });

  test('a refused instance is named, what has no name is told beside (Tables 10.5.3-2 and -3)', async () => {
    const answer = await server.store(admin, [
      file('good'),
      file('no-study', { StudyInstanceUID: undefined }),
      file('cut', {}, { truncateAt: -20 }),
      file('cut-in-header', { '00204000': { vr: 'LT', value: 'x'.repeat(500) } }, { truncateAt: -200 }),
      Buffer.from('no DICOM'.repeat(100)),
    ]);
    expect(answer.statusCode).toBe(202);
    const { '00081198': failed, '0008119A': others } = answer.json();
    expect(failed.Value.map((one: Json) => firstValue(one, '00081155'))).toEqual(
      ['no-study', 'cut', 'cut-in-header'].map((name) => smallDataset(name).SOPInstanceUID),
    );
    for (const one of failed.Value) expect(firstValue(one, '00081150')).toBe(smallDataset('x').SOPClassUID);
    expect(others.Value).toEqual([{ '00081197': { vr: 'US', Value: [0xc000] } }]);
  });

  test('a dataset without SOP Class UID is of the class that its file names (PS3.10 7.1)', async () => {
    const { SOPClassUID } = smallDataset('classless');
    const metaElements = { MediaStorageSOPClassUID: SOPClassUID };
    await stored(file('classless', { SOPClassUID: undefined }, { metaElements }));
    const [metadata] = await server.json(admin, `${pathOf('classless')}/metadata`);
    expect(firstValue(metadata, '00080016')).toBe(SOPClassUID);
    expect(Object.keys(metadata)).toEqual(Object.keys(metadata).sort());
  });

  test('what was stored without preamble and meta information leaves as a file of PS3.10, in a ZIP too', async () => {
    const bare = file('bare', {}, { preamble: false, meta: false });
    await stored(bare);
    const single = (await get(pathOf('bare'), 'application/dicom')).rawPayload;
    const [part] = splitRelated(await get(pathOf('bare'), 'multipart/related; type="application/dicom"'));
    const zip = await get(`/studies/${smallDataset('bare').StudyInstanceUID}`, 'application/zip');
    const [entry] = [...(await unzip(zip.rawPayload)).values()];
    for (const bytes of [single, part?.body, entry]) {
      expect(bytes?.subarray(0, 132).toString('latin1')).toBe(PREFIX);
      expect(bytes?.subarray(-bare.length).equals(bare)).toBe(true);
    }
    const original = await get(`${pathOf('bare')}?original=true`, 'application/dicom');
    expect(original.rawPayload.equals(bare)).toBe(true);
  });

  test('elements behind Pixel Data are in metadata, in bulk data and in files of another transfer syntax', async () => {
    const value = Uint8Array.from({ length: 3000 }, (_, index) => index & 0xff);
    const behind: Dataset = { '7FE10010': { vr: 'LO', value: 'CREATOR' }, '7FE11001': { vr: 'OB', value } };
    await stored(file('behind', behind));
    const [metadata] = await server.json(admin, `${pathOf('behind')}/metadata`);
    expect(firstValue(metadata, '7FE10010')).toBe('CREATOR');
    const bulk = await get(metadata['7FE11001'].BulkDataURI.split('/dicom-web')[1], 'application/octet-stream');
    expect(bulk.rawPayload.equals(Buffer.from(value))).toBe(true);
    const all = splitRelated(await get(`${pathOf('behind')}/bulkdata`, 'multipart/related; type="application/octet-stream"'));
    expect(all.some(({ body }) => body.equals(Buffer.from(value)))).toBe(true);
    for (const syntax of [TransferSyntax.rleLossless, '1.2.840.10008.1.2.4.80']) {
      const other = await get(pathOf('behind'), `application/dicom; transfer-syntax=${syntax}`);
      expect(other.statusCode).toBe(200);
      expect(other.rawPayload.includes(Buffer.from(value))).toBe(true);
      expect(other.rawPayload.length).toBe(Number(other.headers['content-length']));
    }
  });

  test.each(['region=0,0,0.5,0.5', 'presentationUID=1.2.3&presentationSeriesUID=1.2'])(
    'WADO-URI, and WADO-RS where it has them, refuse %s instead of giving more than was asked for (PS3.18 9.1.2, 8.3.5.1.4)',
    async (parameter) => {
      await server.store(admin, [file('less')]);
      const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = smallDataset('less');
      const url = `/wado?requestType=WADO&studyUID=${StudyInstanceUID}&seriesUID=${SeriesInstanceUID}&objectUID=${SOPInstanceUID}`;
      const isByState = parameter.startsWith('presentation');
      for (const type of ['application/dicom', 'image/jpeg']) {
        expect((await server.get(admin, `${url}&contentType=${type}&anonymize=no`)).statusCode).toBe(200);
        const refused = await server.get(admin, `${url}&contentType=${type}&${parameter}`);
        const isUnknown = isByState && type === 'image/jpeg';
        expect([refused.statusCode, refused.json().code]).toEqual(isUnknown ? [404, 'NOT_FOUND'] : [501, 'NOT_IMPLEMENTED']);
      }
      if (!isByState) return;
      const place = `/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}/rendered`;
      expect((await server.get(admin, `${place}?${parameter}`, { accept: 'image/png' })).statusCode).toBe(404);
    },
  );

  test('WADO-URI gives a file without identity for anonymize=yes, and a picture never (PS3.18 9.1.2, PS3.15 Annex E)', async () => {
    const dataset = {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      Modality: 'CT',
      ConversionType: undefined,
      PatientName: 'SECRETE^Jeanne',
      PatientID: 'SEC-77',
      StudyDescription: 'de SECRETE',
    };
    await server.store(admin, [
      file('nobody', { ...dataset, '00091001': { vr: 'LO', value: 'SECRETE' } }),
      file('echo', { Modality: 'US' }),
    ]);
    const urlOf = (name: string): string => {
      const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = smallDataset(name);
      return `/wado?requestType=WADO&studyUID=${StudyInstanceUID}&seriesUID=${SeriesInstanceUID}&objectUID=${SOPInstanceUID}`;
    };
    const url = urlOf('nobody');
    const answer = await server.get(admin, `${url}&contentType=application/dicom&anonymize=YES`);
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.subarray(0, 132).toString('latin1')).toBe(PREFIX);
    expect(answer.rawPayload.length).toBe(Number(answer.headers['content-length']));
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = smallDataset('nobody');
    for (const value of ['SECRETE', 'SEC-77', StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID]) {
      expect(answer.rawPayload.includes(String(value)), String(value)).toBe(false);
      expect(JSON.stringify(answer.headers)).not.toContain(String(value));
    }
    const echo = await server.get(admin, `${urlOf('echo')}&contentType=application/dicom&anonymize=yes`);
    expect([echo.statusCode, echo.json().code]).toEqual([403, 'HELD_BACK']);
    expect((await server.get(admin, `${url}&contentType=image/jpeg&anonymize=yes`)).statusCode).toBe(501);
    for (const asked of ['anonymize=perhaps', 'anonymize=1', 'anonymize=no&anonymize=yes', 'anonymize=yes&anonymize=no'])
      expect((await server.get(admin, `${url}&contentType=application/dicom&${asked}`)).statusCode, asked).toBe(400);
    for (const asked of ['Anonymize=yes', 'ANONYMIZE=YES', 'anonymise=yes', 'anonymize%20=yes'])
      expect((await server.get(admin, `${url}&contentType=application/dicom&${asked}`)).statusCode, asked).toBe(400);
  });

  test('no route of DICOMweb gives names to who asks for none ', async () => {
    await server.store(admin, [file('wished', { PatientName: 'SECRETE^Jeanne' })]);
    const path = pathOf('wished');
    const study = path.replace(/\/series.*/, '');
    for (const url of [
      study,
      `${study}/metadata`,
      `${study}/series`,
      path,
      `${path}/metadata`,
      `${path}/frames/1`,
      `${path}/rendered`,
    ]) {
      for (const asked of ['anonymize=yes', 'anonymize=true', 'Anonymise=yes']) {
        const answer = await server.get(admin, `${url}?${asked}`, { accept: '*/*' });
        expect([answer.statusCode, answer.json().code], `${url}?${asked}`).toEqual([501, 'NOT_IMPLEMENTED']);
      }
      if (url !== `${study}/series`)
        expect((await server.get(admin, `${url}?anonymize=no`, { accept: '*/*' })).statusCode, url).toBe(200);
    }
  });
});
