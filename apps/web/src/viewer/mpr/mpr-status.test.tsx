import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { fr } from '../../test/page-fixture.tsx';
import type { MprSnapshot } from '../engine/volume/mpr-snapshot.ts';
import type { Refusal } from '../model/volume-geometry.ts';
import type { Phase, PhaseKey } from '../model/volume-phases.ts';
import { FakePane, frameOf, seriesOf, shown } from '../testing/pane-fixture.ts';
import { EMPTY_MPR, MprSession, ready } from '../testing/volume-fixture.ts';
import { openDoor, openPlanes } from './mpr-fixture.tsx';

const HOSTILE = '<img src=x onerror="alert(1)">';
const state = (fields: Partial<MprSnapshot>): MprSnapshot => ({ ...EMPTY_MPR, ...fields });
const phase = (value: string, images: number, key: PhaseKey = 'temporalPosition'): Phase => ({
  marks: [{ key, value }],
  frames: Array.from({ length: images }, (_, index) => frameOf(index + 1)),
});

const REFUSALS: readonly (readonly [Refusal, string, string])[] = [
  [
    { kind: 'tooFew', count: 1, needed: 5 },
    'Elle n’a que 1 coupe ; il en faut au moins 5.',
    'It has only 1 slice; at least 5 are needed.',
  ],
  [
    { kind: 'tooFew', count: 4, needed: 5 },
    'Elle n’a que 4 coupes ; il en faut au moins 5.',
    'It has only 4 slices; at least 5 are needed.',
  ],
  [{ kind: 'notGray' }, 'Ses images sont en couleur.', 'Its images are in colour.'],
  [{ kind: 'tilt', degrees: 46.25 }, 'de 46,3°', 'by 46.3°'],
  [{ kind: 'shifted', mm: 0.75 }, 'décalée de 0,8 mm', 'off by 0.8 mm'],
  [
    { kind: 'sizes', first: '16 × 16', other: '32 × 32' },
    'pas toutes la même taille : 16 × 16 et 32 × 32.',
    'not all of one size: 16 × 16 and 32 × 32.',
  ],
  [{ kind: 'samePosition', places: 5, times: 2 }, '5 positions portent jusqu’à 2 images', '5 positions hold up to 2 images each'],
  [
    { kind: 'missing', count: 1, places: 1, from: 12.5, to: 17.5 },
    '1 coupe manque entre 12,5 et 17,5 mm.',
    '1 slice is missing between 12.5 and 17.5 mm.',
  ],
  [
    { kind: 'missing', count: 4, places: 2, from: 12.5, to: 17.5 },
    '4 coupes manquent en 2 endroits',
    '4 slices are missing in 2 places',
  ],
  [
    { kind: 'unseen', spacingMm: 8, thicknessMm: 5 },
    'Ses coupes de 5 mm sont distantes de 8 mm',
    'Its slices of 5 mm are 8 mm apart',
  ],
  [{ kind: 'irregular', leastMm: 1.25, mostMm: 7 }, 'va de 1,3 à 7 mm', 'goes from 1.3 to 7 mm'],
];

test('planes are offered of images alone', async () => {
  await openDoor({ pane: new FakePane(shown({ series: seriesOf({ frames: [] }) })) });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'planes' }).disabled).toBe(true);
});

describe('while the slices come', () => {
  test('it is told how many are here; who gives up has the images as they were, and the keyboard where it was', async () => {
    const { user, mpr, show } = await openPlanes();
    show(state({ loaded: 3, total: 60 }));
    expect(screen.getByText('3 coupes sur 60, sans perte')).toBeTruthy();
    expect(screen.getByRole('progressbar', { name: 'Coupes chargées' }).getAttribute('aria-valuenow')).toBe('3');
    expect(screen.queryByRole('toolbar')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    expect([screen.queryByRole('dialog'), mpr.done]).toEqual([null, ['close']]);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'planes' })));
  });

  test('another series in the pane takes the planes of the one before away', async () => {
    const pane = new FakePane();
    const { mpr } = await openPlanes(undefined, { pane });
    act(() => pane.show({ series: seriesOf({ seriesInstanceUid: '1.2.3.2' }) }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect([mpr.done, MprSession.latest]).toEqual([['close'], mpr]);
  });
});

describe('why there are none', () => {
  test.each(['fr', 'en'] as const)('is said with its figures, and that slices can still be read (%s)', async (locale) => {
    const { dialog, show } = await openPlanes(undefined, { locale });
    const stays =
      locale === 'fr' ? 'Les images restent lisibles coupe par coupe.' : 'Its images can still be read slice by slice.';
    for (const [refusal, french, english] of REFUSALS) {
      show(state({ status: 'refused', refusal }));
      const said = within(dialog).getByRole('alert').textContent ?? '';
      expect(said).toContain(locale === 'fr' ? fr(french) : english);
      expect(said).toContain(stays);
    }
    show(state({ status: 'tooLarge', bytes: 700.2 * 1024 * 1024, limitBytes: 512.9 * 1024 * 1024 }));
    expect(within(dialog).getByRole('alert').textContent).toMatch(locale === 'fr' ? /701 Mo.*512/ : /701 MB.*512/);
  });

  test('an image that can’t be had is named with its reason, and is asked for again by one press', async () => {
    const { user, mpr, show } = await openPlanes();
    show(state({ status: 'failed', errorCode: 'NETWORK', failedNumber: 12 }));
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain(fr('Image 12 : '));
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(mpr.done).toEqual(['open']);
    // Nothing more is known of what failed.
    show(state({ status: 'failed' }));
    expect(screen.getByRole('alert').textContent).not.toContain('Image');
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Revenir aux coupes' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('phases that lie in one another', () => {
  test('are told apart by what the files say of them, as text, and the chosen one is opened', async () => {
    const phases = [phase('1', 30), phase(HOSTILE, 1, 'imageType'), phase('250', 12, 'trigger')];
    const { user, mpr, show } = await openPlanes();
    show(state({ status: 'phases', phases }));
    const rows = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(rows).toEqual(['Temps 130 coupes', `${HOSTILE}1 coupe`, 'Déclenchement 250 ms12 coupes']);
    expect(document.querySelector('img')).toBeNull();
    await user.click(screen.getByRole('button', { name: /^Déclenchement/ }));
    expect(mpr.done).toEqual([`open ${JSON.stringify(phases[2])}`]);
  });

  test('are changed beside the planes', async () => {
    const phases = [phase('1', 5), phase('2', 5)];
    const { user, mpr } = await openPlanes(ready({ phases, phase: phases[0] }));
    const choice = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Phase' });
    expect([...choice.options].map(({ text }) => text)).toEqual(['Temps 1', 'Temps 2']);
    await user.selectOptions(choice, 'Temps 2');
    expect(mpr.done).toEqual([`open ${JSON.stringify(phases[1])}`]);
  });
});
