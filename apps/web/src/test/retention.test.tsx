import { Group, type RetentionRule } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { editedOf, NEW_RULE, sentOf } from '../features/admin/rights/rules.ts';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const RULE: RetentionRule = { modality: 'CT', group: null, patients: null, countsFrom: 'LAST_STUDY', years: 20 };
const MINORS: RetentionRule = { modality: null, group: idOf(700), patients: 'MINORS', countsFrom: 'ADULTHOOD', years: 10 };

async function open(rules: readonly RetentionRule[], api = new FakeApi()) {
  if (!api.answers('getRetention')) api.on('getRetention', () => ({ rules: [...rules], changedAt: '2026-03-01T08:00:00.000Z' }));
  api
    .on('listErasures', () => ({ items: [], returns: [] }))
    .on('listGroups', () => listOf([make(Group, { id: idOf(700), name: 'Dakar' })]));
  const page = await openPage(api, '/app/admin/retention', { role: 'ADMIN' });
  const card = () => screen.findByRole('region', { name: 'Durées de conservation' });
  return { ...page, api, card };
}
const save = (card: HTMLElement) => within(card).getByRole<HTMLButtonElement>('button', { name: 'Enregistrer les règles' });

describe('a rule as it is typed', () => {
  test.each([RULE, MINORS])('is sent as it came', (rule) => {
    expect(sentOf(editedOf(rule))).toEqual(rule);
  });

  test('that is new says nothing but twenty years; each has a key of its own', () => {
    expect(sentOf(NEW_RULE())).toEqual({ modality: null, group: null, patients: null, countsFrom: 'LAST_STUDY', years: 20 });
    expect(NEW_RULE().key).not.toBe(NEW_RULE().key);
  });

  test('has a modality as DICOM writes it, and nothing that nobody offers', () => {
    const typed = { ...NEW_RULE(), modality: ' ct ', patients: 'EVERYBODY', countsFrom: 'TODAY' };
    expect(sentOf(typed)).toMatchObject({ modality: 'CT', patients: null, countsFrom: 'LAST_STUDY' });
  });
});

describe('the rules of retention', () => {
  test('stand as they are saved, and nothing is to be saved yet', async () => {
    const { card } = await open([RULE, MINORS]);
    const place = await card();
    const second = within(place).getByRole('group', { name: 'Règle 2' });
    await within(second).findByRole('option', { name: 'Dakar' });
    expect(
      within(second)
        .getAllByRole<HTMLSelectElement>('combobox')
        .map(({ value }) => value),
    ).toEqual([idOf(700), 'MINORS', 'ADULTHOOD']);
    expect(save(place).disabled).toBe(true);
  });

  test('none means that everything is kept, and there is nothing to try', async () => {
    const { card } = await open([]);
    expect(within(await card()).getByText('Aucune règle : tout est gardé.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Simuler' })).toBeNull();
  });

  test('are taken away one by one, the others keep what was typed, and go upon what was read', async () => {
    const { user, api, card } = await open([RULE, MINORS]);
    const place = await card();
    const years = within(within(place).getByRole('group', { name: 'Règle 2' })).getByRole('spinbutton');
    await user.clear(years);
    await user.type(years, '15');
    await user.click(within(place).getByRole('button', { name: 'Retirer la règle 1' }));
    const left = within(place).getByRole('group', { name: 'Règle 1' });
    expect(within(left).getByRole<HTMLInputElement>('spinbutton').value).toBe('15');
    await user.click(save(place));
    await waitFor(() =>
      expect(api.of('saveRetention').map(({ body }) => body)).toEqual([
        { rules: [{ ...MINORS, years: 15 }], changedAt: '2026-03-01T08:00:00.000Z' },
      ]),
    );
    expect(await screen.findByText('Règles enregistrées.')).toBeTruthy();
  });

  test('that somebody else saved meanwhile say so, and keep what was typed', async () => {
    const api = new FakeApi().on('saveRetention', () => new Refusal('STALE_UPDATE'));
    const { user, card } = await open([RULE], api);
    const place = await card();
    await user.click(within(place).getByRole('button', { name: 'Ajouter une règle' }));
    await user.click(save(place));
    expect(await within(place).findByRole('alert')).toBeTruthy();
    expect(within(place).getAllByRole('group')).toHaveLength(2);
    expect(save(place).disabled).toBe(false);
  });

  test('that can’t be read say why, and are asked for again', async () => {
    let isDown = true;
    const api = new FakeApi().on('getRetention', () => (isDown ? new Refusal('INTERNAL') : { rules: [RULE], changedAt: null }));
    const { user, card } = await open([], api);
    const [alert] = await screen.findAllByRole('alert');
    if (alert === undefined) throw new TypeError('Nothing is told.');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(within(await card()).getByRole('group', { name: 'Règle 1' })).toBeTruthy();
  });

  test('that remove nothing today offer nothing to remove', async () => {
    const api = new FakeApi().on('previewRetention', () => ({ studies: 0, patients: 0, sizeBytes: 0, held: 0, examples: [] }));
    const { user } = await open([RULE], api);
    await user.click(await screen.findByRole('button', { name: 'Simuler' }));
    const told = await screen.findByRole('region', { name: 'Ce qui partirait aujourd’hui' });
    expect(within(told).queryByRole('button')).toBeNull();
    expect(within(told).queryByRole('list')).toBeNull();
  });
});
