import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { type DicomJsonObject, jsonItems, parsePart10 } from '@negatoscope/dicom';
import { type Dataset, SopClass, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { unzip } from '../support/unzip.ts';
import { type DicomwebServer, openDicomweb, splitRelated } from './support.ts';

const STUDY = '1.2.826.0.1.99.1';
const inflateRaw = (bytes: Uint8Array): Uint8Array => inflateRawSync(bytes);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const read = (bytes: Uint8Array): DicomJsonObject => parsePart10(bytes, { inflateRaw }).json;
const cleared = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.alloc(128), bytes.subarray(128)]);

function image(number: number, more: Dataset = {}, syntax: string = TransferSyntax.explicitVrLittleEndian): Buffer {
  const dataset: Dataset = {
    SpecificCharacterSet: 'ISO_IR 100',
    SOPClassUID: SopClass.secondaryCapture,
    SOPInstanceUID: `${STUDY}.1.${number}`,
    Modality: 'OT',
    PatientName: 'Ancien^Nom^^^ ',
    PatientID: 'COERCE-1',
    PatientBirthDate: '19700101',
    PatientSex: 'F',
    StudyInstanceUID: STUDY,
    SeriesInstanceUID: `${STUDY}.1`,
    InstanceNumber: number,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 2,
    Columns: 2,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: { vr: 'OB', value: Uint8Array.of(9, 8, 7, number) },
    ...more,
  };
  const file = Buffer.from(writePart10(dataset, { transferSyntaxUid: syntax }));
  file.write('MZ', 0, 'latin1');
  return file;
}

