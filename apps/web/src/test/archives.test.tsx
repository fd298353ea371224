import { FoundStudy, type SearchEnd, Transfer, TransferDetails } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const NODES = [
  { id: idOf(1), name: 'PACS central', mayBeAsked: true, takesStudies: true },
  { id: idOf(2), name: 'Graveur', mayBeAsked: false, takesStudies: true },
];
const found = (more: Partial<FoundStudy> = {}): FoundStudy =>
  make(FoundStudy, {
    ...{ studyInstanceUid: '1.2.3', patientName: 'Rakoto^Aina', patientId: 'P7', studyDate: '20240105', modalities: ['CT'] },
    ...{ instances: 120, here: null, description: 'Thorax', patientBirthDate: '', accessionNumber: '' },
    ...more,
  });
const event = (name: 'study' | 'end', data: FoundStudy | SearchEnd): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const DONE: SearchEnd = { outcome: 'DONE', code: null, found: 0 };
const transfer = (more: Partial<Transfer> = {}): Transfer =>
  make(Transfer, {
    ...{ id: idOf(50), kind: 'RETRIEVE' as const, node: { id: idOf(1), name: 'PACS central' }, status: 'RUNNING' as const },
    ...{ studies: 2, total: 240, done: 60, createdAt: '2026-11-27T03:00:00.000Z' },
    ...more,
  });
const api = (): FakeApi => new FakeApi().on('listUsableNodes', () => ({ items: NODES }));
const open = (fake: FakeApi, role: 'ADMIN' | 'PHYSICIAN' | 'STAFF' = 'PHYSICIAN', locale: 'fr' | 'en' = 'fr') =>
  openPage(fake, '/app/archives', { role, locale });

