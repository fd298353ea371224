import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  ballDose,
  ballMap,
  ballSegmentation,
  ballStructures,
  chestXray,
  ctVolume,
  ecg,
  mrSeries,
  presentationState,
  secondaryCapture,
  ultrasoundClip,
  wholeSlide,
} from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_DATA } from '../../src/platform/codecs/test-frames.ts';
import { type Gallery, openGallery } from './pictures-support.ts';

/** Any of these is what PS3.18 8.7.4 has for an instance. */
const ACCEPT = 'image/png, text/html, application/pdf, video/*, image/svg+xml, image/*;q=0.5, */*;q=0.1';
const LONGEST_MS = 20_000;

interface Seen {
  readonly rendered: string;
  readonly thumbnail: string;
}

const named = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(md|csv|txt|json|png|py)$/i.test(entry.name))
        .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
        .filter((name) => !/^(oracle|licenses|upstream-expected)\//.test(name))
        .sort()
    : [];

/** Stores one file; its address, or undefined for what is refused or kept aside. */
async function stored(gallery: Gallery, bytes: Uint8Array, group: string | undefined): Promise<string | undefined> {
  const boundary = 'one-file';
  const answer = await gallery.app.app.inject({
    method: 'POST',
    url: `/dicom-web${group === undefined ? '' : `/groups/${group}`}/studies`,
    headers: { ...gallery.browser.headers, 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}` },
    payload: Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  });
  if (answer.statusCode >= 500) throw new Error(`Storing: ${answer.statusCode} ${answer.body}`);
  if (answer.statusCode !== 200) return undefined;
  const url = String(answer.json()['00081199']?.Value?.[0]?.['00081190']?.Value?.[0]);
  return new URL(url).pathname.replace(
    /^\/dicom-web(\/groups\/[^/]+)?/,
    group === undefined ? '/dicom-web' : `/dicom-web/groups/${group}`,
  );
}

/** What an answer is: the format of a true picture or document, or the code of a problem that says why there is none. */
async function kindOf(gallery: Gallery, url: string, accept: string): Promise<string> {
  const begun = performance.now();
  const answer = await gallery.get(url, { accept });
  if (performance.now() - begun > LONGEST_MS) return 'too slow';
  const type = String(answer.headers['content-type']);
  if (answer.statusCode >= 400) {
    const { code, title, detail } = type.startsWith('application/problem+json') ? answer.json() : { code: 'no problem+json' };
    // Why a kind has no picture is said in words.
    if (code === 'NOT_ACCEPTABLE' && detail === undefined) return 'no reason';
    return answer.statusCode < 500 && (title ?? detail) !== undefined ? String(code) : `${answer.statusCode} ${code}`;
  }
  if (type.startsWith('image/') && !type.startsWith('image/svg')) {
    const { format, width = 0, height = 0 } = await sharp(answer.rawPayload).metadata();
    return width > 0 && height > 0 && type === `image/${format}` ? 'picture' : 'no picture';
  }
  return answer.rawPayload.length > 0 ? type.replace(/;.*/, '') : 'empty';
}

async function look(gallery: Gallery, address: string): Promise<Seen> {
  return {
    rendered: await kindOf(gallery, `${address}/rendered`, ACCEPT),
    thumbnail: await kindOf(gallery, `${address}/thumbnail`, 'image/png'),
  };
}

/** Why an instance may have no picture: each a problem that says so. */
const ALLOWED = new Set(['picture', 'application/pdf', 'text/html', 'image/svg+xml', 'video/mp4', 'video/mpeg']);
const isClear = (kind: string): boolean => ALLOWED.has(kind) || ['NOT_ACCEPTABLE', 'FRAME_UNREADABLE'].includes(kind);

/** Looks at each that is stored; what shares its UID with another in a group of its own. */
async function lookAtAll(gallery: Gallery, files: readonly (readonly [string, Uint8Array])[]): Promise<Map<string, Seen>> {
  const groups = [undefined, await gallery.app.makeGroup(), await gallery.app.makeGroup(), await gallery.app.makeGroup()];
  const seen = new Map<string, Seen>();
  for (const [name, bytes] of files)
    for (const group of groups) {
      const address = await stored(gallery, bytes, group);
      if (address === undefined) continue;
      seen.set(name, await look(gallery, address));
      break;
    }
  return seen;
}

const unclear = (seen: ReadonlyMap<string, Seen>): string[] =>
  [...seen].flatMap(([name, { rendered, thumbnail }]) =>
    isClear(rendered) && (thumbnail === 'picture' || thumbnail === 'FRAME_UNREADABLE')
      ? []
      : [`${name}: ${rendered}, ${thumbnail}`],
  );
const withoutPicture = (seen: ReadonlyMap<string, Seen>): string[] =>
  [...seen].flatMap(([name, { rendered }]) => (ALLOWED.has(rendered) ? [] : [`${name}: ${rendered}`])).sort();

describe('/rendered and /thumbnail of everything (PS3.18 8.7.4, 10.4.1.1)', { timeout: 1_200_000 }, () => {
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  });
  afterAll(() => gallery.close());

  it('every kind of phantom is a picture, a document, or says why not', async () => {
    const [film] = chestXray({ seed: 'every' });
    if (film === undefined) throw new Error('no film');
    const phantoms = {
      film,
      ct: [...ctVolume({ seed: 'every', slices: 1 })][0],
      mr: [...mrSeries({ seed: 'every', slices: 1 })][0],
      clip: [...ultrasoundClip({ seed: 'every' })][0],
      capture: [...secondaryCapture({ seed: 'every' })][0],
      ecg: ecg({ seed: 'every' }),
      map: ballMap({ seed: 'every' }),
      segmentation: ballSegmentation({ seed: 'every' }),
      structures: ballStructures({ seed: 'every' }),
      dose: ballDose({ seed: 'every' }),
      slide: wholeSlide({ seed: 'every', columns: 300, rows: 200, side: 64 })[0],
      state: presentationState({
        ...{ seed: 'every', studyInstanceUid: film.studyInstanceUid, images: [film], window: [2000, 4000] },
        dataset: { PatientName: 'PHANTOM^chest' },
      }),
    };
    const files = Object.entries(phantoms).flatMap(([name, one]) => (one === undefined ? [] : [[name, one.bytes] as const]));
    const seen = await lookAtAll(gallery, files);
    expect(seen.size).toBe(files.length);
    expect(unclear(seen)).toEqual([]);
    expect(withoutPicture(seen)).toEqual(['structures: NOT_ACCEPTABLE']);
  });

  // The files are not part of the repository.
  it.skipIf(!existsSync(TEST_DATA))('every real file, and every faulty one', async () => {
    const folders = [TEST_DATA, path.resolve(TEST_DATA, '../faults')];
    const files = folders.flatMap((folder) =>
      named(folder).map((name) => [name, readFileSync(path.join(folder, name))] as const),
    );
    const seen = await lookAtAll(gallery, files);
    expect(seen.size).toBeGreaterThan(230);
    // Plans, contours, a state without its images, files without pixels, and one frame that is damaged.
    expect(withoutPicture(seen).filter((one) => !one.endsWith('NOT_ACCEPTABLE'))).toEqual([
      'broken/pydicom/JPEG2000-embedded-sequence-delimiter.dcm: FRAME_UNREADABLE',
    ]);
    expect(withoutPicture(seen).length).toBeLessThan(12);
    expect(unclear(seen)).toEqual([]);
  });
});
