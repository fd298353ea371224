import { Transfer, UsableNode } from '@negatoscope/contract';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, meOf, openPage } from './page-fixture.tsx';
import { studyOf } from './rows-fixture.ts';
import { make } from './sample.ts';

const grid = () => screen.findByRole('grid', { name: 'Examens' });
const rowsOf = (list: HTMLElement): HTMLElement[] =>
  within(list)
    .getAllByRole('row')
    .filter((row) => row.dataset.row !== undefined);

describe('the worklist', () => {
  test('is a skeleton until its rows have come, then shows whose, when and how far each study is', async () => {
    let arrive: (value: unknown) => void = () => undefined;
    const api = new FakeApi().on('listStudies', () => new Promise((resolve) => (arrive = resolve)));
    await openPage(api, '/app/worklist');
    const list = await grid();
    expect(list.getAttribute('aria-busy')).toBe('true');
    expect(list.querySelectorAll('.ng-skeleton').length).toBeGreaterThan(20);
    await waitFor(() => expect(api.of('listStudies')).toHaveLength(1));
    arrive(listOf([studyOf(1), studyOf(2, { status: 'VALIDATED' })]));
    await screen.findByText('Thorax 1');
    expect(list.getAttribute('aria-busy')).toBe('false');
    expect(list.querySelectorAll('.ng-skeleton')).toHaveLength(0);
    const [first, second] = rowsOf(list);
    expect(first?.textContent).toContain('BERNARD');
    expect(first?.textContent).toContain('01/03/2026');
    expect(first?.textContent).toContain('56 ans');
    expect(second?.textContent).toContain('Validé');
    expect(screen.getByText('2 résultats')).toBeTruthy();
  });

  test.each([
    ['fr', 'Changer le statut : En cours, lu en ce moment par Awa Diop, un autre lecteur', 'vous'],
    ['en', 'Change the status: In progress, being read by Awa Diop, another reader', 'you'],
  ] as const)('says by whom a study is read now (%s)', async (locale, name, self) => {
    const reader = (userId: string, name: string | null, isSelf = false) => ({
      userId,
      name,
      isSelf,
      since: '2026-03-01T08:00:00.000Z',
    });
    const [ana, bob] = ['01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002'];
    const rows = [
      studyOf(1, { status: 'IN_PROGRESS', readers: [reader(ana, 'Awa Diop'), reader(bob, null)] }),
      studyOf(2, { status: 'IN_PROGRESS', readers: [reader(ana, 'Awa Diop', true)] }),
      studyOf(3, { status: 'IN_PROGRESS', readers: [] }),
    ];
    await openPage(
      new FakeApi().on('listStudies', () => listOf(rows)),
      '/app/worklist',
      { locale },
    );
    expect((await screen.findByRole('button', { name: locale === 'fr' ? fr(name) : name })).textContent).toContain(
      'Awa Diop + 1',
    );
    const [, own, none] = rowsOf(await screen.findByRole('grid'));
    expect(own?.textContent).toContain(self);
    expect(none?.textContent).not.toContain('Diop');
  });

  test('gives several studies to one job that sends them to a node, and opens none meanwhile', async () => {
    const sent: unknown[] = [];
    const node = { id: '01990000-0000-7000-8000-0000000000aa', name: 'PACS', mayBeAsked: false, takesStudies: true };
    const api = new FakeApi()
      .on('listStudies', () => listOf([studyOf(1), studyOf(2, { groupId: null }), studyOf(3)]))
      .on('listUsableNodes', () => ({ items: [make(UsableNode, node)] }))
      .on('sendStudies', ({ params, body }) => {
        sent.push([params.id, body]);
        return make(Transfer, { kind: 'SEND' });
      });
    const { user, address } = await openPage(api, '/app/worklist', { role: 'PHYSICIAN' });
    await screen.findByText('Thorax 1');
    await user.click(screen.getByRole('button', { name: 'Choisir' }));
    expect(screen.getByText('Choisissez des examens dans la liste.')).toBeTruthy();
    const send = screen.getByRole('button', { name: 'Envoyer à une archive…' });
    expect((send as HTMLButtonElement).disabled).toBe(true);
    const [first, second] = rowsOf(await grid());
    if (first === undefined || second === undefined) throw new TypeError('There are no rows.');
    await user.click(first);
    await user.click(within(second).getByRole('checkbox'));
    expect(screen.getByText('2 examens choisis')).toBeTruthy();
    await user.click(send);
    await user.click(await within(await screen.findByRole('dialog')).findByRole('button', { name: 'Envoyer' }));
    expect(await screen.findByText('2 examens partent vers PACS.')).toBeTruthy();
    const studies = [studyOf(1), studyOf(2)].map(({ studyInstanceUid }, index) => ({
      studyInstanceUid,
      groupId: index === 1 ? 'none' : (studyOf(1).groupId ?? 'none'),
    }));
    expect(sent).toEqual([[node.id, { studies }]]);
    expect([address(), screen.queryAllByRole('checkbox')]).toEqual(['/app/worklist', []]);
  });

  test('lets go of what was chosen by Escape', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1)]));
    const { user } = await openPage(api, '/app/worklist', { role: 'PHYSICIAN', locale: 'en' });
    await screen.findByText('Thorax 1');
    await user.click(screen.getByRole('button', { name: 'Select' }));
    await user.click(screen.getByRole('checkbox', { name: /^Select BERNARD/ }));
    expect(screen.getByText('1 study selected')).toBeTruthy();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('checkbox')).toBeNull());
  });

  test('has nothing to choose for who may do nothing with several', async () => {
    await openPage(
      new FakeApi().on('listStudies', () => listOf([studyOf(1)])),
      '/app/worklist',
      { me: meOf('STAFF', { level: 'READ' }) },
    );
    await screen.findByText('Thorax 1');
    expect(screen.queryByRole('button', { name: 'Choisir' })).toBeNull();
  });

  test.each([
    ['fr', 'Aucun examen pour l’instant', 'Examens'],
    ['en', 'No studies yet', 'Studies'],
  ] as const)('that is empty says what will be there (%s)', async (locale, title, heading) => {
    await openPage(new FakeApi(), '/app/worklist', { locale });
    expect(await screen.findByText(title)).toBeTruthy();
    expect(screen.getByRole('heading', { name: heading })).toBeTruthy();
    expect(document.documentElement.lang).toBe(locale);
  });

  test('that a filter makes empty offers to clear it, and asks again without it', async () => {
    const api = new FakeApi().on('listStudies', ({ query }) => listOf(query.modality === undefined ? [studyOf(1)] : []));
    const { user, address } = await openPage(api, '/app/worklist?modality=MR');
    await screen.findByText('Aucun examen ne correspond');
    await user.click(screen.getByRole('button', { name: 'Effacer les filtres' }));
    expect(await screen.findByText('Thorax 1')).toBeTruthy();
    expect(address()).toBe('/app/worklist');
  });

  test('that can’t be read says why and recovers', async () => {
    let isDown = true;
    const api = new FakeApi().on('listStudies', () => (isDown ? new Refusal('UNAVAILABLE') : listOf([studyOf(1)])));
    const { user } = await openPage(api, '/app/worklist');
    const alert = await screen.findByRole('alert');
    // Twice more, since it may have passed.
    expect(api.of('listStudies')).toHaveLength(3);
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await screen.findByText('Thorax 1')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('is read page by page, each from where the one before ends, and each once', async () => {
    const pages = new Map([
      [
        undefined,
        listOf(
          Array.from({ length: 30 }, (_, index) => studyOf(index)),
          { nextCursor: 'second', total: 60 },
        ),
      ],
      [
        'second',
        listOf(
          Array.from({ length: 30 }, (_, index) => studyOf(30 + index)),
          { total: 60 },
        ),
      ],
    ]);
    const api = new FakeApi().on('listStudies', ({ query }) => pages.get(query.cursor as string | undefined));
    const { user } = await openPage(api, '/app/worklist');
    const list = await grid();
    await screen.findByText('Thorax 0');
    await user.keyboard('{End}');
    await waitFor(() => expect(api.of('listStudies').map(({ query }) => query.cursor)).toEqual([undefined, 'second']));
    expect(api.of('listStudies').map(({ query }) => [query.limit, query.sort])).toEqual([
      [100, '-studyDate'],
      [100, '-studyDate'],
    ]);
    expect(list.getAttribute('aria-rowcount')).toBe('61');
  });

  test('is walked by keys, which open the row that they are on', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1), studyOf(2), studyOf(3)]));
    const { user, address } = await openPage(api, '/app/worklist');
    const list = await grid();
    await screen.findByText('Thorax 1');
    const chosen = (): (string | undefined)[] =>
      rowsOf(list).flatMap((row) => (row.getAttribute('aria-selected') === 'true' ? [row.dataset.row] : []));
    await user.keyboard('jj');
    expect(chosen()).toEqual([studyOf(2).id]);
    await user.keyboard('{End}k');
    expect(chosen()).toEqual([studyOf(2).id]);
    await user.keyboard('{Home}{Enter}');
    await waitFor(() => expect(address()).toMatch(/^\/app\/studies\/2\.25\.1\b/));
  });

  test('keys in the search field belong to it, but for the way down into the list', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1), studyOf(2)]));
    const { user } = await openPage(api, '/app/worklist?status=TO_READ');
    const list = await grid();
    await screen.findByText('Thorax 1');
    await user.keyboard('/');
    const field = screen.getByRole('searchbox', { name: 'Filtrer les examens' });
    expect(document.activeElement).toBe(field);
    await user.keyboard('jk');
    expect(rowsOf(list).map((row) => row.getAttribute('aria-selected'))).toEqual(['false', 'false']);
    await waitFor(() => expect(api.of('listStudies').at(-1)?.query.q).toBe('jk'));
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(rowsOf(list)[0]?.getAttribute('aria-selected')).toBe('true'));
  });

  test('is ordered by a column, then the other way round, as the address says', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1)]));
    const { user, address } = await openPage(api, '/app/worklist');
    await screen.findByText('Thorax 1');
    for (const sort of ['patientName', '-patientName']) {
      await user.click(screen.getByRole('button', { name: /Patient/ }));
      await waitFor(() => expect(api.of('listStudies').at(-1)?.query.sort).toBe(sort));
      expect(address()).toContain(`sort=${sort}`);
      const header = screen.getByRole('columnheader', { name: /Patient/ });
      expect(header.getAttribute('aria-sort')).toBe(sort.startsWith('-') ? 'descending' : 'ascending');
    }
  });

  test('points at images that name somebody else, nobody, or a merged record', async () => {
    const mark = {
      receivedName: 'STRANGE Bob',
      receivedPatientId: null,
      receivedBirthDate: '1945-05-05',
      reason: null,
      by: 'Dr Roux',
      at: '2026-03-01T08:00:00.000Z',
    };
    const api = new FakeApi().on('listStudies', () =>
      listOf([
        studyOf(1, { identityMismatch: { ...mark, kind: 'OTHER_IDENTITY', cause: 'FOUND' } }),
        studyOf(2, { identityMismatch: { ...mark, kind: 'OTHER_IDENTITY', cause: 'MERGED' } }),
        studyOf(3, { identityMismatch: { ...mark, kind: 'NO_IDENTITY', cause: 'SAME_STUDY_UID', receivedName: '' } }),
        studyOf(4, {
          identityMismatch: { ...mark, kind: 'OTHER_IDENTITY', cause: 'DECIDED', reason: 'Vérifié', receivedName: null },
        }),
      ]),
    );
    await openPage(api, '/app/worklist');
    await screen.findByText('Thorax 4');
    const said = rowsOf(await grid()).map((row) => within(row).getByRole('img').getAttribute('aria-label'));
    expect(said).toEqual([
      expect.stringMatching(/STRANGE Bob · 05\/05\/1945\. Constaté quand Dr Roux/),
      expect.stringMatching(/STRANGE Bob.*Un dossier de ce nom a été réuni à celui-ci/),
      expect.stringMatching(/Ni nom ni date de naissance dans des images/),
      // Who sees pseudonyms is told that something is so, not what.
      'Les images portent une autre identité que ce patient.',
    ]);
  });

  test('on a phone is cards, without columns', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1)]));
    await openPage(api, '/app/worklist', { isPhone: true });
    const card = (await screen.findByText('Thorax 1')).closest('[role="row"]');
    expect(card?.querySelectorAll('[role="gridcell"]')).toHaveLength(1);
    expect(screen.queryByRole('columnheader')).toBeNull();
  });

  test('unfolds its filters by one button, which says how many are set', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1)]));
    const { user } = await openPage(api, '/app/worklist?status=TO_READ&urgency=URGENT', { isPhone: true });
    const button = await screen.findByRole('button', { name: /^Filtres\s*2$/ });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await user.click(button);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    const unfolded = document.getElementById(button.getAttribute('aria-controls') ?? '');
    expect(unfolded?.querySelectorAll('select').length).toBeGreaterThan(4);
  });

  test('changes a status at once, and takes it back when the server refuses', async () => {
    let refuse: (value: unknown) => void = () => undefined;
    const api = new FakeApi()
      .on('listStudies', () => listOf([studyOf(1)]))
      .on('updateStudy', () => new Promise((resolve) => (refuse = resolve)));
    const { user } = await openPage(api, '/app/worklist');
    await screen.findByText('Thorax 1');
    const button = (status: string) => screen.findByRole('button', { name: fr(`Changer le statut : ${status}`) });
    await user.click(await button('À lire'));
    await user.click(await screen.findByRole('menuitemradio', { name: /Validé/ }));
    await button('Validé');
    expect(api.of('updateStudy')[0]).toMatchObject({ params: { studyInstanceUid: '2.25.1' }, body: { status: 'VALIDATED' } });
    refuse(new Refusal('FORBIDDEN'));
    await button('À lire');
    expect(await screen.findByText('Votre rôle ne permet pas cette action.')).toBeTruthy();
  });

  test('without a line says that the server is away, and comes back', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1)]));
    api.on('listModalities', () => ({ items: ['CT'] }));
    const { user } = await openPage(api, '/app/worklist');
    await screen.findByText('Thorax 1');
    api.away(true);
    fireEvent.change(screen.getByRole('searchbox', { name: 'Filtrer les examens' }), { target: { value: 'durand' } });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Le serveur ne répond pas. Rien n’est perdu');
    api.away(false);
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await screen.findByText('Thorax 1')).toBeTruthy();
    expect(api.of('listStudies').at(-1)?.query.q).toBe('durand');
  });
});
