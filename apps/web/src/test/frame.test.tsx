import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { standPlain } from '../api/plain-picture.ts';
import { setThemeChoice } from '../app/theme.ts';
import { EMPTY_COUNTS, IDLE, type ImportSnapshot, publishImport } from '../features/import/import-store.ts';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { meOf, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';

const theme = (): string | undefined => document.documentElement.dataset.theme;
const sidebar = async (): Promise<HTMLElement> => {
  const [first] = await screen.findAllByRole('navigation', { name: 'Navigation principale' });
  if (first === undefined) throw new TypeError('There is no navigation.');
  return first;
};
afterEach(() => setThemeChoice('system'));

describe('the light', () => {
  test('is chosen in the menu, and kept', async () => {
    const { user } = await openPage(new FakeApi(), '/app/profile');
    await user.click(await screen.findByRole('button', { name: 'Lumière' }));
    await user.click(await screen.findByRole('menuitemradio', { name: 'Bureau (clair)' }));
    expect([theme(), localStorage.getItem('ng.theme')]).toEqual(['light', 'light']);
    await user.click(screen.getByRole('button', { name: 'Lumière' }));
    const choices = await screen.findAllByRole('menuitemradio');
    expect(choices.map((choice) => choice.getAttribute('aria-checked'))).toEqual(['false', 'true', 'false']);
    await user.click(screen.getByRole('menuitemradio', { name: 'Salle de lecture (sombre)' }));
    expect(theme()).toBe('dark');
  });
});

describe('the sidebar', () => {
  test('says where one is, and is narrowed for the next time, with every name still there', async () => {
    const { user, close, navigate } = await openPage(new FakeApi(), '/app/patients');
    const wide = await sidebar();
    // One page is the current one, and not the dashboard above it as well.
    expect(within(wide).getByRole('link', { current: 'page' }).textContent).toBe('Patients');
    await user.click(within(wide).getByRole('button', { name: 'Réduire le menu' }));
    expect(within(wide).getByRole('link', { name: 'Examens' }).textContent).toBe('');
    expect(localStorage.getItem('ng.sidebar')).toBe('narrow');
    await navigate('/app/worklist');
    await waitFor(() => expect(within(wide).getByRole('link', { current: 'page' }).getAttribute('aria-label')).toBe('Examens'));
    close();
    localStorage.setItem('ng.sidebar', 'narrow');
    const again = await openPage(new FakeApi(), '/app/patients');
    await again.user.click(within(await sidebar()).getByRole('button', { name: 'Déplier le menu' }));
    expect(within(await sidebar()).getByRole('link', { name: 'Examens' }).textContent).toBe('Examens');
  });

  test('on a phone is a bar of four, the others behind "more"', async () => {
    const { user, address } = await openPage(new FakeApi(), '/app/patients', { isPhone: true });
    const bars = await screen.findAllByRole('navigation', { name: 'Navigation principale' });
    const bar = bars.at(-1) as HTMLElement;
    expect(
      within(bar)
        .getAllByRole('link')
        .map(({ textContent }) => textContent),
    ).toEqual(['Tableau de bord', 'Examens', 'Patients', 'Consultations']);
    await user.click(within(bar).getByRole('button', { name: 'Plus' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Conflits' }));
    await waitFor(() => expect(address()).toBe('/app/conflicts'));
  });
});

describe('a change of page', () => {
  test('moves the focus to its content and says where one is in the title', async () => {
    const { navigate } = await openPage(new FakeApi(), '/app/patients', { locale: 'en' });
    await screen.findByRole('heading', { level: 1, name: 'Patients' });
    await navigate('/app/profile');
    await screen.findByRole('heading', { level: 1, name: 'My profile' });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
    expect(document.title).toBe('My profile · Negatoscope');
  });
});

describe('the palette', () => {
  const open = async (api: FakeApi, role: 'RADIOLOGIST' | 'RESEARCHER' = 'RADIOLOGIST') => {
    const page = await openPage(api, '/app/profile', { role });
    await screen.findByRole('heading', { level: 1, name: 'Mon profil' });
    await page.user.keyboard('/');
    return { ...page, field: await screen.findByRole('combobox', { name: 'Rechercher un patient ou un examen' }) };
  };
  const options = (): string[] => screen.getAllByRole('option', { hidden: false }).map(({ textContent }) => textContent ?? '');
  const active = (): string | null | undefined => screen.getByRole('option', { selected: true, hidden: false }).textContent;

  test('is gone through by arrows, round the ends, and tells which is active', async () => {
    const { user, field } = await open(new FakeApi());
    const all = options();
    expect(active()).toBe(all[0]);
    await user.keyboard('{ArrowUp}');
    expect(active()).toBe(all.at(-1));
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(active()).toBe(all[1]);
    expect(field.getAttribute('aria-activedescendant')).toBe(screen.getByRole('option', { selected: true, hidden: false }).id);
  });

  test('finds actions by words in any order, without accents', async () => {
    const { user, field } = await open(new FakeApi());
    await user.type(field, 'lecture salle');
    expect(options()).toEqual(['Salle de lecture (sombre)']);
    await user.keyboard('{Enter}');
    expect(theme()).toBe('dark');
    await waitFor(() => expect(screen.queryByRole('listbox')).toBeNull());
  });

  test('opens a study by a press, and makes a patient for who may', async () => {
    const api = new FakeApi()
      .on('search', () => ({ patients: [], studies: [studyOf(2)] }))
      .on('getStudy', () => ({ ...studyOf(2), series: [] }));
    const { user, field, address } = await open(api);
    expect(options()).toContain('Nouveau patient');
    await user.type(field, 'thorax');
    await user.click(await screen.findByRole('option', { name: /PETIT Anna · Thorax 2/ }));
    await waitFor(() => expect(address()).toMatch(/^\/app\/studies\/2\.25\.2/));
  });

  test('offers a researcher no patient to make', async () => {
    await open(new FakeApi(), 'RESEARCHER');
    expect(options()).not.toContain('Nouveau patient');
    expect(options()).not.toContain('Conflits');
  });

  test('whose search fails says so, and never that nothing fits', async () => {
    const { user, field } = await open(new FakeApi().on('search', () => new Refusal('INTERNAL')));
    await user.type(field, 'zzzz');
    expect((await screen.findByRole('alert')).textContent).toContain('Une erreur interne est survenue');
    expect(screen.queryByText(/Rien ne correspond/)).toBeNull();
  });

  test('asks the server for nothing of one letter', async () => {
    const api = new FakeApi();
    const { user, field } = await open(api);
    await user.type(field, 'z');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(api.of('search')).toEqual([]);
  });

  test('shows the keys, and changes the language', async () => {
    const me = meOf('RADIOLOGIST');
    const { user, field } = await open(new FakeApi().on('updateProfile', () => ({ ...me.user, locale: 'en' })));
    await user.type(field, 'raccourcis{Enter}');
    expect(await screen.findByRole('dialog', { name: 'Raccourcis clavier' })).toBeTruthy();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.keyboard('/');
    await user.type(await screen.findByRole('combobox', { name: 'Rechercher un patient ou un examen' }), 'english{Enter}');
    expect(await screen.findByRole('heading', { level: 1, name: 'My profile' })).toBeTruthy();
  });
});

describe('an import that goes on elsewhere', () => {
  const running = (fields: Partial<ImportSnapshot>): ImportSnapshot => ({
    ...IDLE,
    phase: 'running',
    bytesTotal: 200,
    bytesDone: 50,
    ...fields,
  });

  test.each([
    [{}, /^Import\s: 25\s%/],
    [{ phase: 'paused' }, /^Import en pause\s: 25\s%/],
    [{ phase: 'waiting' }, /^Import en attente de connexion/],
    [{ phase: 'done' }, /^Import terminé$/],
    [{ phase: 'done', counts: { ...EMPTY_COUNTS, rejected: 2 } }, /^Terminé avec 2 refus$/],
  ] as const)('is told in the header: %o', async (fields, text) => {
    await openPage(new FakeApi(), '/app/profile');
    await screen.findByRole('heading', { level: 1 });
    act(() => publishImport(running(fields)));
    const pill = await waitFor(() => {
      const link = within(screen.getByRole('banner')).getByRole('link');
      expect(link.textContent?.trim()).toMatch(text);
      return link;
    });
    expect(pill.getAttribute('href')).toBe('/app/import');
  });

  test('is no news on its own page, nor when nothing runs', async () => {
    const { navigate } = await openPage(new FakeApi(), '/app/profile');
    await screen.findByRole('heading', { level: 1 });
    expect(within(screen.getByRole('banner')).queryByRole('link')).toBeNull();
    await navigate('/app/import');
    await screen.findByText('Imports précédents');
    act(() => publishImport(running({ lines: [{ name: 'IM1', sizeBytes: 1, state: 'sending' }] })));
    expect(await screen.findByRole('heading', { level: 2, name: 'Import en cours' })).toBeTruthy();
    expect(within(screen.getByRole('banner')).queryByRole('link')).toBeNull();
  });
});

describe('a page that breaks', () => {
  test('because the server is away keeps the way back, by its own button', async () => {
    const api = new FakeApi();
    api.away(true);
    const leave = vi.fn();
    standPlain({ path: '/app/patients', leave });
    const { user } = await openPage(api, '/app/patients', { me: 'nobody' });
    expect(await screen.findByText('Le serveur ne répond pas')).toBeTruthy();
    // What was drawn before the application was here does not stand over it.
    expect(leave.mock.calls).toEqual([[false]]);
    api.away(false);
    api.on('me', () => meOf('RADIOLOGIST')).on('listPatients', () => listOf([patientOf(1)]));
    await user.click(screen.getByRole('button', { name: 'Réessayer' }));
    expect(await screen.findByText('NG-1')).toBeTruthy();
  });

  test('by a fault of its own says that the data are safe', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await openPage(
      new FakeApi().on('me', () => new Refusal('INTERNAL')),
      '/app/patients',
      { me: 'nobody', locale: 'en' },
    );
    expect(await screen.findByText('This page has stopped')).toBeTruthy();
    expect(screen.getByText('An internal error happened; nothing was changed.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Reload' })).toBeTruthy();
  });
});
