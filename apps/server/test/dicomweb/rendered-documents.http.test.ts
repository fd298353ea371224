import { TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, type Gallery, openGallery } from './pictures-support.ts';

const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF', 'latin1');
/** The first box of an MP4 file, and something after it. */
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypmp42\0\0\0\0mp42isom', 'latin1'), Buffer.alloc(4000, 7)]);

const ids = (number: number) => ({
  studyInstanceUid: `2.25.7${number}1`,
  seriesInstanceUid: `2.25.7${number}2`,
  sopInstanceUid: `2.25.7${number}3`,
});
const base = (number: number) => ({
  PatientName: 'DOCUMENT^Rendu',
  PatientID: `D${number}`,
  StudyInstanceUID: ids(number).studyInstanceUid,
  SeriesInstanceUID: ids(number).seriesInstanceUid,
  SOPInstanceUID: ids(number).sopInstanceUid,
});
const pdf = (number: number, bytes: Buffer) =>
  writePart10(
    {
      ...base(number),
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
      Modality: 'DOC',
      '00420011': { vr: 'OB', value: Uint8Array.from(bytes) },
      '00420012': { vr: 'LO', value: 'application/pdf' },
      '00420015': { vr: 'UL', value: bytes.length > 2000 ? bytes.length : PDF.length },
    },
    { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian },
  );
const LARGE = Buffer.concat([PDF, Buffer.alloc(99_000, 32)]);
const video = (number: number, fragments: readonly Uint8Array[]) =>
  writePart10(
    {
      ...base(number),
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4.1',
      Modality: 'XC',
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'YBR_PARTIAL_420',
      PlanarConfiguration: 0,
      NumberOfFrames: 25,
      Rows: 16,
      Columns: 16,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      PixelData: { frames: [fragments], offsetTable: 'empty' },
    },
    { transferSyntaxUid: '1.2.840.10008.1.2.4.102' },
  );

