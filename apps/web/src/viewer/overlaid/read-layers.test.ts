import { type DicomJsonObject, parsePart10 } from '@negatoscope/dicom';
import { ballDose, ballSegmentation, ballStructures, ballVolume } from '@negatoscope/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { STUDY } from '../testing/pane-fixture.ts';
import { readLayers } from './read-layers.ts';

const seed = { seed: 'read-layers' };
const json = ({ bytes }: { readonly bytes: Uint8Array }): DicomJsonObject => parsePart10(bytes).json;

/** What DICOMweb answers: these datasets as metadata, everything else by its address. */
function answers(
  datasets: readonly DicomJsonObject[],
  bulk: (url: string) => Response = () => new Response('', { status: 404 }),
) {
  const asked: string[] = [];
  vi.stubGlobal('window', { location: { origin: 'http://localhost' } });
  vi.stubGlobal('fetch', async (input: RequestInfo | URL) => {
    const url = String(input instanceof Request ? input.url : input);
    asked.push(url);
    if (url.includes('/metadata'))
      return new Response(JSON.stringify(datasets), { headers: { 'content-type': 'application/dicom+json' } });
    return bulk(url);
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

test('a segmentation, contours and a dose of one series are a layer each, their parts by number, name and colour', async () => {
  answers([json(ballSegmentation(seed)), json(ballStructures({ ...seed, name: 'PTV' })), json(ballDose(seed))]);
  const layers = await readLayers(STUDY, '1.9');
  expect(layers.map(({ kind, seriesInstanceUid, title }) => [kind, seriesInstanceUid, title])).toEqual([
    ['segmentation', '1.9', 'Boule'],
    ['structures', '1.9', 'Contours'],
    ['dose', '1.9', 'Dose'],
  ]);
  const [segmentation, structures, dose] = layers;
  expect(segmentation?.items).toMatchObject([{ number: 1, name: 'Boule' }]);
  expect(structures?.items).toMatchObject([{ number: 7, name: 'PTV' }]);
  expect(dose?.items).toMatchObject([{ number: 1, name: 'Dose', color: [255, 64, 64] }]);
  const ids = layers.flatMap(({ items }) => items.map(({ id }) => id));
  expect(new Set(ids).size).toBe(3);
});

test('what lies beside them and is none is passed over', async () => {
  const [image] = ballVolume(seed);
  if (image === undefined) throw new TypeError('There is no image.');
  answers([json(image), json(ballSegmentation(seed))]);
  expect((await readLayers(STUDY, '1.9')).map(({ kind }) => kind)).toEqual(['segmentation']);
});

test('a series without any fails, which is told beside its name', async () => {
  const [image] = ballVolume(seed);
  if (image === undefined) throw new TypeError('There is no image.');
  answers([json(image)]);
  await expect(readLayers(STUDY, '1.9')).rejects.toThrow('no layer');
});

/** The contours of the ball, of which each one's points stand elsewhere. */
function elsewhere(): DicomJsonObject {
  const text = JSON.stringify(json(ballStructures(seed)));
  let number = 0;
  return JSON.parse(
    text.replaceAll(/"30060050":\{"vr":"DS","Value":\[[^\]]*\]\}/g, () => {
      number += 1;
      return `"30060050":{"vr":"DS","BulkDataURI":"http://other.example/dicom-web/bulk/${number}"}`;
    }),
  );
}

test('points of contours that stand elsewhere are fetched from this server alone; those that can’t be had stay away, and are counted', async () => {
  const asked = answers([elsewhere()], (url) =>
    url.endsWith('/bulk/1')
      ? new Response('1\\2\\3\\4\\5\\6 ', { headers: { 'content-type': 'application/octet-stream' } })
      : new Response('', { status: 404 }),
  );
  const [layer] = await readLayers(STUDY, '1.9');
  if (layer?.kind !== 'structures') throw new TypeError('There are no contours.');
  const contours = layer.structures.rois.flatMap((roi) => roi.contours);
  expect(contours.map(({ points }) => [...points])).toEqual([[1, 2, 3, 4, 5, 6]]);
  const bulk = asked.filter((url) => url.includes('/bulk/'));
  expect(bulk.length).toBeGreaterThan(3);
  expect(layer.items.map(({ missing }) => missing)).toEqual([bulk.length - 1]);
  expect(bulk.every((url) => url.startsWith('/dicom-web/bulk/'))).toBe(true);
});

test('contours that are too long, or too many, cost no more than a series may, and are counted', async () => {
  const piece = new Uint8Array(1024 * 1024).fill(0x31);
  let sent = 0;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += piece.length;
        controller.enqueue(piece);
      },
    });
  // Contour Sequence (3006,0040): the first of its items, over and over.
  const dataset: DicomJsonObject = JSON.parse(JSON.stringify(elsewhere()), (tag, value) =>
    tag === '30060040' ? { ...value, Value: Array.from({ length: 2_000 }, () => value.Value[0]) } : value,
  );
  const asked = answers([dataset], () => new Response(endless(), { headers: { 'content-type': 'application/octet-stream' } }));
  const [layer] = await readLayers(STUDY, '1.9');
  expect(layer?.items.map(({ missing }) => missing)).toEqual([2_000]);
  expect(asked.filter((url) => url.includes('/bulk/'))).toHaveLength(8);
  // A piece may be on its way when the reading ends.
  expect(sent).toBeLessThanOrEqual(8 * 7 * piece.length);
});
