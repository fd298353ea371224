import { doseGridOf, parametricMapOf, parsePart10, structuresOf } from '@negatoscope/dicom';
import { BALL, ballDose, ballMap, ballStructures } from '@negatoscope/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import type { PlaneRequest } from '../model/volume.ts';
import { STUDY } from '../testing/pane-fixture.ts';
import { emptyCut } from './cut.ts';
import { cuttable } from './cuttable.ts';
import type { Layer, LayerItem } from './layer.ts';

const seed = { seed: 'cuttable' };
const item: LayerItem = { id: 'x 1', number: 1, name: 'x', color: [1, 2, 3] };
const base = { study: STUDY, seriesInstanceUid: '1.9', title: 'x', items: [item] };
/** One sample at a place. */
const at = (origin: readonly [number, number, number]): PlaneRequest => ({
  ...{ origin, right: [1, 0, 0], down: [0, 0, 1], normal: [0, 1, 0], width: 1, height: 1, thicknessMm: 0, projection: 'max' },
});
const colorAt = (read: Awaited<ReturnType<typeof cuttable>>, place: readonly [number, number, number]) => {
  if (typeof read === 'string') throw new TypeError(`Not cut: ${read}.`);
  const cut = emptyCut({ width: 1, height: 1 });
  read.draw(cut, at(place));
  return [...cut];
};

/** Frames as the server decodes them. */
function answers(bytes: Uint8Array, size: number): string[] {
  const asked: string[] = [];
  const { pixelData } = parsePart10(bytes);
  vi.stubGlobal('window', { location: { origin: 'http://localhost' } });
  vi.stubGlobal('fetch', async (input: RequestInfo | URL) => {
    const url = String(input instanceof Request ? input.url : input);
    asked.push(url);
    const frame = Number(url.split('/').at(-1)) - 1;
    const from = (pixelData?.offset ?? 0) + frame * size;
    return new Response(bytes.slice(from, from + size), {
      headers: { 'content-type': 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1' },
    });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

test('a map is cut in its own values, its frames fetched once, with what its colours stand for', async () => {
  const { bytes } = ballMap(seed);
  const map = parametricMapOf(parsePart10(bytes).json);
  if (map === undefined) throw new TypeError('The phantom is no map.');
  const asked = answers(bytes, 64 * 64 * 4);
  const layer: Layer = { ...base, kind: 'map', sopInstanceUid: map.sopInstanceUid, map };
  const read = await cuttable(layer, item, map.frameOfReferenceUid);
  expect(read).toMatchObject({ scale: { kind: 'map', from: 0, unit: 'mm' } });
  const [x, y, z] = BALL.middle;
  expect(colorAt(read, [x, y, z])).toEqual([0, 0, 0, 0]);
  const [red = 0, green = 255] = colorAt(read, [x + 40, y, z]);
  expect([red > 150, green]).toEqual([true, 0]);
  await cuttable(layer, item, map.frameOfReferenceUid);
  expect(asked).toHaveLength(21);
});

test('what lies in another space is not cut, nor fetched', async () => {
  const { bytes } = ballDose(seed);
  const dose = doseGridOf(parsePart10(bytes).json);
  const structures = structuresOf(parsePart10(ballStructures(seed).bytes).json);
  if (dose === undefined || structures === undefined) throw new TypeError('The phantoms are none.');
  const asked = answers(bytes, 32 * 32 * 4);
  expect(await cuttable({ ...base, kind: 'dose', sopInstanceUid: '1', dose }, item, '9.9')).toBe('space');
  expect(await cuttable({ ...base, kind: 'dose', sopInstanceUid: '1', dose }, item, undefined)).toBe('space');
  expect(await cuttable({ ...base, kind: 'structures', sopInstanceUid: '1', structures }, item, '9.9')).toBe('space');
  expect(asked).toEqual([]);
});

test('what can’t be fetched, or is too much, says so', async () => {
  const map = parametricMapOf(parsePart10(ballMap(seed).bytes).json);
  if (map === undefined) throw new TypeError('The phantom is no map.');
  vi.stubGlobal('window', { location: { origin: 'http://localhost' } });
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  const cut = (of: typeof map) => cuttable({ ...base, kind: 'map', sopInstanceUid: '1', map: of }, item, of.frameOfReferenceUid);
  expect(await cut(map)).toBe('unread');
  expect(await cut({ ...map, rows: 20_000, columns: 20_000 })).toBe('unread');
});
