import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { ShownMeasure } from '../engine/volume/mpr-snapshot.ts';
import type { Layer } from '../overlaid/layer.ts';
import { bannerOf, FakePane, STUDY, seriesOf, shown } from '../testing/pane-fixture.ts';
import { axial, measureOf, ready } from '../testing/volume-fixture.ts';
import { openPlanes } from './mpr-fixture.tsx';

const HOSTILE = '<img src=x onerror="alert(1)">';

describe('planes through a volume', () => {
  test('say whose they are, as text, each by its name; one that was tilted says so', async () => {
    const pane = new FakePane(shown({ series: seriesOf({ banner: bannerOf({ name: `${HOSTILE}^АННА` }) }) }));
    const { dialog, show } = await openPlanes(ready(), { pane });
    expect(within(dialog).getByRole('heading', { level: 1 }).textContent).toBe(`${HOSTILE.toUpperCase()} АННА`);
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getAllByRole('application').map((one) => one.getAttribute('aria-label'))).toEqual([
      ...['Plan Axial', 'Plan Coronal', 'Plan Sagittal'],
    ]);
    expect(screen.queryByText(/oblique/)).toBeNull();
    show(axial({ isTurned: true }));
    expect(screen.getByText('Axial, oblique')).toBeTruthy();
  });

  test('one is shown alone by F, with a choice of which; F again shows all', async () => {
    const { user, mpr } = await openPlanes(ready());
    const which = () => within(screen.getByRole('radiogroup', { name: 'Plan montré' }));
    expect(
      which()
        .getAllByRole('radio')
        .map(({ textContent }) => textContent),
    ).toEqual([...['Axial', 'Coronal', 'Sagittal', 'Réglages']]);
    await user.keyboard('f');
    expect(which().queryByRole('radio', { name: 'Réglages' })).toBeNull();
    await user.click(which().getByRole('radio', { name: 'Coronal' }));
    expect(mpr.getSnapshot().active).toBe('coronal');
    expect(which().getByRole('radio', { name: 'Coronal' }).getAttribute('aria-checked')).toBe('true');
    await user.keyboard('f');
    expect(which().getByRole('radio', { name: 'Réglages' })).toBeTruthy();
  });

  test('the texts over them come and go by O', async () => {
    const label = shown({ letters: { top: 'A', right: 'L', bottom: 'P', left: 'R' } });
    const { user } = await openPlanes(axial({ label }));
    const letters = () => within(screen.getByRole('region', { name: 'Plan Axial' })).queryAllByText(/^[ALPR]$/).length;
    expect(letters()).toBe(4);
    await user.keyboard('o');
    expect(letters()).toBe(0);
  });

  test('windows of the modality are applied to all planes, by the menu and by their number', async () => {
    const { user, mpr } = await openPlanes(axial({ label: shown() }));
    await user.keyboard('2');
    await user.click(screen.getByRole('button', { name: 'Préréglages de fenêtre' }));
    await user.click(await screen.findByRole('menuitem', { name: /Poumon/ }));
    expect(mpr.done).toHaveLength(2);
    expect(mpr.done[1]).toBe('preset lung');
    expect(mpr.done[0]).toMatch(/^preset /);
  });
});