describe('other archives', () => {
  test('a search asks the node that is chosen, only those that may be, and shows what comes with what is here', async () => {
    const fake = api().on('searchNode', () =>
      [
        event('study', found()),
        event('study', found({ studyInstanceUid: '1.2.4', patientName: 'Sow^Aminata', here: { instances: 120, groupId: null } })),
        event('study', found({ studyInstanceUid: '1.2.5', patientName: '', here: { instances: 7, groupId: null } })),
        event('end', { ...DONE, found: 3 }),
      ].join(''),
    );
    const { user } = await open(fake);
    const choices = within(await screen.findByLabelText('Archive')).getAllByRole('option');
    expect(choices.map(({ textContent }) => textContent)).toEqual(['PACS central']);
    await user.click(screen.getByRole('button', { name: 'Chercher' }));
    expect((await screen.findByRole('alert')).textContent).toBe('Donnez au moins un critère.');
    await user.type(screen.getByLabelText('Nom'), ' rako ');
    await user.click(screen.getByRole('button', { name: 'Chercher' }));
    expect(await screen.findByText('3 examens trouvés')).toBeTruthy();
    expect(fake.of('searchNode').map(({ params, body }) => [params, body])).toEqual([[{ id: idOf(1) }, { patientName: 'rako' }]]);
    const rows = screen
      .getAllByRole('checkbox')
      .slice(1)
      .map((box) => box.closest('li')?.textContent ?? '');
    expect(rows[0]).toContain('RAKOTO Aina');
    expect(rows[0]).toContain('P7 · Thorax · 120 images');
    expect(rows[0]).not.toContain('ici');
    expect(rows[1]).toContain('déjà ici');
    expect(rows[2]).toContain('Sans nom');
    expect(rows[2]).toContain('7 ici');
  });

  test('what is chosen is fetched, into one’s own group', async () => {
    const fake = api()
      .on(
        'searchNode',
        () =>
          event('study', found()) + event('study', found({ studyInstanceUid: '1.2.4', instances: null })) + event('end', DONE),
      )
      .on('retrieveStudies', () => transfer());
    const { user } = await open(fake);
    await user.type(await screen.findByLabelText('Numéro de patient'), 'P7{Enter}');
    const button = await screen.findByRole('button', { name: /^Rapatrier/ });
    expect([button.hasAttribute('disabled'), button.textContent]).toEqual([true, 'Rapatrier']);
    await user.click(screen.getByRole('checkbox', { name: /^Tout choisir/ }));
    await user.click(screen.getByRole('button', { name: 'Rapatrier 2 examens' }));
    await waitFor(() =>
      expect(fake.of('retrieveStudies').map(({ body }) => body)).toEqual([
        {
          studies: [
            { studyInstanceUid: '1.2.3', instances: 120 },
            { studyInstanceUid: '1.2.4', instances: null },
          ],
        },
      ]),
    );
    expect(await screen.findByText('2 examens sont demandés.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Suivre' }));
    expect(document.activeElement?.textContent).toBe('Transferts');
  });

  test('more than one transfer takes are fetched by several', async () => {
    const all = Array.from({ length: 101 }, (_, index) => event('study', found({ studyInstanceUid: `1.2.${index}` })));
    const fake = api()
      .on('searchNode', () => [...all, event('end', { ...DONE, found: 101 })].join(''))
      .on('retrieveStudies', () => transfer());
    const { user } = await open(fake);
    await user.type(await screen.findByLabelText('Numéro de patient'), 'P7{Enter}');
    await user.click(await screen.findByRole('checkbox', { name: 'Tout choisir (101)' }));
    await user.click(screen.getByRole('button', { name: 'Rapatrier 101 examens' }));
    expect(await screen.findByText('101 examens sont demandés.')).toBeTruthy();
    const asked = fake.of('retrieveStudies').map(({ body }) => (body as { studies: unknown[] }).studies.length); // By its contract.
    expect(asked).toEqual([100, 1]);
  });

  test('what is here already is opened from the list', async () => {
    const here = { instances: 120, groupId: idOf(7) };
    const { user } = await open(api().on('searchNode', () => event('study', found({ here })) + event('end', DONE)));
    await user.type(await screen.findByLabelText('Numéro de patient'), 'P7{Enter}');
    const link = await screen.findByRole('link', { name: 'déjà ici' });
    expect(link.getAttribute('href')).toBe(`/app/studies/1.2.3?groupId=${idOf(7)}`);
  });

  test('what has come since says so, once its transfer has ended', async () => {
    let status: Transfer['status'] = 'RUNNING';
    const fake = api()
      .on('searchNode', () => event('study', found()) + event('end', { ...DONE, found: 1 }))
      .on('listTransfers', () => listOf([transfer({ status })]))
      .on('studiesHere', () => ({ items: [{ studyInstanceUid: '1.2.3', instances: 120, groupId: idOf(7) }] }));
    const { user } = await open(fake);
    await user.type(await screen.findByLabelText('Numéro de patient'), 'P7{Enter}');
    await screen.findByText('1 examen trouvé');
    expect(screen.queryByRole('link', { name: 'déjà ici' })).toBeNull();
    expect(fake.of('studiesHere')).toEqual([]);
    status = 'DONE';
    const link = await screen.findByRole('link', { name: 'déjà ici' }, { timeout: 5_000 });
    expect(link.getAttribute('href')).toBe(`/app/studies/1.2.3?groupId=${idOf(7)}`);
    expect(fake.of('studiesHere').map(({ body }) => body)).toEqual([{ studyInstanceUids: ['1.2.3'] }]);
  });

  test('dates the wrong way round are told before anybody is asked', async () => {
    const fake = api();
    const { user } = await open(fake);
    const write = async (name: string, year: string): Promise<void> => {
      const [day] = within(await screen.findByRole('group', { name })).getAllByRole('spinbutton');
      await user.click(day as HTMLElement); // The first of the three.
      await user.keyboard(`0101${year}`);
    };
    await write('Du', '2024');
    await write('Au', '2023');
    await user.click(screen.getByRole('button', { name: 'Chercher' }));
    expect((await screen.findByRole('alert')).textContent).toBe('La seconde date est avant la première.');
    expect(fake.of('searchNode')).toEqual([]);
  });

  test.each([
    [{ outcome: 'FAILED', code: 'UNREACHABLE', found: 0 }, /^La recherche a échoué : injoignable\. Rien n’a changé ici\./],
    [{ outcome: 'DONE', code: null, found: 0 }, 'Rien ne correspond'],
  ] as const)('how a search ended is told: %o', async (end, text) => {
    const { user } = await open(api().on('searchNode', () => event('end', end)));
    await user.type(await screen.findByLabelText('Nom'), 'x{Enter}');
    expect(await screen.findByText(text)).toBeTruthy();
  });

  test('what the server refuses stays on screen', async () => {
    const { user } = await open(api().on('searchNode', () => new Refusal('NOT_FOUND')));
    await user.type(await screen.findByLabelText('Nom'), 'x{Enter}');
    expect(await screen.findByText('Introuvable.')).toBeTruthy();
  });

  test('without an archive to search the page says who chooses them, in both languages', async () => {
    await open(
      new FakeApi().on('listUsableNodes', () => ({ items: [] })),
      'PHYSICIAN',
      'en',
    );
    expect(await screen.findByText('No archive to search')).toBeTruthy();
    expect(screen.getByText(/An administrator chooses in DICOM nodes/)).toBeTruthy();
    expect(await screen.findByText('No transfers yet')).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Open DICOM nodes' })).toBeNull();
  });

  test('without an archive to search, who may choose them gets there', async () => {
    await open(
      new FakeApi().on('listUsableNodes', () => ({ items: [] })),
      'ADMIN',
    );
    expect((await screen.findByRole('link', { name: 'Ouvrir Nœuds DICOM' })).getAttribute('href')).toBe('/app/admin/nodes');
  });
});

