import { type Dataset, SopClass, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb, splitRelated } from './support.ts';
import { parse } from './transcoding-support.ts';

const [EXPLICIT, RLE, JPEG_LS] = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.4.80'];
const FILES = 'multipart/related; type="application/dicom"';

interface Made {
  readonly study: string;
  readonly number: number;
  readonly syntax?: string;
}

/** A square of 4 × 4 pixels, or what `more` makes of it. */
function image({ study, number, syntax = TransferSyntax.explicitVrLittleEndian }: Made, more: Dataset = {}): Buffer {
  const dataset: Dataset = {
    SpecificCharacterSet: 'ISO_IR 100',
    SOPClassUID: SopClass.secondaryCapture,
    SOPInstanceUID: `${study}.1.${number}`,
    Modality: 'OT',
    PatientName: 'Ancien^Nom',
    PatientID: `NEIGHBOURS-${study}`,
    StudyInstanceUID: study,
    SeriesInstanceUID: `${study}.1`,
    InstanceNumber: number,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 4,
    Columns: 4,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: { vr: 'OB', value: Uint8Array.from({ length: 16 }, (_, i) => i + number) },
    ...more,
  };
  return Buffer.from(writePart10(dataset, { transferSyntaxUid: syntax }));
}

/** Announces RLE and holds something else. */
const damaged: Dataset = { PixelData: { frames: [[new Uint8Array(80).fill(0xff)]], offsetTable: 'empty' } };
const document: Dataset = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11',
  Modality: 'SR',
  ...Object.fromEntries(
    [
      'SamplesPerPixel',
      'PhotometricInterpretation',
      'Rows',
      'Columns',
      'BitsAllocated',
      'BitsStored',
      'HighBit',
      'PixelRepresentation',
      'PixelData',
    ].map((name) => [name, undefined]),
  ),
};

