import { ctVolume, type GeneratedInstance, pixelMatrix } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { hasOrthanc, type Orthanc, startOrthanc } from '../support/orthanc.ts';
import { isLong, itInLongRun } from '../support/sample.ts';
import { type DicomwebServer, hasTestData, openDicomweb, readTestFile } from './support.ts';

/** JPEG 2000, JPEG Extended, JPEG-LS and colour JPEG 2000: files that have all four UIDs and share none. */
const COMPRESSED = ['JPEG2000', 'JPGExtended', 'MR_small_jpeg_ls_lossless', 'examples_jpeg2k'];
const HTTP_TIMEOUT_MS = 60_000;

interface Job {
  readonly State: string;
  readonly Content: Readonly<Record<string, string>>;
}

/** One of each colour, depth and transfer syntax; every form in the long run. */
function matrixCases() {
  const all = [...pixelMatrix()];
  const kinds = new Map(all.map((one) => [`${one.syntax} ${one.photometric} ${one.bitsAllocated}`, one]));
  return isLong ? all : [...kinds.values()];
}

/** PS3.10 7.1: everything behind the preamble, which is sent as zeros. */
const afterPreamble = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(128)).toString('base64');

describe.skipIf(!hasOrthanc)('Orthanc’s DICOMweb plugin as a client', () => {
  const volume: readonly GeneratedInstance[] = [...ctVolume({ seed: 'orthanc', slices: 5, rows: 64, columns: 64 })];
  const [first] = volume;
  const study = first?.studyInstanceUid ?? '';
  const path = { Study: study, Series: first?.seriesInstanceUid, Instance: first?.sopInstanceUid };
  let server: DicomwebServer;
  let admin: Browser;
  let orthanc: Orthanc;

  const ask = <T>(what: string, body: object, name = 'ours'): Promise<T> =>
    orthanc.post<T>(`/dicom-web/servers/${name}/${what}`, body);
  const retrieve = (resource: object, name?: string) =>
    ask<{ ReceivedInstancesCount: string }>('retrieve', { Resources: [resource], Synchronous: true }, name);
  const stow = (ids: readonly string[], name?: string) =>
    ask<{ InstancesCount: string }>('stow', { Resources: ids, Synchronous: true }, name);
  const forget = async (): Promise<void> => {
    for (const id of await orthanc.get<string[]>('/patients')) await orthanc.remove(`/patients/${id}`);
  };
  /** What Orthanc holds now: its files, in an order of their own. */
  const received = async (): Promise<string[]> => {
    const files = (await orthanc.get<string[]>('/instances')).map((id) => orthanc.bytes(`/instances/${id}/file`));
    return (await Promise.all(files)).map(afterPreamble).sort();
  };
  const sent = (list: readonly Uint8Array[]): string[] => list.map(afterPreamble).sort();
  const upload = async (list: readonly Uint8Array[]): Promise<string[]> => {
    for (const bytes of list) await orthanc.post('/instances', Buffer.from(bytes));
    return orthanc.get<string[]>('/studies');
  };
  const countOf = async (uid: string): Promise<number> => (await server.json(admin, `/studies/${uid}/instances`)).length;

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    const Url = `${await server.app.listen({ host: '127.0.0.1', port: 0 })}/dicom-web/`;
    const payload = { name: 'orthanc', permissions: ['studies.read', 'patients.identity', 'imports.create'] };
    const made = await server.app.inject({ method: 'POST', url: '/api/tokens', headers: admin.headers, payload });
    const HttpHeaders = { Authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
    orthanc = await startOrthanc({
      ours: { Url, HttpHeaders },
      plain: { Url, HttpHeaders, ChunkedTransfers: false, HasWadoRsUniversalTransferSyntax: false },
      stranger: { Url, HttpHeaders: { Authorization: 'Bearer ngs_unknown' } },
    });
    const stored = await server.store(
      admin,
      volume.map(({ bytes }) => Buffer.from(bytes)),
    );
    if (stored.statusCode !== 200) throw new Error(`The study was not stored: ${stored.body}`);
  });
  afterAll(async () => {
    await orthanc?.stop();
    await server.close();
  });

  test('searches studies, series and instances (PS3.18 10.6)', async () => {
    const Arguments = { PatientName: 'PHANTOM*', limit: '5', offset: '0' };
    const studies = await ask<Record<string, { Value: string }>[]>('qido', { Uri: '/studies', Arguments });
    expect(studies.map((found) => [found['0020000D']?.Value, found['00100010']?.Value])).toEqual([[study, 'PHANTOM^ct']]);
    const series = await ask<Record<string, { Value: string }>[]>('qido', { Uri: `/studies/${study}/series` });
    expect(series.map((found) => [found['0020000E']?.Value, found['00080060']?.Value])).toEqual([
      [first?.seriesInstanceUid, 'CT'],
    ]);
    const instances = await ask<object[]>('qido', { Uri: `/studies/${study}/instances`, Arguments: { InstanceNumber: '2' } });
    expect(instances).toHaveLength(1);
  });

  test('reads metadata through its own door (10.4.1.1.2)', async () => {
    const HttpHeaders = { Accept: 'application/dicom+json' };
    const list = await ask<object[]>('get', { Uri: `/studies/${study}/metadata`, HttpHeaders });
    expect(list).toHaveLength(volume.length);
  });

  test.each(isLong ? ['ours', 'plain'] : ['ours'])(
    'retrieves study, series and instance, each byte of them (%s; 10.4.1.1.1)',
    async (name) => {
      await forget();
      expect((await retrieve(path, name)).ReceivedInstancesCount).toBe('1');
      expect(await received()).toEqual(sent(volume.slice(0, 1).map(({ bytes }) => bytes)));
      for (const { Series, Study } of [path, { ...path, Series: undefined }]) {
        await forget();
        const { ReceivedInstancesCount } = await retrieve({ Study, ...(Series === undefined ? {} : { Series }) }, name);
        expect(ReceivedInstancesCount).toBe(String(volume.length));
        expect(await received()).toEqual(sent(volume.map(({ bytes }) => bytes)));
      }
    },
  );

  test.each([['ours', 'chunked'] as const, ...(isLong ? [['plain', 'with their length'] as const] : [])])(
    'sends a study by STOW-RS (%s: bodies %s); again is no failure and stores nothing twice (10.5)',
    async (name) => {
      await forget();
      const mine = [...ctVolume({ seed: `orthanc sends ${name}`, slices: 12, rows: 64, columns: 64 })].map(({ bytes }) => bytes);
      const uid = [...ctVolume({ seed: `orthanc sends ${name}`, slices: 1 })][0]?.studyInstanceUid ?? '';
      const ids = await upload(mine);
      expect((await stow(ids, name)).InstancesCount).toBe('12');
      expect(await countOf(uid)).toBe(12);
      expect((await stow(ids, name)).InstancesCount).toBe('12');
      expect(await countOf(uid)).toBe(12);
      await forget();
      await retrieve({ Study: uid }, name);
      expect(await received()).toEqual(sent(mine));
    },
  );

  test('sends and fetches in the background, as its own jobs', async () => {
    await forget();
    await upload(volume.map(({ bytes }) => bytes));
    const Resources = await orthanc.get<string[]>('/studies');
    const { ID } = await ask<{ ID: string }>('stow', { Resources, Synchronous: false });
    const state = async (): Promise<string> => (await orthanc.get<Job>(`/jobs/${ID}`)).State;
    await expect.poll(state, { timeout: HTTP_TIMEOUT_MS }).toBe('Success');
  });

  itInLongRun('exchanges native, deflated and RLE forms of the generator', { timeout: HTTP_TIMEOUT_MS }, async () => {
    await forget();
    const cases = matrixCases().map(({ instance }) => instance);
    const files = cases.map(({ bytes }) => bytes);
    const ids = await upload(files);
    await stow(ids);
    await forget();
    for (const Study of new Set(cases.map(({ studyInstanceUid }) => studyInstanceUid))) await retrieve({ Study });
    expect(await received()).toEqual(sent(files));
  });

  if (isLong)
    test.skipIf(!hasTestData)('exchanges compressed files of other makers', { timeout: HTTP_TIMEOUT_MS }, async () => {
      await forget();
      const files = COMPRESSED.map((name) => readTestFile(`pydicom/${name}.dcm`));
      await stow(await upload(files));
      const studies = await orthanc.get<{ MainDicomTags: { StudyInstanceUID: string } }[]>('/studies?expand');
      await forget();
      for (const { MainDicomTags } of studies) await retrieve({ Study: MainDicomTags.StudyInstanceUID });
      expect(await received()).toEqual(sent(files));
    });

  test('without a token that counts nothing is found, fetched or taken', async () => {
    await expect(ask('qido', { Uri: '/studies' }, 'stranger')).rejects.toThrow(/Orthanc answered/);
    await expect(retrieve({ Study: study }, 'stranger')).rejects.toThrow(/Orthanc answered/);
    await upload(volume.map(({ bytes }) => bytes));
    await expect(stow(await orthanc.get<string[]>('/studies'), 'stranger')).rejects.toThrow(/Orthanc answered/);
  });
});
