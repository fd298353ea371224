import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ctVolume, pixelMatrix } from '@negatoscope/testkit';
import type { api } from 'dicomweb-client';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { type Stage, setStage } from './support/stage.ts';

type Client = InstanceType<typeof api.DICOMwebClient>;
type Method = Extract<keyof Client, `search${string}` | `retrieve${string}` | 'storeInstances'>;
/** What came back, fit to leave the page: bytes as their length and hash. */
interface Bytes {
  readonly length: number;
  /** The first three in hexadecimal. */
  readonly start: string;
  readonly sha256: string;
}
type Dataset = Readonly<Record<string, { Value?: unknown[]; BulkDataURI?: string }>>;

const LIBRARY = fileURLToPath(import.meta.resolve('dicomweb-client'));
const hashOf = (bytes: Uint8Array): Bytes => ({
  length: bytes.length,
  start: Buffer.from(bytes.subarray(0, 3)).toString('hex'),
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
/** Samples of 16 bits as PS3.18 8.7.3.3.2 sends them: little endian. */
const little16 = (samples: readonly number[]): Uint8Array => new Uint8Array(Int16Array.from(samples).buffer);

declare global {
  var DICOMwebClient: { readonly api: typeof api };
}

/** Runs in the page: the client as its users make it, its answer with every ArrayBuffer as length and hash. */
async function callInPage([method, options, csrf]: readonly [Method, object, string]): Promise<unknown> {
  const bytesOf = async (buffer: ArrayBuffer): Promise<Bytes> => {
    const hex = (bytes: ArrayBuffer): string =>
      [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const sha256 = hex(await crypto.subtle.digest('SHA-256', buffer));
    return { length: buffer.byteLength, start: hex(buffer.slice(0, 3)), sha256 };
  };
  const plain = async (value: unknown): Promise<unknown> => {
    if (value instanceof ArrayBuffer) return bytesOf(value);
    return Array.isArray(value) ? Promise.all(value.map(plain)) : value;
  };
  const client = new DICOMwebClient.api.DICOMwebClient({
    url: '/dicom-web',
    singlepart: false,
    headers: { 'x-csrf-token': csrf },
  });
  const datasets = 'files' in options ? (options.files as number[][]).map((file) => new Uint8Array(file).buffer) : [];
  const call = client[method] as (options: object) => Promise<unknown>;
  return plain(await call.call(client, { ...options, ...(datasets.length > 0 ? { datasets } : {}) }));
}

describe.skipIf(chromiumPath === undefined)('dicomweb-client of npm, in a page of this server', () => {
  const volume = [
    ...ctVolume({ seed: 'dicomweb-client', slices: 3, rows: 32, columns: 32, dataset: { PatientName: 'CLIENT^Npm' } }),
  ];
  const matrix = [...pixelMatrix()];
  const compressed = matrix.find(({ name }) => name === 'monochrome2-16-16s-3f-rle');
  const uids = {
    studyInstanceUID: volume[0]?.studyInstanceUid,
    seriesInstanceUID: volume[0]?.seriesInstanceUid,
    sopInstanceUID: volume[0]?.sopInstanceUid,
  };
  const frames = {
    studyInstanceUID: compressed?.instance.studyInstanceUid,
    seriesInstanceUID: compressed?.instance.seriesInstanceUid,
    sopInstanceUID: compressed?.instance.sopInstanceUid,
  };
  const files = volume.map(({ bytes }) => hashOf(bytes));
  let tab: Tab;
  const call = async <T>(method: Method, options: object): Promise<T> =>
    (await tab.page.evaluate(callInPage, [method, options, await csrfOf(tab)] as const)) as T; // Each test names what it asks for.

  const begin = async (stage: Stage): Promise<void> => {
    tab = stage.tab;
    await tab.page.addInitScript({ path: LIBRARY });
    await tab.page.goto('/app');
    if (compressed === undefined) throw new Error('The generator has no such case any more.');
    expect(await storeInstances(tab, [compressed.instance])).toBe(200);
  };
  setStage(begin, { drawnBy: 'processor' });

  it('stores instances, and the same again (storeInstances; PS3.18 10.5)', async () => {
    const options = { files: volume.map(({ bytes }) => [...bytes]) };
    const answer = JSON.parse(await call<string>('storeInstances', options)) as Dataset;
    expect(answer['00081199']?.Value).toHaveLength(volume.length);
    expect(JSON.parse(await call<string>('storeInstances', options))['00081198']).toBeUndefined();
  });

  it('searches studies, series and instances (searchFor…; 10.6)', async () => {
    const found = await call<Dataset[]>('searchForStudies', { queryParams: { PatientName: 'client^n*', limit: 5 } });
    expect(found.map((study) => study['0020000D']?.Value)).toEqual([[uids.studyInstanceUID]]);
    const series = await call<Dataset[]>('searchForSeries', { studyInstanceUID: uids.studyInstanceUID });
    expect(series.map((one) => one['0020000E']?.Value)).toEqual([[uids.seriesInstanceUID]]);
    const all = await call<Dataset[]>('searchForInstances', { queryParams: { SOPInstanceUID: uids.sopInstanceUID } });
    expect(all).toHaveLength(1);
    const { sopInstanceUID, ...ofSeries } = uids;
    expect(await call<Dataset[]>('searchForInstances', ofSeries)).toHaveLength(volume.length);
    expect(await call<Dataset[]>('searchForStudies', { queryParams: { PatientName: 'NOBODY' } })).toEqual([]);
  });

  it('reads metadata of study, series and instance (retrieve…Metadata; 10.4.1.1.2)', async () => {
    for (const method of ['retrieveStudyMetadata', 'retrieveSeriesMetadata'] as const)
      expect((await call<Dataset[]>(method, uids)).map((one) => one['00080018']?.Value?.[0])).toEqual(
        expect.arrayContaining(volume.map(({ sopInstanceUid }) => sopInstanceUid)),
      );
    const [only] = [await call<Dataset[] | Dataset>('retrieveInstanceMetadata', uids)].flat();
    expect(only?.['00080018']?.Value).toEqual([uids.sopInstanceUID]);
  });

  it('retrieves files of instance, series and study, byte for byte (10.4.1.1.1)', async () => {
    expect(await call<Bytes>('retrieveInstance', uids)).toEqual(files[0]);
    for (const method of ['retrieveSeries', 'retrieveStudy'] as const) {
      const list = await call<Bytes[]>(method, uids);
      expect(list).toHaveLength(files.length);
      expect(list).toEqual(expect.arrayContaining(files));
    }
  });

  it('retrieves frames: decoded unless it asks for them as they are (retrieveInstanceFrames; 8.7.3.3.2)', async () => {
    const wanted = (compressed?.expected ?? []).map((samples) => hashOf(little16(samples)));
    const decoded = await call<Bytes[]>('retrieveInstanceFrames', { ...frames, frameNumbers: [1, 3] });
    expect(decoded).toEqual([wanted[0], wanted[2]]);
    const mediaTypes = [{ mediaType: 'image/x-dicom-rle', transferSyntaxUID: '1.2.840.10008.1.2.5' }];
    const stored = await call<Bytes[]>('retrieveInstanceFrames', { ...frames, frameNumbers: [2], mediaTypes });
    expect(stored).toHaveLength(1);
    expect(stored[0]).not.toEqual(wanted[1]);
  });

  it('retrieves rendered images and thumbnails of instance and frame (10.4.1.1.3, 10.4.1.1.4)', async () => {
    const mediaTypes = [{ mediaType: 'image/png' }];
    const [jpeg, png] = ['ffd8ff', '89504e'];
    for (const [method, options, start] of [
      ['retrieveInstanceRendered', uids, jpeg],
      ['retrieveInstanceRendered', { ...uids, mediaTypes }, png],
      ['retrieveInstanceThumbnail', uids, jpeg],
      ['retrieveInstanceFramesRendered', { ...frames, frameNumbers: [2], mediaTypes }, png],
    ] as const) {
      const [image] = [await call<Bytes | Bytes[]>(method, options)].flat();
      expect([method, image?.start]).toEqual([method, start]);
    }
  });

  it('retrieves bulk data by the address that the metadata give (10.4.1.1.5)', async () => {
    const [dataset] = await call<Dataset[]>('retrieveSeriesMetadata', uids);
    const BulkDataURI = dataset?.['7FE00010']?.BulkDataURI;
    const [pixels] = await call<Bytes[]>('retrieveBulkData', { BulkDataURI });
    expect(pixels?.length).toBe(32 * 32 * 2);
  });

  it('without a request that leaves the server', () => {
    expect(tab.strangers).toEqual([]);
  });
});