describe('what is no image is rendered as what it is (PS3.18 8.7.4, Table 8.7.4-1)', () => {
  let gallery: Gallery;
  const url = (number: number) => `${addressOf(ids(number)).instance}/rendered`;
  beforeAll(async () => {
    gallery = await openGallery();
    // One byte of padding makes the value even.
    await gallery.store([
      pdf(1, Buffer.concat([PDF, Buffer.alloc(PDF.length % 2)])),
      pdf(2, LARGE),
      video(3, [Uint8Array.from(MP4)]),
    ]);
  });
  afterAll(() => gallery.close());

  it('a PDF, small or large, at the level of instance, series and study', async () => {
    for (const [number, bytes] of [
      [1, PDF],
      [2, LARGE],
    ] as const) {
      const { study, series, instance } = addressOf(ids(number));
      for (const level of [study, series, instance]) {
        const answer = await gallery.get(`${level}/rendered`);
        expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf']);
        expect(answer.rawPayload.equals(bytes)).toBe(true);
      }
    }
  });

  it('a video, whole or a range of its bytes', async () => {
    const whole = await gallery.get(url(3), { accept: 'video/mp4' });
    expect([whole.statusCode, whole.headers['content-type'], whole.rawPayload.subarray(0, MP4.length).equals(MP4)]).toEqual([
      200,
      'video/mp4',
      true,
    ]);
    const part = await gallery.get(url(3), { range: 'bytes=4-7' });
    expect([part.statusCode, part.body, part.headers['content-range']]).toEqual([
      206,
      'ftyp',
      `bytes 4-7/${whole.rawPayload.length}`,
    ]);
    expect((await gallery.get(url(3), { range: 'bytes=999999-' })).statusCode).toBe(416);
  });

  it('a range only of the very bytes that the client has a part of (If-Range, RFC 9110 13.1.5)', async () => {
    const range = 'bytes=4-7';
    const etag = String((await gallery.get(url(3))).headers.etag);
    const statusOf = async (condition: string): Promise<number> =>
      (await gallery.get(url(3), { range, 'if-range': condition })).statusCode;
    expect(await statusOf(etag)).toBe(206);
    for (const other of ['"another"', `W/${etag}`, 'Thu, 26 Nov 2026 12:00:00 GMT'])
      expect([other, await statusOf(other)]).toEqual([other, 200]);
    // A range that such a condition takes away can't be behind the end either.
    const behind = await gallery.get(url(3), { range: 'bytes=999999-', 'if-range': '"another"' });
    expect(behind.statusCode).toBe(200);
  });

  it('a video in several fragments (PS3.5 A.4.5), whole or a range across them', async () => {
    const pieces = [MP4.subarray(0, 30), MP4.subarray(30, 2000), MP4.subarray(2000)];
    await gallery.store([
      video(
        6,
        pieces.map((piece) => Uint8Array.from(piece)),
      ),
    ]);
    const whole = await gallery.get(url(6), { accept: 'video/mp4' });
    expect([whole.headers['accept-ranges'], whole.rawPayload.subarray(0, MP4.length).equals(MP4)]).toEqual(['bytes', true]);
    const part = await gallery.get(url(6), { range: 'bytes=20-2009' });
    expect([part.statusCode, part.rawPayload.equals(MP4.subarray(20, 2010))]).toEqual([206, true]);
  });

  it('a PDF for a frame of our own pages alone, which can do nothing there; refusals and videos for none', async () => {
    const answer = await gallery.get(url(1), { accept: 'text/html,*/*;q=0.8' });
    const policy = String(answer.headers['content-security-policy']).split('; ');
    expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "frame-ancestors 'self'", "form-action 'none'"]));
    expect(policy.some((directive) => directive.startsWith('script-src'))).toBe(false);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'content-disposition': `inline; filename="${ids(1).sopInstanceUid}.pdf"`,
    });
    for (const other of [await gallery.get(url(9)), await gallery.get(url(3), { accept: 'video/*' })]) {
      expect(other.headers['x-frame-options']).toBe('DENY');
      expect(other.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });

  it('bytes that are HTML leave as the PDF that they are said to be, and as octets from where the metadata name them', async () => {
    const html = Buffer.from('<!doctype html><html><script>document.title = "taken"</script></html>');
    const bytes = Buffer.concat([html, Buffer.alloc(4000 - html.length, 32)]);
    await gallery.store([pdf(5, bytes)]);
    const answer = await gallery.get(url(5), { accept: 'text/html' });
    expect(answer.statusCode).toBe(406);
    const shown = await gallery.get(url(5), { accept: 'text/html,*/*;q=0.8' });
    expect([shown.headers['content-type'], shown.headers['x-content-type-options']]).toEqual(['application/pdf', 'nosniff']);
    const [metadata] = (await gallery.get(`${addressOf(ids(5)).series}/metadata`, { accept: 'application/dicom+json' })).json();
    const { pathname } = new URL(metadata['00420011'].BulkDataURI, 'http://here');
    const octets = await gallery.get(pathname, { accept: 'text/html,*/*;q=0.8' });
    expect(octets.headers['content-type']).not.toContain('html');
    expect(octets.headers['x-content-type-options']).toBe('nosniff');
  });

  it('a PDF that was taken, rendered or as its octets, is in the course of its patient, once for each study', async () => {
    await gallery.store([pdf(7, PDF), video(8, [MP4])]);
    expect((await gallery.get(url(7))).statusCode).toBe(200);
    const [metadata] = (await gallery.get(`${addressOf(ids(7)).series}/metadata`, { accept: 'application/dicom+json' })).json();
    const address = metadata['00420011'].BulkDataURI;
    if (address !== undefined) expect((await gallery.get(new URL(address, 'http://here').pathname)).statusCode).toBe(200);
    expect((await gallery.get(url(8))).statusCode).toBe(200);
    const leftOf = async (number: number) => {
      const { patient } = (await gallery.get(`/api/studies/${ids(number).studyInstanceUid}`)).json();
      return (await gallery.get(`/api/patients/${patient.id}/exports`)).json().items;
    };
    expect(await leftOf(7)).toMatchObject([{ kind: 'DOCUMENT', studies: 1, recipient: null }]);
    // A video is pixels, as frames are.
    expect(await leftOf(8)).toEqual([]);
  });

  it('406 for a client that takes images only, who has a drawn page for a thumbnail', async () => {
    for (const number of [1, 2, 3]) {
      for (const accept of ['image/jpeg', 'image/png', 'multipart/related; type="image/jpeg"']) {
        expect((await gallery.get(url(number), { accept })).json()).toMatchObject({ status: 406, code: 'NOT_ACCEPTABLE' });
      }
      const { series, instance } = addressOf(ids(number));
      for (const level of [series, instance]) {
        const thumbnail = await gallery.get(`${level}/thumbnail`);
        expect([thumbnail.statusCode, thumbnail.headers['content-type']]).toEqual([200, 'image/jpeg']);
      }
    }
  });

  it('304 to its entity tag', async () => {
    const { etag } = (await gallery.get(url(1))).headers;
    expect((await gallery.get(url(1), { 'if-none-match': String(etag) })).statusCode).toBe(304);
  });

  it('no document for a role that must not know the patient', async () => {
    const group = await gallery.app.makeGroup();
    await gallery.store([pdf(4, LARGE)], `/dicom-web/groups/${group}/studies`);
    const researcher = await gallery.app.login(await gallery.app.makeUser({ role: 'RESEARCHER', groupId: group }));
    const answer = await gallery.app.app.inject({ method: 'GET', url: url(4), headers: { cookie: researcher.cookie } });
    expect(answer.json()).toMatchObject({ status: 403 });
  });
});
