import { parametricMapOf, parsePart10, type SeriesSummary } from '@negatoscope/dicom';
import { ballMap, ballVolume } from '@negatoscope/testkit';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import type { PaneSnapshot } from '../engine/index.ts';
import { buildFrames } from '../model/study-model.ts';
import type { Room } from '../parts/use-room.ts';
import { STUDY, shown } from '../testing/pane-fixture.ts';
import type { Layer } from './layer.ts';
import { LayersOver } from './layers-over.tsx';
import { MapScale } from './map-scale.tsx';
import { useMapSeries } from './use-map-series.ts';

const HOSTILE = '<img src=x onerror="alert(1)">';

describe('the scale of a parametric map', () => {
  const map = (fields: Partial<PaneSnapshot> = {}): PaneSnapshot =>
    shown({
      voi: { kind: 'window', center: 1000, width: 3000 } as PaneSnapshot['voi'],
      plan: { unit: 'um2/s' } as PaneSnapshot['plan'], // Its unit alone is looked at.
      colors: 'hot',
      ...fields,
    });
  const open = async (snapshot: PaneSnapshot, locale: 'fr' | 'en' = 'fr') => {
    const chosen: string[] = [];
    const pane = { display: { setColors: (name: string) => chosen.push(name) } } as never; // What the choice does.
    return { ...(await openPart(new FakeApi(), <MapScale {...{ snapshot, pane }} />, { locale })), chosen };
  };

  test('says between which values its colours are, in their unit as it is written', async () => {
    await open(map());
    const scale = screen.getByRole('img', { name: fr('Échelle de -500 à 2500 µm²/s') });
    expect([...scale.querySelectorAll('span')].map(({ textContent }) => textContent)).toEqual([
      ...['-500', '250', '1000', '1750', '2500'],
    ]);
  });

  test('has other colours to choose from; the keys are the viewer’s again once one is chosen', async () => {
    const { user, chosen } = await open(map(), 'en');
    const choice = screen.getByRole<HTMLSelectElement>('combobox');
    expect(choice.value).toBe('hot');
    choice.focus();
    await user.selectOptions(choice, 'viridis');
    expect(chosen).toEqual(['viridis']);
    expect(document.activeElement).toBe(document.body);
  });

  test.each([
    ['of what has no colours', { colors: undefined }],
    ['of a table, which has no ends', { voi: { kind: 'table' } as unknown as PaneSnapshot['voi'] }],
    ['before the image is here', { status: 'loading' as const }],
  ])('is not there %s', async (_when, fields) => {
    const { container } = await open(map(fields));
    expect(container.textContent).toBe('');
  });
});

describe('a parametric map over images', () => {
  const { bytes } = ballMap({ seed: 'map-over', isFloat: true, unit: '<img src=x>' });
  const parsed = parsePart10(bytes);
  const read = parametricMapOf(parsed.json);
  if (read === undefined) throw new TypeError('The phantom is no map.');
  const frames = ballVolume({ seed: 'map-over' }).flatMap((one) => buildFrames(parsePart10(one.bytes).json, '/series'));
  const on = frames.find(({ position }) => position?.[2] === 30);
  const items = [{ id: 'm 1', number: 1, name: HOSTILE, color: [1, 2, 3] as const }];
  const place = { origin: [0, 0], i: [2, 0], j: [0, 2] } as const;

  const open = (answer: (url: URL) => Response, opacity = 0.4) => {
    // Each time another one: what was read of a map is kept with it.
    const layer = {
      study: STUDY,
      seriesInstanceUid: '1.9',
      sopInstanceUid: read.sopInstanceUid,
      title: 'ADC',
      kind: 'map',
      items,
    } as const;
    const layers: Layer[] = [{ ...layer, map: { ...read } }];
    const snapshot = shown({ frame: on, place: place as never });
    return openPart(
      new FakeApi().dicomweb(answer),
      <LayersOver layers={{ layers, shown: new Set(['m 1']), opacity }} snapshot={snapshot} />,
    );
  };
  const frameBytes = (url: URL): Response => {
    const size = 64 * 64 * 4;
    const from = (parsed.pixelData?.offset ?? 0) + (Number(url.pathname.split('/').at(-1)) - 1) * size;
    const type = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';
    return new Response(bytes.slice(from, from + size), { headers: { 'content-type': type } });
  };

  test('is painted where it lies, with what its colours stand for; units and names are text', async () => {
    await open(frameBytes);
    const painted = await screen.findByTestId('painted-layer');
    expect([painted.dataset.name, painted.style.opacity, painted.getAttribute('width')]).toEqual([HOSTILE, '0.4', '64']);
    expect(screen.getByTestId('map-over-scale').textContent).toMatch(/^<img.*0/);
    expect(document.querySelector('img')).toBeNull();
  });

  test('that can’t be fetched is not there, and the image stays as it is', async () => {
    const asked: string[] = [];
    await open((url) => {
      asked.push(url.pathname);
      return new Response('', { status: 404 });
    });
    await waitFor(() => expect(asked).not.toEqual([]));
    expect(screen.queryByTestId('painted-layer')).toBeNull();
    expect(screen.queryByTestId('map-over-scale')).toBeNull();
  });
});

function Found({ room }: { readonly room: Room }) {
  return <output>{[...useMapSeries(room)].join(' ')}</output>;
}

describe('series that may hold maps', () => {
  const series = (modality: string, instanceCount: number) => ({ modality, instanceCount }) as SeriesSummary; // What is looked at.
  const roomOf = (list: readonly SeriesSummary[], isSettled = true): Room =>
    ({ study: STUDY, isSettled, list: { series: list }, hanging: { beside: undefined } }) as unknown as Room; // As above.
  const asked: string[] = [];
  const api = (answer: () => Response) =>
    new FakeApi().dicomweb((url) => {
      asked.push(url.pathname + url.search);
      return answer();
    });
  const found = () =>
    new Response(JSON.stringify([{ '0020000E': { vr: 'UI', Value: ['1.2.3.9'] } }, {}]), {
      headers: { 'content-type': 'application/dicom+json' },
    });
  const open = (room: Room, answer = found) => {
    asked.length = 0;
    return openPart(api(answer), <Found room={room} />);
  };

  test('are asked for once the first image is here, of a study that may have any', async () => {
    const { again } = await open(roomOf([series('CT', 300), series('MR', 1)], false));
    expect(asked).toEqual([]);
    again(<Found room={roomOf([series('CT', 300), series('MR', 1)])} />);
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/1\.2\.3\.9/));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('SOPClassUID=1.2.840.10008.5.1.4.1.1.30');
  });

  test.each([
    ['films', [series('DX', 2)]],
    ['ultrasound', [series('US', 4)]],
    ['series of many images', [series('MR', 200)]],
    ['series without images', [series('MR', 0)]],
    ['nothing', []],
  ])('are not asked for of %s: a study without them costs no question', async (_what, list) => {
    await open(roomOf(list));
    expect([asked, screen.getByRole('status').textContent]).toEqual([[], '']);
  });

  test('are none where the server does not say', async () => {
    await open(roomOf([series('MR', 1)]), () => new Response('', { status: 404 }));
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(screen.getByRole('status').textContent).toBe('');
  });
});
