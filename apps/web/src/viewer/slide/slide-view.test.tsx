import { slidesOf } from '@negatoscope/dicom';
import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { DicomwebError } from '../model/dicomweb.ts';
import { seriesOf } from '../testing/pane-fixture.ts';
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
  const outside = vi.fn();
  const listen = ({ key }: KeyboardEvent): void => outside(key);
  window.addEventListener('keydown', listen);
  for (const key of ['n', 'ArrowLeft', '+', 'Escape']) fireEvent.keyDown(slide, { key });
  expect(outside.mock.calls.flat()).toEqual(['n', 'Escape']);
  window.removeEventListener('keydown', listen);
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
