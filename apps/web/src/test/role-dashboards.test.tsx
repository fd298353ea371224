import { BackupCare, DeidExport, DeidProject, DiskCare, Notice, Overview, WorkFigures } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, meOf, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const api = (fields: Partial<Overview> = {}): FakeApi =>
  new FakeApi().on('overview', () => make(Overview, { patients: 3, studies: 4, instances: 12, ...fields }));
const plain = (text: string | null | undefined): string => (text ?? '').replaceAll(/\s/g, ' ');
const open = (of: FakeApi, options: Parameters<typeof openPage>[2]) => openPage(of, '/app', options);

describe('who reads', () => {
  const figures = (fields: Partial<WorkFigures> = {}) => make(WorkFigures, { mine: 3, nobodys: 1200, pressing: 0, ...fields });
  const work = () => screen.findByRole('region', { name: 'Mon travail' });

  test('sees their own, what is urgent and what is nobody’s, each a press away in the list', async () => {
    await open(
      api().on('workFigures', () => figures()),
      { role: 'RADIOLOGIST' },
    );
    const place = await work();
    await waitFor(() => expect(place.querySelector('.ng-skeleton')).toBeNull());
    const links = within(place).getAllByRole('link');
    expect(links.map(({ textContent }) => plain(textContent))).toEqual(['Attribués à moi3', 'Urgents0', 'À personne1 200']);
    const searches = links.map((link) =>
      Object.fromEntries(new URL(link.getAttribute('href') ?? '', 'http://localhost').searchParams),
    );
    expect(searches).toEqual([
      { assignee: 'me', status: 'OPEN', sort: 'receivedAt' },
      { urgency: 'PRESSING', status: 'OPEN', sort: 'receivedAt' },
      { assignee: 'none', status: 'OPEN', sort: 'receivedAt' },
    ]);
    expect(place.textContent).toContain('rien de validé en 30 jours');
  });

  test.each([
    [45, 119, '45 min', '119 min'],
    [120, 2_879, '2 h', '48 h'],
    [2_880, 14_400, '2 j', '10 j'],
  ])('is told how long reading takes (%i and %i minutes)', async (medianMinutes, p90Minutes, median, p90) => {
    const turnaround = { studies: 7, medianMinutes, p90Minutes };
    await open(
      api().on('workFigures', () => figures({ turnaround })),
      { role: 'RADIOLOGIST' },
    );
    const place = await work();
    await waitFor(() => expect(plain(place.textContent)).toContain(`Délai de lecture${median}`));
    expect(plain(place.textContent)).toContain(`médiane, 7 examens en 30 jours · 9 sur 10 en ${p90}`);
  });

  test('keeps its shape until it is counted', async () => {
    await open(
      api().on('workFigures', () => new Promise(() => undefined)),
      { role: 'RADIOLOGIST' },
    );
    const place = await work();
    expect(place.querySelectorAll('.ng-skeleton')).toHaveLength(4);
    expect(place.textContent).not.toContain('rien de validé');
  });
});

describe('a physician', () => {
  const study = {
    ...{ id: idOf(201), studyInstanceUid: '2.25.1', groupId: null, patientId: idOf(101) },
    ...{ patientName: 'BERNARD Anna', description: 'Thorax' },
  };
  const notice = (number: number, fields: Partial<Notice> = {}) =>
    make(Notice, { id: idOf(500 + number), kind: 'REPORT_SIGNED', study, at: '2026-03-01T08:00:00.000Z', ...fields });
  const results = async (): Promise<HTMLElement> => {
    const found = (await screen.findByRole('heading', { name: 'Nouveaux résultats de mes patients' })).closest('section');
    if (found === null) throw new TypeError('It stands in no section.');
    return found;
  };

  test('is told of the reports that they have not seen, and each is seen by going there', async () => {
    const of = api().on('listNotices', ({ query }) => ({
      items:
        query.kind === 'REPORT_SIGNED'
          ? [notice(1), notice(2, { readAt: '2026-03-01T09:00:00.000Z' }), notice(3, { study: null })]
          : [],
      unread: 2,
    }));
    const { user, address } = await open(of, { role: 'PHYSICIAN' });
    const link = await within(await results()).findByRole('link');
    expect(link.textContent).toContain('BERNARD Anna');
    await user.click(link);
    await waitFor(() => expect(address()).toBe('/app/studies/2.25.1?groupId=none'));
    expect(of.of('readNotices').map(({ body }) => body)).toEqual([{ ids: [idOf(501)] }]);
  });

  test('has seen all of those by one press, and nothing else that they are told of', async () => {
    let items = [notice(1), notice(2)];
    const of = api()
      .on('listNotices', ({ query }) => ({ items: query.kind === undefined ? [] : items, unread: items.length }))
      .on('readNotices', () => {
        items = [];
        return { unread: 0 };
      });
    const { user } = await open(of, { role: 'PHYSICIAN' });
    await user.click(await within(await results()).findByRole('button', { name: 'Tout est vu' }));
    expect(await within(await results()).findByText('Aucun compte rendu depuis votre dernière visite.')).toBeTruthy();
    expect(of.of('readNotices').map(({ body }) => body)).toEqual([{ ids: [idOf(501), idOf(502)] }]);
  });
});

