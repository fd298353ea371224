import { slidesOf } from '@negatoscope/dicom';
import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { Measurements } from '../engine/measurements.ts';
import { DicomwebError } from '../model/dicomweb.ts';
import { isTakenByControl } from '../parts/use-viewer-keys.ts';
import { frameOf, seriesOf } from '../testing/pane-fixture.ts';
import { slideDatasets } from '../testing/slide-fixture.ts';
import { SlideView } from './slide-view.tsx';
import type { LoadTile } from './tile-store.ts';

const asked: string[] = [];
const here: LoadTile = async (level, { frame }) => {
  asked.push(`${level.columns}/${frame}`);
  return { source: {} as CanvasImageSource, close: () => undefined };
};

beforeEach(() => {
  asked.length = 0;
});

const open = (load: LoadTile, more: Parameters<typeof slideDatasets>[0] = {}, locale: 'fr' | 'en' = 'en') => {
  const slides = slidesOf(slideDatasets(more));
  return openPart(new FakeApi(), <SlideView series={seriesOf({ description: 'Lame HE' })} {...{ slides, load }} />, { locale });
};

test('a slide says whose it is, how long a part of it is and how near one is; keys and buttons go nearer and back', async () => {
  const { user } = await open(here);
  const slide = await screen.findByRole('application', { name: 'Slide Lame HE: a picture to move and to enlarge' });
  expect(screen.getByText(/^Anna MARTIN|MARTIN/)).toBeTruthy();
  // A window of 1,440 by 900 for 1,200 by 800 pixels of 0.5 µm: 0.44 µm each.
  expect(screen.getByTestId('slide-scale').textContent).toBe('50 µm');
  expect(screen.getByText('≈ 23 ×')).toBeTruthy();
  // The coarsest is there first; the finest suits this screen, the one between the map.
  await vi.waitFor(() => expect(new Set(asked.map((one) => one.split('/')[0]))).toEqual(new Set(['75', '300', '1200'])));
  await user.click(screen.getByRole('button', { name: 'Nearer' }));
  expect(screen.getByTestId('slide-scale').textContent).toBe('20 µm');
  fireEvent.keyDown(slide, { key: '0' });
  expect(screen.getByTestId('slide-scale').textContent).toBe('50 µm');
});

test('keys that a slide has no use for are the desk’s, those that it has are not', async () => {
  await open(here);
  const slide = await screen.findByTestId('slide');
  // The desk listens while capturing.
  const taken = (key: string): boolean => {
    let isTaken = false;
    const listen = (event: KeyboardEvent): void => {
      isTaken = isTakenByControl(event);
    };
    window.addEventListener('keydown', listen, { capture: true });
    fireEvent.keyDown(slide, { key });
    window.removeEventListener('keydown', listen, { capture: true });
    return isTaken;
  };
  expect(['ArrowLeft', '+', 'PageUp', 'Delete', 'Enter', 'Escape', 'n'].map(taken)).toEqual([
    ...[true, true, true, true, false, false, false],
  ]);
  fireEvent.keyDown(slide, { key: 'l' });
  expect(['Enter', 'Escape', 'n'].map(taken)).toEqual([true, true, false]);
  fireEvent.keyDown(slide, { key: 'Escape' });
  const outside = vi.fn();
  const listen = ({ key }: KeyboardEvent): void => outside(key);
  window.addEventListener('keydown', listen);
  for (const key of ['n', 'ArrowLeft', '+', 'Escape']) fireEvent.keyDown(slide, { key });
  expect(outside.mock.calls.flat()).toEqual(['n', 'Escape']);
  window.removeEventListener('keydown', listen);
});

