import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import { STUDY } from '../testing/pane-fixture.ts';
import { DoseScale } from './dose-scale.tsx';
import type { Layer, LayersState } from './layer.ts';
import { LayersSection } from './layers-section.tsx';

/** A layer of which only the names are looked at. */
const layerOf = (kind: Layer['kind'], names: readonly (string | undefined)[], title?: string): Layer =>
  ({
    ...{ study: STUDY, seriesInstanceUid: '1.9', sopInstanceUid: `1.9.${kind}`, title, kind },
    items: names.map((name, at) => ({ id: `${kind} ${at + 1}`, number: at + 1, name, color: [10, 20, 30] })),
  }) as unknown as Layer; // Its frames and contours are no matter here.

function stateOf(layers: readonly Layer[], fields: Partial<LayersState> = {}) {
  const calls: unknown[][] = [];
  const state: LayersState = {
    ...{ layers, failed: [], isLoading: false, shown: new Set<string>(), opacity: 0.45 },
    toggle: (...given) => void calls.push(['toggle', ...given]),
    setShown: (...given) => void calls.push(['setShown', ...given]),
    setOpacity: (...given) => void calls.push(['setOpacity', ...given]),
    ...fields,
  };
  return { state, calls };
}
const open = (state: LayersState, locale: 'fr' | 'en' = 'en') =>
  openPart(new FakeApi(), <LayersSection layers={state} />, { locale });

describe('what can be laid over the images', () => {
  test('has no place where there is nothing', async () => {
    const { container } = await open(stateOf([]).state);
    expect(container.textContent).toBe('');
  });

  test('says of a region how many of its contours are not drawn', async () => {
    const layer = layerOf('structures', ['PTV', 'Moelle']);
    const [first, ...others] = layer.items;
    if (first === undefined) throw new TypeError('There is no region.');
    await open(stateOf([{ ...layer, items: [{ ...first, missing: 3 }, ...others] }]).state);
    const lines = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(lines).toEqual(['PTV3 contours could not be loaded and are not drawn.', 'Moelle']);
  });

  test('says that it is being read, and what could not be', async () => {
    const failed = [
      { seriesInstanceUid: '1.7', title: 'Foie' },
      { seriesInstanceUid: '1.8', title: undefined },
    ];
    await open(stateOf([], { isLoading: true, failed }).state);
    expect(screen.getByRole('status').textContent).toBe('Reading…');
    expect(screen.getAllByText(/Cannot be read/)).toHaveLength(2);
    expect(screen.getByText(/^Foie : /)).toBeTruthy();
    // Nothing to fade yet.
    expect(screen.queryByRole('slider')).toBeNull();
  });

  test('is a group by its kind and name, with the parts by theirs; one without a name has a word', async () => {
    const { state } = stateOf([layerOf('segmentation', ['Foie', undefined], 'Organes'), layerOf('structures', ['PTV'])]);
    await open(state);
    const organs = screen.getByRole('group', { name: /^Segmentation · Organes/ });
    expect(
      within(organs)
        .getAllByRole('checkbox')
        .map((box) => box.closest('label')?.textContent),
    ).toEqual(['Foie', 'Without a name']);
    const contours = screen.getByRole('group', { name: 'Contours' });
    // All at once is for several.
    expect(within(contours).queryByRole('button')).toBeNull();
  });

  test('is shown part by part, or all at once and none', async () => {
    const layers = [layerOf('segmentation', ['Foie', 'Rate'])];
    const { state, calls } = stateOf(layers);
    const { user, again } = await open(state, 'fr');
    await user.click(screen.getByRole('checkbox', { name: 'Rate' }));
    await user.click(screen.getByRole('button', { name: 'Tout montrer' }));
    const ids = ['segmentation 1', 'segmentation 2'];
    const all = stateOf(layers, { shown: new Set(ids) });
    again(<LayersSection layers={all.state} />);
    expect(screen.getAllByRole<HTMLInputElement>('checkbox').map(({ checked }) => checked)).toEqual([true, true]);
    await user.click(screen.getByRole('button', { name: 'Tout masquer' }));
    expect(calls).toEqual([
      ['toggle', 'segmentation 2'],
      ['setShown', ids, true],
    ]);
    expect(all.calls).toEqual([['setShown', ids, false]]);
  });

  test('has the colour of each part before it, but a dose, which has a scale', async () => {
    const { container } = await open(stateOf([layerOf('segmentation', ['Foie']), layerOf('dose', ['Plan'])]).state);
    const dots = [...container.querySelectorAll<HTMLElement>('li [aria-hidden]')];
    expect(dots.map(({ style }) => style.background)).toEqual(['rgb(10, 20, 30)']);
  });

  test('is faded by one slider that says how much', async () => {
    const { state, calls } = stateOf([layerOf('dose', ['Plan'])]);
    await open(state);
    const slider = screen.getByRole<HTMLInputElement>('slider', { name: 'Opacity' });
    expect([slider.value, slider.min, slider.max]).toEqual(['0.45', '0.1', '1']);
    fireEvent.change(slider, { target: { value: '0.8' } });
    expect(calls).toEqual([['setOpacity', 0.8]]);
  });
});

describe('the scale of a dose', () => {
  test('is in gray where the grid is, from nothing to the greatest', async () => {
    await openPart(new FakeApi(), <DoseScale most={60.24} isGray />, { locale: 'fr' });
    const scale = screen.getByRole('img', { name: fr('Échelle de dose, de 0 à 60,2 Gy') });
    expect(scale.textContent?.replaceAll(/\s/g, ' ')).toBe('0 Gy15,1 Gy30,1 Gy45,2 Gy60,2 Gy');
  });

  test('is in shares of the greatest where the grid says no unit', async () => {
    await openPart(new FakeApi(), <DoseScale most={3} isGray={false} />, { locale: 'en' });
    const scale = screen.getByRole('img', { name: 'Dose' });
    expect(scale.textContent?.replaceAll(/\s/g, ' ')).toBe('0 %25 %50 %75 %100 %');
  });
});
