import { deflateRawSync } from 'node:zlib';
import { type Dataset, SopClass, seededUid, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb, splitRelated } from './support.ts';

const EXPLICIT = '1.2.840.10008.1.2.1';
const ENCAPSULATED_UNCOMPRESSED = '1.2.840.10008.1.2.1.98';
const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';
const RLE = '1.2.840.10008.1.2.5';
const [ROWS, COLUMNS] = [16, 24];
const STUDY = seededUid('named frames', 'study');
const AS_STORED = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const FORMS = [AS_STORED, 'application/octet-stream; transfer-syntax=*', 'application/octet-stream', '*/*'];

/** A frame of 8 bits with a text in it, or without. */
function frameWith(text = ''): Buffer {
  const bytes = Buffer.from(Uint8Array.from({ length: ROWS * COLUMNS }, (_, index) => (index * 7) % 60));
  bytes.write(text, 100, 'latin1');
  return bytes;
}

/** One segment of literal runs (PS3.5 G.3): the bytes stand in it as they are. */
function rleOf(frame: Buffer): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt32LE(1, 0);
  head.writeUInt32LE(64, 4);
  const runs = Array.from({ length: frame.length / 96 }, (_, at) =>
    Buffer.concat([Buffer.of(95), frame.subarray(at * 96, (at + 1) * 96)]),
  );
  return Buffer.concat([head, ...runs]);
}
const even = (bytes: Buffer): Buffer => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]));