test('focal planes are stepped through by slider and keys, from the middle one on; paths are chosen', async () => {
  const more = {
    '00480302': { vr: 'UL', Value: [2] },
    '00480303': { vr: 'UL', Value: [3] },
    '00280008': { vr: 'IS', Value: [600] },
  };
  const { user } = await open(here, more);
  const slide = await screen.findByTestId('slide');
  expect(screen.getByText('Plane 2 of 3')).toBeTruthy();
  // Of the finest level 96 tiles a plane.
  await vi.waitFor(() => expect(asked.some((one) => one === '1200/97')).toBe(true));
  fireEvent.keyDown(slide, { key: 'PageUp' });
  fireEvent.keyDown(slide, { key: 'PageUp' });
  expect(screen.getByText('Plane 3 of 3')).toBeTruthy();
  await vi.waitFor(() => expect(asked.some((one) => one === '1200/193')).toBe(true));
  fireEvent.change(screen.getByRole('slider', { name: 'Focal plane' }), { target: { value: '0' } });
  expect(screen.getByText('Plane 1 of 3')).toBeTruthy();
  await user.selectOptions(screen.getByRole('combobox', { name: 'Optical path' }), '2');
  await vi.waitFor(() => expect(asked.some((one) => one === '1200/289')).toBe(true));
});

test('a length is measured by keys, and kept with the tile in which it begins; it moves with the slide and is deleted', async () => {
  const frames = Array.from({ length: 96 }, (_, at) =>
    frameOf(at + 1, { sopInstanceUid: '1.2.3.1', frameNumber: at + 1, imageId: `wadors:${at + 1}` }),
  );
  const series = seriesOf({ frames, description: 'Lame HE' });
  const frameNamed = (imageId: string) => {
    const frame = frames.find((one) => one.imageId === imageId);
    return frame && { frame, seriesInstanceUid: series.seriesInstanceUid };
  };
  const measurements = new Measurements({ frameOf: frameNamed, shown: () => undefined, redraw: () => undefined });
  const slides = slidesOf(slideDatasets());
  const drawings = { measurements, linesOf: () => ['35,6 µm'] };
  await openPart(new FakeApi(), <SlideView {...{ series, slides, drawings, load: here }} />, { locale: 'en' });
  const slide = await screen.findByTestId('slide');
  for (const key of ['l', 'Enter', 'ArrowRight', 'Enter']) fireEvent.keyDown(slide, { key });
  const [item] = measurements.getItems();
  // The middle of 1,200 × 800 is the corner of the 55th of 12 × 8 tiles; an arrow key moves by 80 CSS px of 1.125.
  expect(item).toMatchObject({ kind: 'LENGTH', sopInstanceUid: '1.2.3.1', frame: 55 });
  expect(item?.geometry.points.map((one) => Math.round(one * 10))).toEqual([0, 0, 711, 0]);
  const path = (): string | null | undefined =>
    screen.getByTestId('slide-marks').querySelector('[data-mark] path')?.getAttribute('d');
  expect([path(), screen.getByTestId('slide-marks').textContent]).toEqual(['M640.0 450.0L720.0 450.0', '35,6 µm']);
  fireEvent.keyDown(slide, { key: 'ArrowRight' });
  expect(path()).toBe('M560.0 450.0L640.0 450.0');
  for (const key of ['Enter', 'Escape', 'Escape', 'Delete']) fireEvent.keyDown(slide, { key });
  expect([measurements.getItems(), path()]).toEqual([[], undefined]);
});

test('what is lost, missing, or one of several is told', async () => {
  await open(here, {
    '00282110': { vr: 'CS', Value: ['01'] },
    '00282112': { vr: 'DS', Value: [20] },
    '00480303': { vr: 'UL', Value: [5] },
    '00280030': { vr: 'DS', Value: [] },
  });
  expect(await screen.findByText('Lossy compression, 20:1')).toBeTruthy();
  expect(screen.getByText(/There are other planes or channels/)).toBeTruthy();
  expect(screen.getByText(/No scale/)).toBeTruthy();
});

test('tiles that did not come are told with the reason, and asked for again by one press', async () => {
  let isAway = true;
  const { user } = await open((level, tile, signal) =>
    isAway ? Promise.reject(new DicomwebError('NETWORK')) : here(level, tile, signal),
  );
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Parts of the slide are missing.');
  isAway = false;
  await user.click(screen.getByRole('button', { name: /try again|retry/i }));
  await vi.waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});