describe('an instance that can not be given costs no other (PS3.18 10.4.3)', () => {
  let server: DicomwebServer;
  let admin: Browser;

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
  });
  afterAll(() => server.close());

  const ask = (study: string, accept: string) => server.get(admin, `/studies/${study}`, { accept });
  const numbersOf = (bodies: readonly { body: Buffer }[]) => bodies.map(({ body }) => parse(body).json['00200013']?.Value?.[0]);

  async function rename(study: string, lastName: string): Promise<void> {
    const inject = (method: 'GET' | 'PATCH', url: string, payload?: object) =>
      server.app.inject({ method, url, headers: admin.headers, ...(payload === undefined ? {} : { payload }) });
    const list = (await inject('GET', `/api/patients?q=NEIGHBOURS-${study}`)).json<{
      items: { id: string; updatedAt: string }[];
    }>();
    const [patient] = list.items;
    const { updatedAt } = (await inject('GET', `/api/patients/${patient?.id}`)).json<{ updatedAt: string }>();
    expect((await inject('PATCH', `/api/patients/${patient?.id}`, { updatedAt, lastName })).statusCode).toBe(200);
  }

  test('one that can not take its current patient is left out of multipart and ZIP, and a trailer says so', async () => {
    const study = '1.2.826.0.1.98.1';
    const odd = { '04000561': { vr: 'LO', value: 'no sequence' } } as Dataset;
    const files = [1, 2, 3].map((number) => image({ study, number }, number === 2 ? odd : {}));
    expect((await server.store(admin, files)).statusCode).toBe(200);
    await rename(study, 'Autre');
    for (const accept of [FILES, `${FILES}; transfer-syntax=${RLE}`]) {
      const response = await ask(study, accept);
      expect([response.statusCode, numbersOf(splitRelated(response))]).toEqual([200, [1, 3]]);
      expect(response.headers.trailer).toBe('warning');
      expect(response.trailers.warning).toMatch(/^299 negatoscope "1 instances could not be given/);
    }
    const zip = await ask(study, 'application/zip');
    expect(zip.statusCode).toBe(200);
    for (const number of [1, 2, 3])
      expect([number, zip.rawPayload.includes(`${study}.1/${study}.1.${number}.dcm`)]).toEqual([number, number !== 2]);
    expect(zip.trailers.warning).toMatch(/^299 /);
    const alone = await server.get(admin, `/studies/${study}/series/${study}.1/instances/${study}.1.2`, { accept: FILES });
    expect(alone.json()).toMatchObject({ status: 422, code: 'UNPROCESSABLE' });
  });

  test('one whose frame is damaged is left out when frames are made anew, and comes as it is stored', async () => {
    const study = '1.2.826.0.1.98.2';
    const files = [image({ study, number: 1 }), image({ study, number: 2, syntax: RLE }, damaged), image({ study, number: 3 })];
    expect((await server.store(admin, files)).statusCode).toBe(200);
    const response = await ask(study, `${FILES}; transfer-syntax=${JPEG_LS}`);
    expect([response.statusCode, numbersOf(splitRelated(response))]).toEqual([200, [1, 3]]);
    expect(response.trailers.warning).toMatch(/^299 /);
    const stored = await ask(study, FILES);
    expect([numbersOf(splitRelated(stored)), stored.trailers.warning]).toEqual([[1, 2, 3], undefined]);
    const url = `/studies/${study}/series/${study}.1/instances/${study}.1.2`;
    const alone = await server.get(admin, url, { accept: `application/dicom; transfer-syntax=${EXPLICIT}` });
    expect(alone.json()).toMatchObject({ status: 422, code: 'FRAME_UNREADABLE' });
  });

  test('206 and Warning when some can not come in the wanted syntax, 406 when none can; documents come in explicit VR', async () => {
    const study = '1.2.826.0.1.98.3';
    const wide: Dataset = {
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelData: { vr: 'OW', value: new Uint8Array(32) },
      Rows: 4,
    };
    const large = { Rows: 32, Columns: 32, PixelData: { vr: 'OB', value: new Uint8Array(1024) } } as Dataset;
    const report = image(
      { study, number: 3, syntax: TransferSyntax.implicitVrLittleEndian },
      { ...document, SeriesInstanceUID: `${study}.2` },
    );
    expect(
      (await server.store(admin, [image({ study, number: 1 }, large), image({ study, number: 2 }, wide), report])).statusCode,
    ).toBe(200);
    const response = await ask(study, `${FILES}; transfer-syntax=1.2.840.10008.1.2.4.50`);
    const parts = splitRelated(response);
    expect([response.statusCode, response.headers.warning]).toEqual([
      206,
      expect.stringMatching(/^299 negatoscope "1 instances/),
    ]);
    expect(parts.map(({ headers }) => headers.split('=')[1]).sort()).toEqual([EXPLICIT, '1.2.840.10008.1.2.4.50']);
    expect((await ask(study, `${FILES}; transfer-syntax=1.2.840.10008.1.2.4.102`)).statusCode).toBe(406);
    const lone = `/studies/${study}/series/${study}.2/instances/${study}.1.3`;
    const sr = await server.get(admin, lone, { accept: `application/dicom; transfer-syntax=${JPEG_LS}` });
    expect([sr.statusCode, parse(sr.rawPayload).transferSyntaxUid]).toEqual([200, EXPLICIT]);
  });

  test('text that the character set of a file can not hold is approximated and told by Warning', async () => {
    const study = '1.2.826.0.1.98.4';
    expect((await server.store(admin, [image({ study, number: 1 })])).statusCode).toBe(200);
    await rename(study, 'Łukasz');
    const told = /^299 negatoscope "Current patient or study text was approximated/;
    const alone = await server.get(admin, `/studies/${study}/series/${study}.1/instances/${study}.1.1`, {
      accept: 'application/dicom',
    });
    expect(parse(alone.rawPayload).json['00100010']?.Value).toEqual([{ Alphabetic: 'Lukasz^Nom' }]);
    expect(alone.headers.warning).toMatch(told);
    const many = await ask(study, FILES);
    expect([many.headers.warning, many.trailers.warning]).toEqual([undefined, expect.stringMatching(told)]);
    const recoded = await ask(study, `${FILES}; transfer-syntax=${RLE}`);
    expect(recoded.trailers.warning).toMatch(told);
    const api = (url: string) => server.app.inject({ method: 'GET', url, headers: { cookie: admin.cookie } });
    const lone = await server.get(admin, `/studies/${study}/series/${study}.1/instances/${study}.1.1`, {
      accept: `application/dicom; transfer-syntax=${RLE}`,
    });
    const uri = `requestType=WADO&studyUID=${study}&seriesUID=${study}.1&objectUID=${study}.1.1&contentType=application/dicom`;
    const others = [lone, await api(`/dicom-web/wado?${uri}`), await api(`/api/patients/images/${study}.1.1`)];
    expect(others.map(({ headers }) => headers.warning)).toEqual(others.map(() => expect.stringMatching(told)));
    expect((await api(`/api/patients/images/${study}.1.1?original=true`)).headers.warning).toBeUndefined();
    const [patient] = (await api(`/api/patients?q=NEIGHBOURS-${study}`)).json<{ items: { id: string }[] }>().items;
    const archive = await api(`/api/patients/${patient?.id}/export`);
    expect(archive.rawPayload.toString('latin1')).toMatch(/"approximated": \[\s*"00100010"\s*\]/);
  });
});
