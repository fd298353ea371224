import { ImportReport, Overview, ScreeningStatistics } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, meOf, openPage } from './page-fixture.tsx';
import { studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const counts = (fields: Partial<Overview> = {}): Overview =>
  make(Overview, { patients: 3, studies: 4, instances: 1200, sizeBytes: 2_500_000, toRead: 2, ...fields });
const imported = (number: number, fields: Partial<ImportReport> = {}) => {
  const {
    files: _files,
    patients: _patients,
    studies: _studies,
    alreadyUnder: _under,
    ...row
  } = make(ImportReport, {
    id: idOf(number),
    status: 'DONE',
    ...fields,
  });
  return row;
};
const api = (fields: Partial<Overview> = {}): FakeApi => new FakeApi().on('overview', () => counts(fields));
const section = async (name: string): Promise<HTMLElement> => {
  const found = (await screen.findByRole('heading', { level: 2, name })).closest('section');
  if (found === null) throw new TypeError('It stands in no section.');
  return found;
};

afterEach(() => vi.useRealTimers());

describe('the dashboard', () => {
  test('says that nothing waits for a decision, and how much is stored', async () => {
    await openPage(api(), '/app');
    expect(await screen.findByText('✓ Rien à trancher, aucune identité à vérifier')).toBeTruthy();
    expect(screen.getByRole('main').textContent).toMatch(/Images\s: 1\s200 · Stockage\s: 2,5\sMo$/);
  });

  test('is a skeleton of the same shape until it is counted', async () => {
    let answer: (counts: Overview) => void = () => undefined;
    await openPage(
      new FakeApi().on('overview', () => new Promise((resolve) => (answer = resolve))),
      '/app',
    );
    await screen.findByRole('heading', { level: 1 });
    const tiles = () =>
      within(screen.getByRole('main')).getAllByRole('link', { name: /^(À lire|En cours|Reçus|Examens|Patients)/ });
    expect(tiles().map((tile) => tile.querySelector('.ng-skeleton') !== null)).toEqual([true, true, true, true, true]);
    answer(counts());
    await waitFor(() => expect(tiles().some((tile) => tile.querySelector('.ng-skeleton') !== null)).toBe(false));
    expect(tiles()).toHaveLength(5);
  });

  test('leads to what it counts', async () => {
    await openPage(api({ openConflicts: 2, identityReviews: 1 }), '/app', { locale: 'en' });
    const conflicts = await screen.findByRole('link', { name: /2 conflicts/ });
    const identities = screen.getByRole('link', { name: /1 identity/ });
    expect([conflicts.getAttribute('href'), identities.getAttribute('href')]).toEqual(['/app/conflicts', '/app/identity-review']);
    expect(screen.getByRole('link', { name: /Received today/ }).getAttribute('href')).toBe('/app/worklist?sort=-receivedAt');
  });

  test.each([0, 3])('tells an administrator who waits to be let in, with %i patients', async (patients) => {
    const empty = api({ patients, studies: patients }).on('listUsers', () => ({ ...listOf([]), total: 2 }));
    await openPage(empty, '/app', { role: 'ADMIN' });
    const waiting = await screen.findByRole('link', { name: /2 personnes à activer/ });
    expect(waiting.getAttribute('href')).toContain('/app/admin/users?');
    expect(empty.of('listUsers').at(-1)?.query).toMatchObject({ status: 'INACTIVE', way: 'PROVIDER', lastSeen: 'NEVER' });
  });

  test('greets who is on call by night', async () => {
    vi.useFakeTimers({ now: new Date('2026-03-01T03:00:00'), toFake: ['Date'] });
    await openPage(api(), '/app');
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Bonne garde, Jeanne');
  });

  test('tells a researcher without a group why there is nothing', async () => {
    const me = meOf('RESEARCHER', { groupId: null });
    await openPage(
      new FakeApi().on('listStudies', () => listOf([])),
      '/app/worklist',
      { me },
    );
    expect(await screen.findByText('Vous n’appartenez à aucun groupe')).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Importer un dossier' })).toBeNull();
  });
});

describe('the studies that wait', () => {
  test('are one press away, each in the group where it is', async () => {
    const of = api().on('listStudies', () =>
      listOf([studyOf(1), studyOf(2, { groupId: idOf(700), patient: { ...studyOf(2).patient, lastName: '', firstName: '' } })]),
    );
    await openPage(of, '/app');
    const links = await within(await section('À lire maintenant')).findAllByRole('link', { name: /Thorax/ });
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      '/app/studies/2.25.1?groupId=none',
      `/app/studies/2.25.2?groupId=${idOf(700)}`,
    ]);
    expect(links[1]?.textContent).toContain('Sans nom');
  });

  test('none is good news', async () => {
    await openPage(api(), '/app');
    expect(await within(await section('À lire maintenant')).findByText('Tout est lu')).toBeTruthy();
  });

  test.each([
    ['listStudies', 'À lire maintenant', 'Tout est lu'],
    ['listImports', 'Derniers imports', 'Aucun import pour l’instant.'],
  ] as const)('that can’t be read (%s) are told as that, and asked for again', async (operation, name, nothing) => {
    let isDown = true;
    const { user } = await openPage(
      api().on(operation, () => (isDown ? new Refusal('INTERNAL') : listOf([]))),
      '/app',
    );
    const place = await section(name);
    const alert = await within(place).findByRole('alert');
    expect(within(place).queryByText(nothing)).toBeNull();
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await within(place).findByText(nothing)).toBeTruthy();
  });
});

