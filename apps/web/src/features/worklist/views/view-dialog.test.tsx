import { Group, ListView } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { FakeApi, listOf } from '../../../test/fake-api.ts';
import { meOf, openPart } from '../../../test/page-fixture.tsx';
import { idOf, make } from '../../../test/sample.ts';
import type { Views } from './use-views.ts';
import { ViewDialog } from './view-dialog.tsx';

const HOSTILE = '<img src=x onerror="alert(1)">\u202e';
const viewOf = (number: number, fields: Partial<ListView>): ListView =>
  make(ListView, {
    id: idOf(850 + number),
    name: `Vue ${number}`,
    content: { columns: null, sort: null, filters: {} },
    ...fields,
  });
const OWN = viewOf(1, { level: 'OWN', name: HOSTILE });
const SHARED = viewOf(2, { level: 'SITE', siteId: idOf(700) });

/** The dialog over views that save, or fail to, as the test says. */
async function open({ isSaved = true, role = 'ADMIN' }: { isSaved?: boolean; role?: 'ADMIN' | 'RADIOLOGIST' } = {}) {
  const saved: unknown[] = [];
  const views: Views = {
    ...{ named: [OWN, SHARED], all: [], columns: [], layout: [] },
    ...{ use: vi.fn(), setLayout: vi.fn(), remove: vi.fn(async () => undefined) },
    save: async (given) => {
      saved.push(given);
      return isSaved;
    },
  };
  const onClose = vi.fn();
  const api = new FakeApi().on('listGroups', () => listOf([make(Group, { id: idOf(700), name: 'Dakar' })]));
  const page = await openPart(api, <ViewDialog views={views} onClose={onClose} />, { me: meOf(role) });
  return { ...page, views, saved, onClose };
}
const name = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Nom de la vue' });
const save = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Enregistrer' });

test('a view is saved under a name of more than spaces, for oneself where nothing else is chosen', async () => {
  const { user, saved } = await open();
  await user.type(name(), '   ');
  expect(save().disabled).toBe(true);
  await user.keyboard('{Enter}');
  await user.type(name(), 'Urgences de nuit ');
  await user.click(save());
  await waitFor(() => expect(name().value).toBe(''));
  expect(saved).toEqual([{ name: 'Urgences de nuit', siteId: 'me' }]);
});

test('a view that could not be saved keeps the name that was typed', async () => {
  const { user, saved } = await open({ isSaved: false });
  await user.type(name(), 'Urgences{Enter}');
  await waitFor(() => expect(saved).toHaveLength(1));
  expect([name().value, save().disabled]).toEqual(['Urgences', false]);
});

test('who manages sites shares a view with one of them, or with everybody; nobody else is offered that', async () => {
  const { user, saved, close } = await open();
  const whose = await screen.findByRole('combobox');
  await within(whose).findByRole('option', { name: 'Dakar' });
  for (const choice of ['Dakar', 'Toute']) {
    await user.selectOptions(whose, within(whose).getByRole('option', { name: new RegExp(`^${choice}`) }));
    await user.type(name(), 'Nuit{Enter}');
    await waitFor(() => expect(name().value).toBe(''));
  }
  expect(saved).toEqual([
    { name: 'Nuit', siteId: idOf(700) },
    { name: 'Nuit', siteId: null },
  ]);
  close();
  await open({ role: 'RADIOLOGIST' });
  expect(screen.queryByRole('combobox')).toBeNull();
});

test('a chosen view is used and the dialog gone; names are text; shared ones are taken away by who manages sites alone', async () => {
  const { user, views, onClose } = await open({ role: 'RADIOLOGIST' });
  expect(document.querySelector('img')).toBeNull();
  const removable = screen.getAllByRole('button', { name: /^Supprimer/ }).map((one) => one.getAttribute('aria-label'));
  expect(removable).toEqual([expect.stringContaining(HOSTILE)]);
  await user.click(screen.getByRole('button', { name: HOSTILE }));
  expect(views.use).toHaveBeenCalledWith(OWN);
  expect(onClose).toHaveBeenCalledOnce();
});