describe('files leave as the index has them (PS3.3 C.12.1.1.9)', () => {
  const files = [
    image(1),
    image(2, {}, TransferSyntax.implicitVrLittleEndian),
    image(3, {}, TransferSyntax.explicitVrBigEndian),
    image(4, {}, TransferSyntax.deflatedExplicitVrLittleEndian),
    image(5, { SpecificCharacterSet: undefined }),
  ];
  const last = files.length;
  const series = `/studies/${STUDY}/series/${STUDY}.1`;
  const instance = (number: number): string => `${series}/instances/${STUDY}.1.${number}`;
  const wado = `/dicom-web/wado?requestType=WADO&studyUID=${STUDY}&seriesUID=${STUDY}.1&objectUID=${STUDY}.1.1&contentType=application/dicom`;
  let server: DicomwebServer;
  let admin: Browser;
  let patient: { id: string; updatedAt: string; recordNumber: string };

  const ask = (url: string, headers: Record<string, string> = {}) =>
    server.app.inject({ method: 'GET', url, headers: { cookie: admin.cookie, ...headers } });
  const single = (url: string) => ask(`/dicom-web${url}`, { accept: 'application/dicom' });

  /** Every way by which the first file can be had. */
  const ways: [string, (original: boolean) => Promise<Buffer[]>][] = [
    [
      'WADO-RS, one instance',
      async (original) => [(await single(`${instance(1)}${original ? '?original=true' : ''}`)).rawPayload],
    ],
    [
      'WADO-RS, multipart',
      async (original) => {
        const response = await ask(`/dicom-web${series}${original ? '?original=true' : ''}`, {
          accept: 'multipart/related; type="application/dicom"; transfer-syntax=*',
        });
        return splitRelated(response).map(({ body }) => body);
      },
    ],
    [
      'WADO-RS, ZIP',
      async (original) => {
        const response = await ask(`/dicom-web/studies/${STUDY}${original ? '?original=true' : ''}`, {
          accept: 'application/zip',
        });
        return [...(await unzip(response.rawPayload)).values()];
      },
    ],
    ['WADO-URI', async (original) => [(await ask(`${wado}${original ? '&original=true' : ''}`)).rawPayload]],
    [
      'the image of a patient',
      async (original) => [(await ask(`/api/patients/images/${STUDY}.1.1${original ? '?original=true' : ''}`)).rawPayload],
    ],
    [
      'the ZIP of the patient',
      async (original) => {
        const response = await ask(`/api/patients/${patient.id}/export${original ? '?original=true' : ''}`);
        const entries = await unzip(response.rawPayload);
        const manifest = JSON.parse(entries.get('manifest.json')?.toString() ?? '') as {
          missing: unknown[];
          files: { path: string; sha256: string; sizeBytes: number; receivedSha256?: string }[];
        };
        expect(manifest.missing).toEqual([]);
        for (const { path, sha256: hash, sizeBytes } of manifest.files) {
          const bytes = entries.get(path) ?? Buffer.alloc(0);
          expect([hash, sizeBytes]).toEqual([sha256(bytes), bytes.length]);
        }
        return [...entries].filter(([name]) => name.endsWith('.dcm')).map(([, bytes]) => bytes);
      },
    ],
  ];

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    expect((await server.store(admin, files)).statusCode).toBe(200);
    const list = (await ask('/api/patients?q=COERCE-1')).json<{ items: (typeof patient)[] }>();
    const [found] = list.items;
    if (found === undefined) throw new Error('The patient was not found.');
    patient = found;
  });
  afterAll(() => server.close());

  const edit = async (change: Record<string, unknown>): Promise<void> => {
    const now = (await ask(`/api/patients/${patient.id}`)).json<typeof patient>();
    const response = await server.app.inject({
      method: 'PATCH',
      url: `/api/patients/${patient.id}`,
      headers: admin.headers,
      payload: { updatedAt: now.updatedAt, ...change },
    });
    expect(response.statusCode, response.body).toBe(200);
  };

  test.each(ways)('unedited, byte for byte as they are stored: %s', async (_way, get) => {
    const sent = (await get(false)).map(sha256);
    const stored = files.map((file) => sha256(cleared(file)));
    expect(stored).toEqual(expect.arrayContaining(sent));
    expect([1, files.length]).toContain(sent.length);
  });

  describe('after the patient was renamed', () => {
    beforeAll(() => edit({ lastName: 'Nouveau', firstName: 'Zoé', birthDate: '1971-02-03' }));

    test.each(ways)('with the new name, the old one kept beside it: %s', async (_way, get) => {
      for (const bytes of await get(false)) {
        const json = read(bytes);
        expect(json).toMatchObject({
          '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Nouveau^Zoé' }] },
          '00100020': { vr: 'LO', Value: ['COERCE-1'] },
          '00100030': { vr: 'DA', Value: ['19710203'] },
        });
        const [item = {}] = jsonItems(json, '04000561');
        expect(item).toMatchObject({ '04000563': { Value: ['NEGATOSCOPE'] }, '04000565': { Value: ['COERCE'] } });
        expect(jsonItems(item, '04000550')[0]).toMatchObject({
          '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Ancien^Nom^^^' }] },
          '00100030': { vr: 'DA', Value: ['19700101'] },
        });
        expect(bytes.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
      }
    });

    test.each(ways)('original=true gives the stored bytes: %s', async (_way, get) => {
      const sent = (await get(true)).map(sha256);
      expect(files.map((file) => sha256(cleared(file)))).toEqual(expect.arrayContaining(sent));
    });

    test('the metadata say the same as every file (10.4.1.1.2)', async () => {
      const metadata = (await ask(`/dicom-web${series}/metadata`)).json<DicomJsonObject[]>();
      expect(metadata).toHaveLength(last);
      for (const [index, shown] of metadata.entries()) {
        const json = read((await single(instance(index + 1))).rawPayload);
        for (const tag of ['00080018', '00100010', '00100020', '00100030', '00100040']) expect(json[tag]).toEqual(shown[tag]);
      }
    });

    test('Content-Length is that of the coerced file, in every transfer syntax', async () => {
      for (const [index] of files.entries()) {
        const response = await single(instance(index + 1));
        expect(response.headers['content-length']).toBe(String(response.rawPayload.length));
        expect(response.rawPayload.length % 2).toBe(0);
      }
      const stored = await ask(`/api/patients/images/${STUDY}.1.4`);
      expect(stored.headers['content-length']).toBe(String(stored.rawPayload.length));
    });

    test('the same revision gives the same bytes', async () => {
      expect((await single(instance(1))).rawPayload.equals((await single(instance(1))).rawPayload)).toBe(true);
    });

    test('identity taken back: the stored bytes again', async () => {
      await edit({ lastName: 'Ancien', firstName: 'Nom', birthDate: '1970-01-01' });
      expect((await single(instance(1))).rawPayload.equals(cleared(files[0] ?? Buffer.alloc(0)))).toBe(true);
    });
  });

  test('an instance without Patient ID leaves without one: nobody edited it', async () => {
    const study = `${STUDY}.7`;
    const file = image(1, {
      PatientID: undefined,
      PatientName: 'Sans^Id',
      StudyInstanceUID: study,
      SOPInstanceUID: `${study}.9`,
    });
    expect((await server.store(admin, [file])).statusCode).toBeLessThan(300);
    const sent = read((await single(`/studies/${study}/series/${STUDY}.1/instances/${study}.9`)).rawPayload);
    expect(sent['00100020']).toBeUndefined();
    expect(sent['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Sans^Id' }] });
  });

  test('a file that can not be given its current patient is refused with 422, and costs only itself', async () => {
    const study = `${STUDY}.8`;
    const odd = image(1, {
      PatientID: 'COERCE-8',
      StudyInstanceUID: study,
      SeriesInstanceUID: `${study}.1`,
      SOPInstanceUID: `${study}.9`,
      '04000561': { vr: 'LO', value: 'no sequence' },
    });
    expect((await server.store(admin, [odd])).statusCode).toBe(200);
    const [found] = (await ask('/api/patients?q=COERCE-8')).json<{ items: (typeof patient)[] }>().items;
    patient = found ?? patient;
    await edit({ lastName: 'Autre' });
    const url = `/studies/${study}/series/${study}.1/instances/${study}.9`;
    expect((await single(url)).json()).toMatchObject({ status: 422, code: 'UNPROCESSABLE' });
    expect((await single(`${url}?original=true`)).rawPayload.equals(cleared(odd))).toBe(true);
    expect((await ask(`/api/patients/images/${study}.9`)).statusCode).toBe(422);
    const entries = await unzip((await ask(`/api/patients/${patient.id}/export`)).rawPayload);
    const manifest = JSON.parse(entries.get('manifest.json')?.toString() ?? '') as { missing: string[] };
    expect(manifest.missing).toEqual([expect.stringMatching(/\.9\.dcm$/)]);
  });

  test('who may not see identities gets no file, original or not', async () => {
    const researcher = await server.login('RESEARCHER');
    for (const url of [instance(1), `${instance(1)}?original=true`])
      expect([403, 404]).toContain((await server.get(researcher, url, { accept: 'application/dicom' })).statusCode);
  });
});