describe('beside the planes', () => {
  test('values at the crosshair and under the pointer have their unit and place; a place without one says so', async () => {
    const point = { point: [-12.34, 5, 0] as const, value: -1023.456 };
    const { show } = await openPlanes(ready({ point, hover: { point: [0, 0, 0], value: Number.NaN }, unit: 'HU' }));
    const said = () => screen.getAllByRole('definition').map(({ textContent }) => textContent?.replaceAll(/\s+/g, ' '));
    expect(said()).toEqual(['-1023,5 HUx -12,3 y 5 z 0 mm', 'pas de valeurx 0 y 0 z 0 mm']);
    show(ready());
    expect(screen.queryAllByRole('definition')).toEqual([]);
  });

  test('a volume that was put right says how', async () => {
    await openPlanes(
      ready({
        remarks: [
          { kind: 'tilt', degrees: 12.5 },
          { kind: 'uneven', leastMm: 1, mostMm: 2.25 },
        ],
      }),
    );
    expect(screen.getByText(/^Statif incliné de 12,5°\s: chaque coupe est à sa vraie position\.$/)).toBeTruthy();
    expect(screen.getByText(/^Espacement de 1 à 2,3\smm\s: chaque coupe est à sa vraie position\.$/)).toBeTruthy();
  });

  test('a plane alone has no projection; a slab has the one that is chosen', async () => {
    const { user, mpr, show } = await openPlanes(ready());
    const projection = (name: string) => screen.getByRole<HTMLButtonElement>('radio', { name });
    expect(screen.getByText('Plan seul')).toBeTruthy();
    expect(projection('Moyenne').disabled).toBe(true);
    show(ready({ slab: { thicknessMm: 10, projection: 'max' } }));
    expect(screen.getByText('10 mm')).toBeTruthy();
    expect(projection('Maximum (MIP)').getAttribute('aria-checked')).toBe('true');
    await user.click(projection('Minimum (MinIP)'));
    expect(mpr.done).toEqual(['slab 10 min']);
    fireEvent.change(screen.getByRole('slider', { name: /Épaisseur/ }), { target: { value: '25' } });
    expect(mpr.done).toEqual(['slab 10 min', 'slab 25 min']);
  });

  test('what can’t be cut by planes is named with its reason, as text', async () => {
    const items = [{ id: 'a', number: 1, name: HOSTILE, color: [1, 2, 3] }];
    const layer = {
      ...{ study: STUDY, kind: 'structures', title: undefined, sopInstanceUid: '1' },
      structures: { rois: [] },
      items,
    };
    const layers = { layers: [layer as unknown as Layer], shown: new Set(['a']) }; // Contours in no space at all.
    await openPlanes(ready({ slab: { thicknessMm: 5, projection: 'max' } }), { layers });
    expect(await screen.findByText(`${HOSTILE} : n’est pas dans l’espace de ce volume`)).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
    // Nothing of it is in the slab.
    expect(screen.queryByText(/coupe épaisse/)).toBeNull();
  });
});

describe('what is drawn on a plane', () => {
  const written = (fields: Partial<ShownMeasure>, unit?: string) => {
    const measures = [
      measureOf({
        points: [
          [10, 10],
          [20, 20],
        ],
        ...fields,
      }),
    ];
    return { ...axial({ measures }), unit };
  };
  const text = () => screen.getByTestId('mpr-marks-axial').querySelector('[data-measure] text')?.textContent;

  test('is written in the reader’s language, short lengths to a hundredth', async () => {
    const { show } = await openPlanes(written({ text: { kind: 'length', mm: 9.456 } }));
    const said = [text()];
    for (const next of [
      written({ text: { kind: 'length', mm: 12.346 } }),
      written({ text: { kind: 'probe', value: 41.5 }, points: [[1, 1]] }, 'HU'),
      written({ text: { kind: 'probe', value: undefined }, points: [[1, 1]] }, 'HU'),
      written({ text: undefined }),
    ]) {
      show(next);
      said.push(text());
    }
    expect(said).toEqual(['9,46 mm', '12,3 mm', '41,5 HU', 'pas de valeur', '']);
    show(written({ points: [] }));
    expect(text()).toBeUndefined();
  });

  test('a moved text keeps a line to what it is of', async () => {
    const { show } = await openPlanes(written({ text: { kind: 'length', mm: 20 } }));
    const dashes = () => screen.getByTestId('mpr-marks-axial').querySelectorAll('[stroke-dasharray]').length;
    expect(dashes()).toBe(0);
    show(written({ text: { kind: 'length', mm: 20 }, textAt: [90, 90] }));
    expect(dashes()).toBe(1);
  });
});
