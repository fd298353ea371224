import { inflateRawSync } from 'node:zlib';
import { parsePart10 } from '@negatoscope/dicom';
import { type PixelCase, pixelMatrix } from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../access/index.ts';
import { createIngestFixture, type IngestFixture } from '../../features/ingest/ingest-fixture.ts';
import { openPostgresState } from '../../platform/shared-state/index.ts';
import { createPixels, decodedFrame, type HeaderThread, middleFrame, openInstance, type Pixels, storedFrame } from './index.ts';

/** Twelve bits in three frames, in each transfer syntax that the phantoms are written in. */
const CASES = [...pixelMatrix()].filter(
  ({ bitsStored, isSigned, photometric, frames }) =>
    bitsStored === 12 && !isSigned && photometric === 'MONOCHROME2' && frames === 3,
);
const GRAY = { center: 2048, width: 4096, shape: 'linear', kind: 'window' } as const;

/** Nothing hostile is read here: no thread is needed for what is deflated. */
const inThisThread: HeaderThread = {
  header: async (sizeBytes, read) => {
    const inflateRaw = (bytes: Uint8Array, max: number): Uint8Array => inflateRawSync(bytes, { maxOutputLength: max });
    return { parsed: parsePart10(await read(0, sizeBytes), { inflateRaw }), groups: undefined, isWhole: true };
  },
  slideLevel: async () => undefined,
};

let fixture: IngestFixture;
let pixels: Pixels;
let close: () => Promise<void>;
/** Of the group that the instances are in. */
let physician: Actor;
let researcher: Actor;
let stranger: Actor;

beforeAll(async () => {
  fixture = await createIngestFixture();
  const [group, other] = [await fixture.group(), await fixture.group()];
  physician = await fixture.actor('PHYSICIAN', group);
  researcher = await fixture.actor('RESEARCHER', group);
  stranger = await fixture.actor('PHYSICIAN', other);
  const files = CASES.map(({ instance: { fileName: name, bytes } }) => ({ name, bytes }));
  const sent = await fixture.send(files, { actor: physician });
  expect(sent.map(({ outcome }) => outcome)).toEqual(CASES.map(() => 'stored'));
  const state = openPostgresState({ db: fixture.db, connection: fixture.database.appConfig });
  pixels = createPixels({
    db: fixture.db,
    changes: state.changes,
    objects: fixture.guarded,
    headers: inThisThread,
  });
  close = async () => {
    await pixels.close();
    await state.close();
    await fixture.close();
  };
});
afterAll(() => close());

const pathOf = ({ instance: { studyInstanceUid, seriesInstanceUid, sopInstanceUid } }: PixelCase) => ({
  groupId: undefined,
  studyInstanceUid,
  seriesInstanceUid,
  sopInstanceUid,
});
const wordsOf = (bytes: Buffer): number[] => Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readUInt16LE(at * 2));

describe.each(CASES)('$name, opened without DICOMweb', (one) => {
  const { expected, rows, columns, syntax } = one;

  test('gives each frame decoded, and as stored where it is stored uncompressed', async () => {
    const { entry } = await openInstance(pixels, physician, pathOf(one));
    expect(entry.frames).toBe(expected.length);
    for (const [frame, values] of expected.entries()) {
      expect(wordsOf(await decodedFrame(pixels, entry, frame))).toEqual(values);
      if (syntax !== 'rle') expect(wordsOf(await storedFrame(pixels, entry, frame))).toEqual(values);
    }
    await expect(storedFrame(pixels, entry, expected.length)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('gives a picture of the frame in the middle', async () => {
    const { series, entry } = await openInstance(pixels, physician, pathOf(one));
    const frame = await middleFrame(pixels, entry);
    expect(frame).toBe(1);
    const params = { type: 'image/png', quality: 90, window: GRAY, viewport: undefined } as const;
    const picture = await pixels.render({ series, entry, frame, params, withOverlays: true });
    const { data, info } = await sharp(picture).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([columns, rows, 1]);
    // PS3.3 C.11.2.1.2.1: the window is the whole range of twelve bits.
    const wanted = (expected[frame] ?? []).map((value) => (value / 4095) * 255);
    for (const [at, gray] of wanted.entries()) expect(Math.abs((data[at] ?? Number.NaN) - gray)).toBeLessThanOrEqual(1);
    expect(await pixels.render({ series, entry, frame, params, withOverlays: true })).toBe(picture);
  });

  test('is opened in the actor’s scope, and held back from who may not see whose it is', async () => {
    await expect(openInstance(pixels, stranger, pathOf(one))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(openInstance(pixels, researcher, pathOf(one))).rejects.toMatchObject({ code: 'HELD_BACK' });
    const unknown = { ...pathOf(one), sopInstanceUid: '1.2.3' };
    await expect(openInstance(pixels, physician, unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