interface Named {
  readonly path: string;
  readonly bytes: Buffer;
}
function made(name: string, syntax: string, pixels: Dataset[string], more: Dataset = {}): Named {
  const [series, instance] = [seededUid('named frames', name, 'series'), seededUid('named frames', name, 'instance')];
  const dataset: Dataset = {
    ...{ SOPClassUID: SopClass.ct, SOPInstanceUID: instance, StudyInstanceUID: STUDY, SeriesInstanceUID: series },
    ...{ PatientName: 'KOWALSKI^Lee', PatientID: 'K-1', Modality: 'CT', StudyDate: '20260115' },
    ...{ Rows: ROWS, Columns: COLUMNS, SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2' },
    ...{ BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 },
    '00280301': { vr: 'CS', value: 'NO' },
    PixelData: pixels,
    ...more,
  };
  const bytes = Buffer.from(writePart10(dataset, { transferSyntaxUid: syntax }));
  return { path: `/studies/${STUDY}/series/${series}/instances/${instance}`, bytes };
}
const encapsulated = (...frames: Buffer[]): Dataset[string] => ({
  frames: frames.map((one) => [even(one)]),
  offsetTable: 'basic',
});
const of16 = (stored: number): Dataset => ({ BitsAllocated: 16, BitsStored: stored, HighBit: stored - 1 });
const words = (text: string): Buffer => {
  const bytes = Buffer.alloc(ROWS * COLUMNS * 2);
  for (let at = 0; at < bytes.length; at += 2) bytes.writeUInt16LE((at * 13) % 4096, at);
  bytes.write(text, 101, 'latin1');
  return bytes;
};

/** Each with the name in its second frame, or in its only one. */
const IN_SECOND = {
  native: made(
    'native',
    EXPLICIT,
    { vr: 'OB', value: Buffer.concat([frameWith(), frameWith('Kowalski')]) },
    { '00280008': { vr: 'IS', value: '2' } },
  ),
  rle: made('rle', RLE, encapsulated(rleOf(frameWith()), rleOf(frameWith('KOWALSKI'))), { '00280008': { vr: 'IS', value: '2' } }),
  deflated: made('deflated', DEFLATED_FRAMES, encapsulated(deflateRawSync(frameWith()), deflateRawSync(frameWith('kowalski'))), {
    '00280008': { vr: 'IS', value: '2' },
  }),
  uncompressed: made('uncompressed', ENCAPSULATED_UNCOMPRESSED, encapsulated(frameWith(), frameWith('KOWALSKI')), {
    '00280008': { vr: 'IS', value: '2' },
  }),
} as const;
const SHORT = made('short', EXPLICIT, { vr: 'OW', value: words('Lee') }, of16(12));
const CHANCE = made('chance', EXPLICIT, { vr: 'OW', value: words('Lee') }, of16(16));
/** Twelve bits at the upper end, whose upper byte is any. */
const OLD = made('old', EXPLICIT, { vr: 'OW', value: words('Lee') }, { ...of16(12), HighBit: 15 });
const CYRILLIC = Array.from({ length: 32 }, (_, at) => String.fromCharCode(0x410 + at));
const CROWD = made(
  'crowd',
  EXPLICIT,
  { vr: 'OW', value: words('') },
  {
    ...of16(12),
    SpecificCharacterSet: 'ISO_IR 192',
    // Operators' Name
    '00081070': { vr: 'PN', value: CYRILLIC.flatMap((one) => CYRILLIC.slice(0, 8).map((other) => one.repeat(20) + other)) },
  },
);

describe('a frame whose bytes spell a name of its file', () => {
  let server: DicomwebServer;
  let member: Browser;
  let researcher: Browser;
  beforeAll(async () => {
    server = await openDicomweb();
    const groupId = await server.makeGroup();
    member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
    researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    const all = [...Object.values(IN_SECOND), SHORT, CHANCE, OLD, CROWD];
    expect(
      (
        await server.store(
          member,
          all.map(({ bytes }) => bytes),
        )
      ).statusCode,
    ).toBe(200);
  });
  afterAll(() => server.close());
  const frame = (who: Browser, { path }: Named, number: number | string, accept = AS_STORED) =>
    server.get(who, `${path}/frames/${number}`, { accept });

  test.each(Object.entries(IN_SECOND))(
    'is not sent to who sees pseudonyms, as stored or decoded, however often others have had it (%s)',
    async (_, one) => {
      for (const accept of FORMS) {
        for (let time = 0; time < 3; time += 1) expect((await frame(member, one, 2, accept)).statusCode, accept).toBe(200);
        for (let time = 0; time < 3; time += 1) {
          expect((await frame(researcher, one, 1, accept)).statusCode, accept).toBe(200);
          for (const list of [2, '1,2']) {
            const answer = await frame(
              researcher,
              one,
              list,
              accept === 'application/octet-stream; transfer-syntax=*' && list !== 2 ? AS_STORED : accept,
            );
            expect([answer.statusCode, answer.json().code], `${accept} ${list}`).toEqual([403, 'HELD_BACK']);
            expect(answer.rawPayload.toString('latin1').toLowerCase()).not.toContain('kowalski');
          }
        }
      }
      // A picture of it is drawn anew: of the bytes nothing is left.
      const picture = await server.get(researcher, `${one.path}/frames/2/rendered`, { accept: 'image/png' });
      expect(picture.statusCode).toBe(200);
    },
  );

  test('of three letters is not sent either where pixels can’t be letters, and is chance where they can (PS3.5 8.1.1)', async () => {
    const short = await frame(researcher, SHORT, 1);
    expect([short.statusCode, short.json().code]).toEqual([403, 'HELD_BACK']);
    expect((await frame(member, SHORT, 1)).statusCode).toBe(200);
    // Nor with all pixels of the instance, of which nothing else is left.
    const pixels = await server.get(researcher, `${SHORT.path}/pixeldata`, { accept: AS_STORED });
    expect([pixels.statusCode, pixels.json().code]).toEqual([403, 'HELD_BACK']);
    for (const chance of [CHANCE, OLD]) expect((await frame(researcher, chance, 1)).statusCode).toBe(200);
  });

  test('is not looked for where the file names a crowd in another script, which would hold everybody up', async () => {
    const crowd = await frame(researcher, CROWD, 1);
    expect([crowd.statusCode, crowd.json().code]).toEqual([403, 'HELD_BACK']);
    expect((await frame(member, CROWD, 1)).statusCode).toBe(200);
  });

  test('ends its instance in the pixels of a study; the others come, and no name', async () => {
    const answer = await server.get(researcher, `/studies/${STUDY}/pixeldata`, {
      accept: AS_STORED.replace('application/octet-stream', '*/*'),
    });
    expect(answer.statusCode).toBe(200);
    // The first frame of each that has two, and those that are chance.
    expect(splitRelated(answer)).toHaveLength(Object.keys(IN_SECOND).length + 2);
    expect(answer.rawPayload.toString('latin1').toLowerCase()).not.toContain('kowalski');
    const own = await server.get(member, `/studies/${STUDY}/pixeldata`, {
      accept: AS_STORED.replace('application/octet-stream', '*/*'),
    });
    expect(splitRelated(own)).toHaveLength(Object.keys(IN_SECOND).length * 2 + 4);
  });
});