describe('the screening on the dashboard', () => {
  const screened = (count: number) => {
    const made = make(ScreeningStatistics, {});
    return { ...made, total: { ...made.total, counts: { ...made.total.counts, screened: count } } };
  };
  const card = () => screen.findByRole('region', { name: /Dépistage/ });
  const lists = () => screen.getByRole('heading', { level: 2, name: 'À lire maintenant' });
  const isAbove = (one: Element): boolean => (one.compareDocumentPosition(lists()) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

  test('has its place above the lists from the first visit on, before and after it is known: nothing moves', async () => {
    localStorage.removeItem('ng.screening');
    let answer: (of: ScreeningStatistics) => void = () => undefined;
    await openPage(
      api().on('screeningStatistics', () => new Promise((resolve) => (answer = resolve))),
      '/app',
    );
    const place = await card();
    expect([place.getAttribute('aria-busy'), isAbove(place)]).toEqual(['true', true]);
    await waitFor(() => {
      answer(screened(7));
      expect(screen.getByRole('link', { name: 'Toutes les statistiques' })).toBeTruthy();
    });
    expect(isAbove(await card())).toBe(true);
  });

  test('says once in a browser that nobody was screened; somebody who is then stands below the lists, and above at the next visit', async () => {
    localStorage.removeItem('ng.screening');
    const none = await openPage(
      api().on('screeningStatistics', () => screened(0)),
      '/app',
    );
    expect(await screen.findByText(/Personne n’a été dépisté/)).toBeTruthy();
    none.close();
    await openPage(
      api().on('screeningStatistics', () => screened(1)),
      '/app',
    );
    await screen.findByRole('link', { name: 'Toutes les statistiques' });
    expect(isAbove(await card())).toBe(false);
    expect(localStorage.getItem('ng.screening')).toBe('shown');
    localStorage.removeItem('ng.screening');
  });
});

describe('the last imports', () => {
  test('say how each ended: what needs a person stands out', async () => {
    const of = api().on('listImports', () =>
      listOf([
        imported(1, { stored: 1200, duplicates: 1 }),
        imported(2, { conflicts: 2, rejected: 3, status: 'RUNNING' }),
        imported(3, { status: 'CANCELLED' }),
      ]),
    );
    await openPage(of, '/app');
    const lines = await within(await section('Derniers imports')).findAllByRole('listitem');
    expect(lines.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/Terminé1\s200 reçus · 1 déjà présent$/),
      expect.stringMatching(/En cours2 en conflit · 3 refusés$/),
      expect.stringMatching(/Arrêté.*Rien n’a été reçu$/),
    ]);
    expect([...(lines[1]?.querySelectorAll('.text-danger') ?? [])].map(({ textContent }) => textContent)).toEqual([
      '2 en conflit',
      ' · 3 refusés',
    ]);
  });

  test('are not for who may not import', async () => {
    const of = api();
    const me = meOf('PHYSICIAN');
    await openPage(of, '/app', { me: { ...me, permissions: me.permissions.filter((one) => one !== 'imports.create') } });
    await section('À lire maintenant');
    expect(screen.queryByRole('heading', { name: 'Derniers imports' })).toBeNull();
    expect(of.of('listImports')).toEqual([]);
  });
});

describe('an empty server', () => {
  const empty = (): FakeApi => new FakeApi().on('loadDemo', () => ({ importId: idOf(8) }));

  test('is filled with the demonstration set, and says how far it is', async () => {
    let isDone = false;
    const of = empty()
      .on('overview', () => (isDone ? counts() : make(Overview, {})))
      .on('getImport', () => {
        isDone = true;
        return make(ImportReport, { id: idOf(8), status: 'DONE', received: 1 });
      });
    const { user } = await openPage(of, '/app', { role: 'ADMIN' });
    await user.click(await screen.findByRole('button', { name: 'Charger le jeu de démonstration' }));
    expect(await screen.findByText('Le jeu de démonstration est prêt.')).toBeTruthy();
    expect(await screen.findByRole('link', { name: /À lire ?2/ })).toBeTruthy();
    expect(of.of('getImport')[0]).toMatchObject({ params: { id: idOf(8) }, query: { files: false } });
  });

  test('says why it can’t be filled, and lets one try again', async () => {
    const { user } = await openPage(
      empty().on('loadDemo', () => new Refusal('CONFLICT')),
      '/app',
      { role: 'ADMIN' },
    );
    await user.click(await screen.findByRole('button', { name: 'Charger le jeu de démonstration' }));
    expect(await screen.findByText(fr('L’état actuel ne permet pas cette action.'))).toBeTruthy();
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Charger le jeu de démonstration' }).hasAttribute('disabled')).toBe(false),
    );
  });

  test('tells who may not import that studies will be here', async () => {
    const me = meOf('STAFF');
    await openPage(empty(), '/app', {
      me: { ...me, permissions: me.permissions.filter((one) => one !== 'imports.create') },
      locale: 'en',
    });
    expect(await screen.findByText(/Studies will appear here/)).toBeTruthy();
    expect(within(screen.getByRole('main')).queryByRole('link')).toBeNull();
  });
});
