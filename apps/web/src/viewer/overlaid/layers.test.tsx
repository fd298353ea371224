import { doseGridOf, parsePart10, segmentationOf, structuresOf } from '@negatoscope/dicom';
import { ballDose, ballSegmentation, ballStructures, ballVolume } from '@negatoscope/testkit';
import { screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { buildFrames, type SeriesModel } from '../model/study-model.ts';
import { STUDY, seriesOf, shown as snapshotOf } from '../testing/pane-fixture.ts';
import type { Layer, LayersState } from './layer.ts';
import { LayersOver } from './layers-over.tsx';
import { LayersSection } from './layers-section.tsx';
import { forgetLayerFrames } from './pixels-of.ts';

const HOSTILE = '<img src=x onerror="alert(1)">';
const seed = { seed: 'layers' };
const json = ({ bytes }: { readonly bytes: Uint8Array }) => parsePart10(bytes).json;
const frames = ballVolume(seed).flatMap((one) => buildFrames(json(one), '/series'));
const middle = frames.find(({ position }) => position?.[2] === 30);
const first = frames.find(({ position }) => position?.[2] === 0);

function layersOf(): Layer[] {
  const [segmentation, structures, dose] = [
    segmentationOf(json(ballSegmentation({ ...seed, name: HOSTILE }))),
    structuresOf(json(ballStructures(seed))),
    doseGridOf(json(ballDose(seed))),
  ];
  if (segmentation === undefined || structures === undefined || dose === undefined) throw new Error('no phantom');
  const base = (sopInstanceUid: string) => ({
    study: STUDY,
    seriesInstanceUid: `${sopInstanceUid}.9`,
    sopInstanceUid,
    title: 'Boule',
  });
  const items = (
    uid: string,
    of: readonly {
      readonly number: number;
      readonly name?: string | undefined;
      readonly color: readonly [number, number, number];
    }[],
  ) => of.map(({ number, name, color }) => ({ id: `${uid} ${number}`, number, name, color }));
  const [seg, rt, rd] = [segmentation.sopInstanceUid, structures.sopInstanceUid, dose.sopInstanceUid];
  return [
    { ...base(seg), kind: 'segmentation', items: items(seg, segmentation.segments), segmentation },
    { ...base(rt), kind: 'structures', items: items(rt, structures.rois), structures },
    { ...base(rd), kind: 'dose', items: items(rd, [{ number: 1, name: 'Dose', color: [255, 0, 0] }]), dose },
  ];
}

const OCTETS = { 'content-type': 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1' };
/** Frames of a dose of 60 Gy, and of a mask of which everything is in it. */
const answer = (url: URL): Response => {
  const isDose = url.pathname.includes(layersOf()[2]?.sopInstanceUid ?? '?');
  return new Response(
    isDose ? new Uint8Array(Uint32Array.from({ length: 32 * 32 }, () => 6000).buffer) : new Uint8Array(512).fill(255),
    { headers: OCTETS },
  );
};

function Desk({
  layers,
  frame,
  isLoading = false,
  series,
}: {
  readonly layers: readonly Layer[];
  readonly frame: typeof middle;
  readonly isLoading?: boolean;
  readonly series?: SeriesModel;
}) {
  const [shown, setIds] = useState<ReadonlySet<string>>(new Set());
  const [opacity, setOpacity] = useState(0.4);
  const state: LayersState = {
    ...{ layers, shown, opacity, setOpacity, isLoading },
    failed: [{ seriesInstanceUid: '1.7', title: 'Cassée' }],
    toggle: (id) => setIds(new Set(shown.has(id) ? [...shown].filter((one) => one !== id) : [...shown, id])),
    setShown: (ids, isShown) => setIds(new Set(isShown ? [...shown, ...ids] : [...shown].filter((one) => !ids.includes(one)))),
  };
  const place = { origin: [0, 0], i: [2, 0], j: [0, 2] } as const;
  return (
    <>
      <LayersSection layers={state} series={series} />
      <LayersOver layers={state} snapshot={snapshotOf({ frame, place: place as never })} />
    </>
  );
}

beforeEach(() => forgetLayerFrames());

test('nothing lies over an image until it is asked for, each by its name; a series that can’t be read says so', async () => {
  const { user } = await openPart(new FakeApi().dicomweb(answer), <Desk layers={layersOf()} frame={middle} />, { locale: 'en' });
  expect(screen.queryByTestId('layers-over')).toBeNull();
  expect(screen.getByTestId('layers').textContent).toContain('Cassée : Cannot be read');
  await user.click(screen.getByRole('checkbox', { name: HOSTILE }));
  const mask = await screen.findByTestId('painted-layer');
  // 64 pixels of 2 mm over an image of the same grid: two CSS px each.
  expect(mask.style.transform).toBe('matrix(2.000000, 0.000000, 0.000000, 2.000000, 0.000000, 0.000000)');
  expect([mask.getAttribute('width'), mask.style.opacity, mask.dataset.name]).toEqual(['64', '0.4', HOSTILE]);
  expect(document.querySelector('img')).toBeNull();
  await user.click(screen.getByRole('checkbox', { name: 'PTV' }));
  const contour = within(screen.getByTestId('layers-over')).getByTestId('contours').querySelector('path');
  expect(contour?.getAttribute('stroke')).toBe('rgb(0 255 0)');
  expect(contour?.getAttribute('d')).toMatch(/^M85\.00 65\.00L.*Z$/);
});

test('a dose has its scale in gray, of all its frames', async () => {
  const { user } = await openPart(new FakeApi().dicomweb(answer), <Desk layers={layersOf()} frame={middle} />, { locale: 'fr' });
  await user.click(screen.getByRole('checkbox', { name: 'Dose' }));
  const scale = await screen.findByRole('img', { name: 'Échelle de dose, de 0 à 60 Gy' });
  expect(scale.textContent).toContain('60');
  expect(await screen.findByTestId('painted-layer')).toBeTruthy();
});

test('what has no share of a slice is not on it', async () => {
  const { user } = await openPart(
    new FakeApi().dicomweb(answer),
    <Desk layers={layersOf().slice(0, 2)} frame={first} isLoading />,
    { locale: 'en' },
  );
  for (const box of screen.getAllByRole('checkbox')) await user.click(box);
  await waitFor(() => expect(screen.getByTestId('contours').querySelector('path')?.getAttribute('d')).toBe(''));
  expect(screen.queryByTestId('painted-layer')).toBeNull();
  expect(screen.getByRole('status').textContent).toBe('Reading…');
});

test('what refers to images that are not here says so once it is asked for', async () => {
  const elsewhere = seriesOf();
  const { user } = await openPart(
    new FakeApi().dicomweb(answer),
    <Desk layers={layersOf().slice(1, 2)} frame={elsewhere.frames[0]} series={elsewhere} />,
    { locale: 'en' },
  );
  expect(screen.queryByRole('status')).toBeNull();
  await user.click(screen.getByRole('checkbox', { name: 'PTV' }));
  expect(screen.getByRole('status').textContent).toContain('Refers to other images');
});