describe('the desk', () => {
  test('has what it does all day one press away, and nothing of reading', async () => {
    await open(api(), { role: 'STAFF' });
    const place = await screen.findByRole('region', { name: 'Accueil' });
    const links = within(place).getAllByRole('link');
    expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['Inscrire un patient', '/app/consultations'],
      ['Importer un CD ou un dossier', '/app/import'],
      ['Remettre des images', '/app/patients?sort=-lastStudyAt'],
      ['Nouveau dossier', '/app/patients?create=true'],
    ]);
    expect(screen.queryByRole('region', { name: 'Mon travail' })).toBeNull();
    expect(screen.queryByRole('heading', { name: 'Installation' })).toBeNull();
  });

  test.each(['RADIOLOGIST', 'PHYSICIAN', 'ADMIN', 'RESEARCHER'] as const)('is not that of a %s', async (role) => {
    await open(api(), { role });
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => expect(document.querySelector('main .ng-skeleton[style*="52"]')).toBeNull());
    expect(screen.queryByRole('region', { name: 'Accueil' })).toBeNull();
  });
});

describe('a researcher', () => {
  test('has their projects and last exports one press away, and how far they are', async () => {
    const of = api()
      .on('listDeidProjects', () => ({ items: [make(DeidProject, { id: idOf(1), name: 'Poumon 2026' })] }))
      .on('listDeidExports', () => ({
        items: [
          make(DeidExport, { id: idOf(2), project: { id: idOf(1), name: 'Poumon 2026' }, status: 'RUNNING' }),
          make(DeidExport, { id: idOf(3), project: null, status: 'FAILED' }),
        ],
      }));
    await open(of, { role: 'RESEARCHER' });
    const place = await screen.findByRole('region', { name: 'Projets et exports' });
    await waitFor(() => expect(place.textContent).toContain('1 projet'));
    expect(
      within(place)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([expect.stringMatching(/^Poumon 2026en préparation/), expect.stringMatching(RegExp(`^Export isolé${'échec'}`))]);
    expect(within(place).getByRole('link').getAttribute('href')).toBe('/app/deidentification');
  });

  test('without any is told so', async () => {
    const none = () =>
      api()
        .on('listDeidProjects', () => ({ items: [] }))
        .on('listDeidExports', () => ({ items: [] }));
    await open(none(), { role: 'RESEARCHER' });
    const place = await screen.findByRole('region', { name: 'Projets et exports' });
    await waitFor(() => expect(place.textContent).toContain('Aucun projet pour l’instant.Aucun export cette semaine.'));
  });
});

describe('who runs the installation', () => {
  const site = async (): Promise<HTMLElement> => {
    const found = (await screen.findByRole('heading', { name: 'Installation' })).closest('section');
    if (found === null) throw new TypeError('It stands in no section.');
    return found;
  };
  const facts = async (): Promise<Record<string, string>> => {
    const place = await site();
    await waitFor(() => expect(place.querySelector('.ng-skeleton')).toBeNull());
    const terms = [...place.querySelectorAll('dt')];
    return Object.fromEntries(terms.map((term) => [term.textContent, plain(term.nextElementSibling?.textContent)]));
  };
  const disk = (fields: Partial<DiskCare> = {}) =>
    make(DiskCare, {
      totalBytes: 2_000_000_000_000,
      freeBytes: 1_500_000_000_000,
      dailyBytes: 1,
      observedDays: 30,
      daysLeft: null,
      ...fields,
    });

  test('reads in words that all is well, without a mark', async () => {
    const of = api()
      .on('diskCare', () => disk())
      .on('backupCare', () => ({
        ...make(BackupCare, {}),
        last: {
          ...{ id: idOf(1), startedAt: '2026-03-01T02:00:00.000Z', endedAt: null, outcome: 'DONE', failure: null, target: 'x' },
          ...{ isEncrypted: true, hasDatabase: true, pointAt: null, objects: 0, copiedObjects: 0, copiedBytes: 0 },
          ...{ keptBytes: null, damaged: 0 },
        },
      }));
    await open(of, { role: 'ADMIN' });
    const told = await facts();
    expect(told.Santé).toBe('tout répond');
    expect(told.Disque).toMatch(/^1,5 To libres sur 2 To, de la place pour longtemps$/);
    expect(told.Sauvegarde).toMatch(/^la dernière le 01\/03\/2026/);
    expect(told.Échecs).toBe('aucun en 24 heures');
    const all = within(await site()).getByRole('link', { name: 'Administration' });
    expect(all.getAttribute('href')).toBe('/app/admin/system');
  });

  test('sees a mark before each thing that needs somebody', async () => {
    const failed = (lastFailedAt: string | null) => ({
      ...{ name: 'predict', schedule: null, followedBy: [], waiting: 0, running: 0, since: null, runs: 1, failures: 1 },
      ...{ totalMs: 0, longestMs: 0, lastMs: null, lastRunAt: null, lastFailedAt, lastFailure: 'X' },
    });
    const of = api()
      .on('diskCare', () => disk({ daysLeft: 59 }))
      .on('backupCare', () => make(BackupCare, { isLate: true }))
      .on('jobCare', () => ({
        items: [failed(new Date().toISOString()), failed('2020-01-01T00:00:00.000Z'), failed(null)],
      }))
      .on('health', () => new Refusal('UNAVAILABLE'));
    await open(of, { role: 'ADMIN' });
    const told = await facts();
    expect(told.Santé).toBe('! une partie ne répond pas');
    expect(told.Disque).toMatch(/^! .*plein dans 59 jours à ce rythme$/);
    expect(told.Sauvegarde).toBe('! en retard, aucune');
    expect(told.Échecs).toBe('! 1 tâche en échec depuis 24 heures');
  });

  test('is told no forecast by an archive that is too young for one', async () => {
    await open(
      api().on('diskCare', () => disk({ observedDays: 12 })),
      { role: 'ADMIN' },
    );
    expect((await facts()).Disque).toMatch(/pas assez de jours pour prévoir \(12 sur 30\)$/);
  });

  test.each([
    [60, ''],
    [59, '! '],
  ])('is warned of a disk that is full in less than sixty days (%i)', async (daysLeft, mark) => {
    await open(
      api().on('diskCare', () => disk({ daysLeft })),
      { role: 'ADMIN' },
    );
    expect((await facts()).Disque?.startsWith(`${mark}1,5`)).toBe(true);
  });
});

describe('a researcher', () => {
  test.each([
    [null, 4, /d’aucun groupe/],
    [idOf(700), 4, /sous pseudonyme ; les examens sans groupe/],
    [idOf(700), 0, /n’a encore aucun examen/],
  ])('is told what they see, and why that may be nothing (group %s, %i studies)', async (groupId, studies, said) => {
    await open(api({ studies }), { me: meOf('RESEARCHER', { groupId }) });
    const note = await screen.findByRole('note');
    expect(plain(note.textContent)).toMatch(said);
    expect(within(note).queryByRole('heading') !== null).toBe(studies === 0);
  });

  test('has no tiles of work, nor anything of patients’ names', async () => {
    await open(
      api().on('listStudies', () => listOf([])),
      { me: meOf('RESEARCHER', { groupId: idOf(700) }) },
    );
    await screen.findByRole('note');
    expect(screen.queryByRole('heading', { name: fr('Nouveaux résultats de mes patients') })).toBeNull();
    expect(screen.queryByRole('region', { name: 'Mon travail' })).toBeNull();
  });
});