describe('transfers', () => {
  test('show how far they are and why they failed; each is stopped, or tried again', async () => {
    const items = [
      transfer(),
      transfer({
        id: idOf(51),
        kind: 'SEND',
        status: 'PARTIAL',
        total: 10,
        done: 8,
        failed: 2,
        code: 'OUT_OF_RESOURCES',
        node: { id: idOf(2), name: 'Graveur' },
      }),
      transfer({ id: idOf(52), status: 'DONE', total: 10, done: 10, by: { id: idOf(99), name: 'Awa Diop' } }),
      transfer({ id: idOf(53), status: 'WAITING', total: null, done: 0 }),
      transfer({
        ...{ id: idOf(54), kind: 'SEND', status: 'WAITING', total: 10, done: 0, code: 'UNREACHABLE' },
        ...{ nextTryAt: '2026-11-27T03:30:00.000Z', node: { id: idOf(3), name: 'Éteint' } },
      }),
    ];
    const details = make(TransferDetails, {
      ...items[1],
      problems: [
        {
          studyInstanceUid: '1.2.3',
          sopInstanceUid: '1.2.3.4',
          outcome: 'FAILED',
          code: 'OUT_OF_RESOURCES',
          status: 0xa700,
          comment: 'Disk full',
        },
        ...[
          {
            studyInstanceUid: '1.2.4',
            sopInstanceUid: null,
            outcome: 'FAILED',
            code: 'IN_TRASH',
            status: null,
            comment: null,
          } as const,
        ],
      ],
    });
    const fake = api()
      .on('listTransfers', () => listOf(items))
      .on('getTransfer', () => details);
    const { user } = await open(fake);
    const section = await screen.findByRole('region', { name: 'Transferts' });
    await within(section).findByText('vers Graveur');
    const lines = within(section)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent ?? '');
    expect(lines[0]).toContain('2 examens · 60 sur 240 images');
    expect(lines[1]).toContain('incomplet');
    expect(lines[1]).toContain('2 échecs · pas assez de place ou de moyens');
    expect(lines[2]).toContain('10 sur 10 images · demandé par Awa Diop');
    expect(lines[3]).toContain('en attente');
    expect(lines[4]).toMatch(/en attente.*injoignable · nouvel essai le .*27/);
    await user.click(within(section).getByRole('button', { name: 'Essayer maintenant le transfert vers Éteint' }));
    expect(within(section).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    await user.click(within(section).getByRole('button', { name: 'Réessayer le transfert vers Graveur' }));
    await user.click(
      within(section).getAllByRole('button', { name: 'Arrêter le transfert depuis PACS central' })[0] as HTMLElement,
    ); // The one that runs.
    await waitFor(() => expect(fake.of('cancelTransfer').map(({ params }) => params)).toEqual([{ id: idOf(50) }]));
    expect(fake.of('retryTransfer').map(({ params }) => params)).toEqual([{ id: idOf(54) }, { id: idOf(51) }]);
    await user.click(within(section).getByRole('button', { name: 'Détails du transfert vers Graveur' }));
    const dialog = await screen.findByRole('dialog', { name: 'Détails du transfert vers Graveur' });
    expect(await within(dialog).findByText(/Disk full/)).toBeTruthy();
    expect(within(dialog).getByText('l’examen est ici, à la corbeille : un administrateur l’en restaure')).toBeTruthy();
    // A physician puts nothing into the trash, and takes nothing out.
    expect(within(dialog).queryByRole('link', { name: 'Ouvrir la corbeille' })).toBeNull();
  });
});

