import { connect } from 'node:net';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import {
  BOUNDARY,
  type DicomwebServer,
  firstValue,
  hasTestData,
  instancePath,
  type Json,
  type ManifestRow,
  manifest,
  openDicomweb,
  type Part,
  readTestFile,
  relatedBody,
  rowOf,
} from './support.ts';

const references = (json: Json): Json[] => json['00081199']?.Value ?? [];
const failures = (json: Json): Json[] => [...(json['00081198']?.Value ?? []), ...(json['0008119A']?.Value ?? [])];

describe.skipIf(!hasTestData)('STOW-RS (PS3.18 10.5)', () => {
  const rows = hasTestData ? manifest() : new Map<string, ManifestRow>();
  const file = (name: string): Buffer => readTestFile(`pydicom/${name}.dcm`);
  let server: DicomwebServer;
  let admin: Browser;
  const post = (payload: Buffer, contentType: string, url = '/studies', headers = {}): Promise<LightMyRequestResponse> =>
    server.app.inject({
      method: 'POST',
      url: `/dicom-web${url}`,
      headers: { ...admin.headers, 'content-type': contentType, ...headers },
      payload,
    });
  const parts = (list: readonly Part[], rootType = 'application/dicom', url?: string): Promise<LightMyRequestResponse> =>
    post(relatedBody(list), `multipart/related; type="${rootType}"; boundary=${BOUNDARY}`, url);

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
  });
  afterAll(() => server.close());

  test('stored instances are 200, each with where it is from now on (Table 10.5.3-1)', async () => {
    const response = await server.store(admin, [file('CT_small'), file('MR_small')]);
    expect(response.statusCode).toBe(200);
    // Clients compare the media type as a whole: a charset would make them see nothing.
    expect(response.headers['content-type']).toBe('application/dicom+json');
    const list = references(response.json());
    expect(list.map((one) => firstValue(one, '00081155'))).toEqual(
      ['CT_small', 'MR_small'].map((name) => rowOf(rows, `pydicom/${name}.dcm`).sop_instance_uid),
    );
    for (const one of list) {
      const url = firstValue(one, '00081190').slice(`${server.settings.publicUrl}/dicom-web`.length);
      expect((await server.get(admin, url, { accept: 'application/dicom' })).statusCode).toBe(200);
      expect(one).not.toHaveProperty('00081196');
    }
  });

  test('the same again is 200 with a warning, other content under its UID is kept aside: 202', async () => {
    const again = await server.store(admin, [file('CT_small')]);
    expect([again.statusCode, firstValue(references(again.json())[0], '00081196')]).toEqual([200, 0x0111]);
    const other = file('CT_small');
    other[other.length - 1000] = (other[other.length - 1000] ?? 0) ^ 0xff;
    const conflict = await server.store(admin, [other]);
    expect([conflict.statusCode, firstValue(references(conflict.json())[0], '00081196')]).toEqual([202, 0xb000]);
  });

  test('what is refused costs only itself: 202 beside others, 409 alone, with the reason (Table 10.5.3-2)', async () => {
    const mixed = await server.store(admin, [Buffer.from('no DICOM at all'), file('rtdose'), file('CT_small').subarray(0, 9000)]);
    expect(mixed.statusCode).toBe(202);
    expect(references(mixed.json())).toHaveLength(1);
    expect(failures(mixed.json()).map((one) => firstValue(one, '00081197'))).toEqual([0xc000, 0xc000]);
    const alone = await server.store(admin, [Buffer.from('no DICOM at all')]);
    expect([alone.statusCode, failures(alone.json()).length]).toEqual([409, 1]);
  });

  test('instances of another study than the path’s are refused with A900 (10.5.1.1)', async () => {
    const { study_instance_uid: uid } = rowOf(rows, 'pydicom/rtplan.dcm');
    const response = await server.store(admin, [file('waveform_ecg'), file('rtplan')], `/studies/${uid}`);
    expect(response.statusCode).toBe(202);
    expect(firstValue(failures(response.json())[0], '00081197')).toBe(0xa900);
    expect((await server.json(admin, `/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.9.1.1`)).length).toBe(0);
    expect((await server.store(admin, [file('rtplan')], '/studies/not-a-uid')).statusCode).toBe(404);
  });

  test('a single file without multipart is one instance', async () => {
    expect((await post(file('waveform_ecg'), 'application/dicom')).statusCode).toBe(200);
  });

  test('the answer comes as XML to whom asks for it', async () => {
    const response = await server.store(admin, [file('CT_small')], '/studies', { accept: 'application/dicom+xml' });
    expect(response.headers['content-type']).toMatch(/^application\/dicom\+xml/);
    expect(response.body).toContain('keyword="ReferencedSOPSequence"');
    expect((await server.store(admin, [], '/studies', { accept: 'image/png' })).statusCode).toBe(406);
  });

  test.each([
    ['no boundary', 'multipart/related; type="application/dicom"', 400],
    ['an endless boundary', `multipart/related; type="application/dicom"; boundary=${'x'.repeat(300)}`, 400],
    ['another boundary', 'multipart/related; type="application/dicom"; boundary=other', 400],
    ['no multipart', 'text/plain', 415],
    ['form data', `multipart/form-data; boundary=${BOUNDARY}`, 415],
    ['pictures', `multipart/related; type="image/jpeg"; boundary=${BOUNDARY}`, 415],
  ])('%s is refused before anything is kept', async (_what, contentType, status) => {
    const response = await post(relatedBody([{ body: file('test-SR') }]), contentType);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toMatch(/problem\+json/);
  });

  test('whole parts before a broken end are kept, and the rest is told', async () => {
    const type = `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`;
    const body = relatedBody([{ body: file('test-SR') }, { body: file('reportsi') }]);
    const cut = await post(body.subarray(0, body.length - 400), type);
    expect([cut.statusCode, references(cut.json()).length]).toEqual([202, 1]);
    expect(failures(cut.json()).length).toBeGreaterThan(0);
    const empty = await post(Buffer.alloc(0), type);
    expect(empty.statusCode).toBe(400);
    const none = await post(Buffer.from(`--${BOUNDARY}--\r\n`), type);
    expect(none.statusCode).toBeGreaterThanOrEqual(400);
    expect(none.statusCode).toBeLessThan(500);
  });

  test('a body of unknown length is read to its end (RFC 9112 7.1), and thousands of parts are no fault', {
    timeout: 120_000,
  }, async () => {
    const address = await server.app.listen({ host: '127.0.0.1', port: 3340 });
    const type = `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`;
    const body = relatedBody([{ body: file('rtdose_rle') }]);
    const send = (payload: Buffer): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(new URL(address).port), '127.0.0.1');
        const heads = Object.entries({
          ...admin.headers,
          'content-type': type,
          connection: 'close',
          'transfer-encoding': 'chunked',
        });
        socket.write(
          `POST /dicom-web/studies HTTP/1.1\r\nhost: localhost\r\n${heads.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`,
        );
        socket.write(`${payload.length.toString(16)}\r\n`);
        socket.write(payload);
        socket.write('\r\n0\r\n\r\n');
        let answer = '';
        socket.setEncoding('latin1').on('data', (text: string) => {
          answer += text;
        });
        socket.on('end', () => resolve(answer)).on('error', reject);
      });
    expect(await send(body)).toMatch(/^HTTP\/1\.1 20[02] /);
    const empty = Buffer.from(`${`--${BOUNDARY}\r\n\r\n\r\n`.repeat(99_000)}--${BOUNDARY}--\r\n`);
    const answer = await send(empty);
    expect(answer).toMatch(/^HTTP\/1\.1 409 /);
    // A thousand parts that are no files are told; the rest is one refusal.
    expect(answer.match(/"00081197"/g)).toHaveLength(1001);
  });

  describe('metadata with bulk data (10.5.2)', () => {
    const dataset = (uid: string, more: Json = {}): Json => ({
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
      '00080018': { vr: 'UI', Value: [uid] },
      '00080060': { vr: 'CS', Value: ['OT'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Zoë', Ideographic: '山田^太郎' }] },
      '00100020': { vr: 'LO', Value: ['STOW-1'] },
      '0020000D': { vr: 'UI', Value: ['1.2.826.0.1.7'] },
      '0020000E': { vr: 'UI', Value: ['1.2.826.0.1.7.1'] },
      '00280002': { vr: 'US', Value: [1] },
      '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
      '00280010': { vr: 'US', Value: [2] },
      '00280011': { vr: 'US', Value: [4] },
      '00280100': { vr: 'US', Value: [8] },
      '00280101': { vr: 'US', Value: [8] },
      '00280102': { vr: 'US', Value: [7] },
      '00280103': { vr: 'US', Value: [0] },
      '7FE00010': { vr: 'OB', BulkDataURI: 'bulk/1' },
      ...more,
    });
    const pixels = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
    const bulk: Part = { type: 'application/octet-stream', headers: ['Content-Location: bulk/1'], body: pixels };
    const json = (list: Json): Part => ({ type: 'application/dicom+json', body: Buffer.from(JSON.stringify(list)) });
    const frame = (uid: string) =>
      server.get(admin, `/studies/1.2.826.0.1.7/series/1.2.826.0.1.7.1/instances/${uid}/frames/1`, {
        accept: 'application/octet-stream',
      });

    test('JSON and its bulk data become an instance like any other', async () => {
      const response = await parts([json([dataset('1.2.826.0.1.7.2')]), bulk], 'application/dicom+json');
      expect(response.statusCode).toBe(200);
      expect((await frame('1.2.826.0.1.7.2')).rawPayload.equals(pixels)).toBe(true);
      const [study] = await server.json(admin, `/studies?PatientName=${encodeURIComponent('müller*')}`);
      expect(firstValue(study, '00100010')).toEqual({ Alphabetic: 'Müller^Zoë', Ideographic: '山田^太郎' });
    });

    test('compressed pixel data is encapsulated under the transfer syntax of its part', async () => {
      const jpeg = {
        ...bulk,
        type: 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50',
        body: Buffer.from([0xff, 0xd8, 1, 2, 0xff, 0xd9]),
      };
      expect((await parts([json(dataset('1.2.826.0.1.7.3')), jpeg], 'application/dicom+json')).statusCode).toBe(200);
      const path = '/studies/1.2.826.0.1.7/series/1.2.826.0.1.7.1/instances/1.2.826.0.1.7.3/frames/1';
      const response = await server.get(admin, path, { accept: 'application/octet-stream; transfer-syntax=*' });
      expect(response.rawPayload.equals(jpeg.body)).toBe(true);
    });

    test('the server’s own XML is taken back (PS3.19 A.1)', async () => {
      const accept = 'multipart/related; type="application/dicom+xml"';
      const xml = (await server.get(admin, `${instancePath(rowOf(rows, 'pydicom/test-SR.dcm'))}/metadata`, { accept })).body;
      const model = xml
        .slice(xml.indexOf('<?xml'), xml.indexOf('</NativeDicomModel>') + 19)
        .replaceAll('1.2.276.0.7230010.3.1.4.2139363186.7819.982086466.4', '1.2.826.0.9');
      const response = await parts([{ type: 'application/dicom+xml', body: Buffer.from(model) }], 'application/dicom+xml');
      expect([response.statusCode, firstValue(references(response.json())[0], '00081155')]).toEqual([200, '1.2.826.0.9']);
    });

    test('no address of a client is opened: bulk data that did not come along is a failure of its instance', async () => {
      const away = dataset('1.2.826.0.1.7.4', {
        '7FE00010': { vr: 'OB', BulkDataURI: 'http://127.0.0.1:3340/dicom-web/studies' },
      });
      const local = dataset('1.2.826.0.1.7.5', { '7FE00010': { vr: 'OB', BulkDataURI: 'file:///etc/passwd' } });
      const response = await parts([json([away, local, dataset('1.2.826.0.1.7.6')]), bulk], 'application/dicom+json');
      expect(response.statusCode).toBe(202);
      expect(failures(response.json()).map((one) => firstValue(one, '00081155'))).toEqual(['1.2.826.0.1.7.4', '1.2.826.0.1.7.5']);
    });

    test.each([
      ['application/dicom+json', 'not json'],
      ['application/dicom+json', '{"00080018": 5}'],
      ['application/dicom+json', '"text"'],
      ['application/dicom+json', '['.repeat(50_000)],
      ['application/dicom+xml', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><NativeDicomModel>&x;</NativeDicomModel>'],
      [
        'application/dicom+xml',
        '<NativeDicomModel><DicomAttribute tag="00080018" vr="UI"><Value number="1">&x;</Value></DicomAttribute></NativeDicomModel>',
      ],
      [
        'application/dicom+xml',
        '<NativeDicomModel><DicomAttribute tag="00080018" vr="UI"><Value number="999999999">1</Value></DicomAttribute></NativeDicomModel>',
      ],
      ['application/dicom+xml', '<NativeDicomModel>'],
      ['application/dicom+xml', `${'<a>'.repeat(100_000)}`],
    ])('%s that is no dataset is 400: case %#', async (type, text) => {
      const response = await parts([{ type, body: Buffer.from(text) }], type);
      expect([response.statusCode, response.headers['content-type']]).toEqual([
        400,
        expect.stringMatching(/^application\/problem\+json/),
      ]);
      expect(response.body).not.toContain('root:');
    });
  });
});
