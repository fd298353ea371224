import { AccessReview, ManagedUser, ReviewedNode, ReviewedPerson } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const person = (n: number, firstName: string, over: Partial<ReviewedPerson> = {}): ReviewedPerson =>
  make(ReviewedPerson, {
    ...{ id: idOf(600 + n), firstName, lastName: 'Sow', email: `${firstName}@example.org`, status: 'ACTIVE', isUnused: false },
    ...{ tokens: [], groups: [], linkUntil: null, patients: n },
    ...over,
  });

const REVIEW = make(AccessReview, {
  people: [person(1, 'Awa', { isUnused: true }), person(30, 'Moussa'), person(2, 'Zoe', { status: 'SUSPENDED', isUnused: true })],
  nodes: [make(ReviewedNode, { id: idOf(9), name: 'Scanner', aeTitle: 'CT1', group: null, rights: ['STORE'], isUnused: true })],
  isCut: false,
});

async function open(api = new FakeApi(), isPhone = false) {
  api.on('readAccessReview', () => REVIEW);
  const page = await openPage(api, '/app/admin/access', { role: 'ADMIN', isPhone });
  const grid = await screen.findByRole('grid', { name: 'Personnes' });
  await within(grid).findByText('SOW Awa');
  const names = () =>
    [...grid.querySelectorAll('[aria-rowindex]')].flatMap((row) => /SOW (Awa|Moussa|Zoe)/.exec(row.textContent)?.[1] ?? []);
  return { ...page, api, grid, names };
}

describe('the review of access', () => {
  test('is sorted by a column, either way, and says what was left alone by a word', async () => {
    const { user, grid, names } = await open();
    expect(names()).toEqual(['Awa', 'Moussa', 'Zoe']);
    expect(within(grid).getAllByText('inutilisé')).toHaveLength(2);
    await user.click(within(grid).getByRole('button', { name: /Patients/ }));
    expect(names()).toEqual(['Awa', 'Zoe', 'Moussa']);
    await user.click(within(grid).getByRole('button', { name: /Patients/ }));
    expect(names()).toEqual(['Moussa', 'Zoe', 'Awa']);
  });

  test('shows alone who may sign in and does not, and the nodes', async () => {
    const { user, names } = await open();
    await user.click(screen.getByRole('button', { name: fr('Inutilisés depuis 90 jours') }));
    expect(names()).toEqual(['Awa']);
    await user.click(screen.getByRole('button', { name: 'Nœuds DICOM' }));
    const nodes = await screen.findByRole('grid', { name: 'Nœuds DICOM' });
    expect(within(nodes).getByText('envoyer')).toBeTruthy();
  });

  test('has nodes as cards on a phone, with what their columns say', async () => {
    const { user } = await open(new FakeApi(), true);
    await user.click(screen.getByRole('button', { name: 'Nœuds DICOM' }));
    const nodes = await screen.findByRole('grid', { name: 'Nœuds DICOM' });
    expect(within(nodes).queryByRole('columnheader')).toBeNull();
    expect(nodes.textContent).toMatch(/Scanner CT1.*inutilisé.*Sans groupe · .*Patients.*envoyer/);
  });

  test('suspends an account, which can be taken back', async () => {
    const api = new FakeApi();
    const sent: unknown[] = [];
    api.on('updateUser', ({ body }) => {
      sent.push(body);
      return make(ManagedUser, { firstName: 'Awa', lastName: 'Sow', status: sent.length === 1 ? 'SUSPENDED' : 'ACTIVE' });
    });
    const { user, grid } = await open(api);
    await user.dblClick(within(grid).getByText('SOW Awa'));
    await user.click(await screen.findByRole('button', { name: 'Suspendre le compte' }));
    await user.click(await screen.findByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(sent).toEqual([{ status: 'SUSPENDED' }, { status: 'ACTIVE' }]));
  });
});