describe('a study is sent from its menu', () => {
  const patient = patientOf(1);
  const study = studyOf(1, { groupId: idOf(7) });
  const withStudy = (): FakeApi =>
    api()
      .on('getPatient', () => patient)
      .on('listStudies', () => listOf([study]));

  /** The one in the list; the bar of pages has one of the same name. */
  const studyMenu = async (): Promise<HTMLElement> => {
    await screen.findByTitle('Ouvrir dans la visionneuse');
    const [button] = screen
      .getAllByRole('button', { name: 'Plus' })
      .filter((one) => one.closest('li') !== null && one.closest('nav') === null);
    if (button === undefined) throw new Error('No menu of a study.');
    return button;
  };

  test('to a node that takes studies', async () => {
    const fake = withStudy().on('sendStudies', () => transfer({ kind: 'SEND' }));
    const { user } = await openPage(fake, `/app/patients/${patient.id}`, { role: 'PHYSICIAN' });
    await user.click(await studyMenu());
    await user.click(await screen.findByRole('menuitem', { name: 'Envoyer à une archive…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Envoyer à une archive' });
    await user.selectOptions(await within(dialog).findByLabelText('Archive'), 'Graveur');
    await user.click(within(dialog).getByRole('button', { name: 'Envoyer' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(fake.of('sendStudies').map(({ params, body }) => [params, body])).toEqual([
      [{ id: idOf(2) }, { studies: [{ studyInstanceUid: study.studyInstanceUid, groupId: idOf(7) }] }],
    ]);
  });

  test('from the list of studies as well', async () => {
    const fake = withStudy().on('sendStudies', () => transfer({ kind: 'SEND' }));
    const { user } = await openPage(fake, '/app/worklist', { role: 'PHYSICIAN' });
    await user.click((await screen.findAllByRole('button', { name: /^Statut|^Changer/ }))[0] as HTMLElement); // That of the row.
    await user.click(await screen.findByRole('menuitem', { name: 'Envoyer à une archive…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Envoyer à une archive' });
    await user.click(await within(dialog).findByRole('button', { name: 'Envoyer' }));
    await waitFor(() => expect(fake.of('sendStudies').map(({ params }) => params)).toEqual([{ id: idOf(1) }]));
  });

  test('by nobody who may not', async () => {
    const { user } = await openPage(withStudy(), `/app/patients/${patient.id}`, { role: 'STAFF' });
    await user.click(await studyMenu());
    expect(await screen.findAllByRole('menuitem')).not.toHaveLength(0);
    expect(screen.queryByRole('menuitem', { name: 'Envoyer à une archive…' })).toBeNull();
  });
});
