import { Reading, type Study, TrashEntry } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { standPlain } from '../api/plain-picture.ts';
import { forgetList } from '../entities/study/reading-list.ts';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';
import { BREAKS } from './viewer-fixture.tsx';

const MARK = {
  kind: 'OTHER_IDENTITY',
  cause: 'DECIDED',
  receivedName: 'STRANGE Bob',
  receivedPatientId: 'P-9',
  receivedBirthDate: '1945-05-05',
  reason: 'Mariage',
  by: 'Dr Roux',
  at: '2026-03-01T08:00:00.000Z',
} as const;
const viewer = () => screen.findByRole('region', { name: 'viewer' });
const seriesOf = (seriesInstanceUid: string, nameless: boolean) => ({ seriesInstanceUid, nameless });
const studyWith = (fields: Parameters<typeof studyOf>[1] = {}, series: readonly object[] = []) => ({
  ...studyOf(1, fields),
  series,
});
const open = async (api: FakeApi, address = '/app/studies/2.25.1', options: Parameters<typeof openPage>[2] = {}) => {
  const page = await openPage(api, address, options);
  return { ...page, ask: async (name: string) => page.user.click(within(await viewer()).getByRole('button', { name })) };
};
afterEach(forgetList);

describe('a study’s page', () => {
  test('opens the viewer with what the address says, without the frame of the application', async () => {
    const api = new FakeApi().on('getStudy', () => studyWith());
    await open(api, '/app/studies/2.25.1?groupId=none&series=2.25.1.7&compare=2.25.5&compareGroup=none');
    expect((await viewer()).querySelector('output')?.textContent).toBe('2.25.1 none 2.25.1.7 2.25.5');
    expect(screen.queryByRole('navigation', { name: 'Navigation principale' })).toBeNull();
    await waitFor(() =>
      expect(api.of('getStudy')[0]).toMatchObject({ params: { studyInstanceUid: '2.25.1' }, query: { groupId: 'none' } }),
    );
  });

  test('alone hangs nothing beside, and says where that is', async () => {
    const { ask } = await open(
      new FakeApi().on('getStudy', () => studyWith()),
      '/app/studies/2.25.1?alone=true&compare=2.25.5',
    );
    expect((await viewer()).querySelector('output')?.textContent).toBe('2.25.1 alone');
    await ask('address');
    expect(await screen.findByText('/app/studies/2.25.1?groupId=none&alone=true')).toBeTruthy();
  });

  test('that the viewer fails on says that the study is safe, and leads back', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const leave = vi.fn();
    standPlain({ path: `/app/studies/${BREAKS}`, leave });
    const { user, address } = await openPage(
      new FakeApi().on('getStudy', () => studyWith()),
      `/app/studies/${BREAKS}`,
    );
    expect(await screen.findByText('La visionneuse n’est pas disponible')).toBeTruthy();
    // Nor does a picture stand over it that was drawn before the application was here.
    expect(leave.mock.calls).toEqual([[false]]);
    expect(screen.getByText(/L’examen est en sécurité sur le serveur/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Retour' }));
    await waitFor(() => expect(address()).toBe('/app/worklist'));
  });

  test.each([
    [
      MARK,
      /^Attribué malgré une autre identité\. Les images portent\s: STRANGE Bob · 05\/05\/1945 · P-9\. Décidé par Dr Roux le .*\. Motif\s: Mariage\.$/,
    ],
    [{ ...MARK, cause: 'FOUND', by: null, reason: null }, /^Autre identité\. .* Constaté par un changement du dossier, le /],
    [{ ...MARK, cause: 'MERGED' }, /^Nom d’un dossier réuni\. .*Un dossier de ce nom a été réuni à celui-ci/],
    [{ ...MARK, kind: 'NO_IDENTITY', cause: 'DECIDED' }, /^Images sans identité\. .*Classées sous ce patient par Dr Roux/],
    [{ ...MARK, kind: 'NO_IDENTITY', cause: 'SAME_PATIENT_ID' }, /^Images sans identité\. .*leur numéro de patient \(P-9\)/],
    [{ ...MARK, kind: 'NO_IDENTITY', receivedName: null }, /^Images sans identité\. Des images ne portent aucune identité\.$/],
  ] as const)('says above the images that they name somebody else: %o', async (identityMismatch, text) => {
    await open(new FakeApi().on('getStudy', () => studyWith({ identityMismatch })));
    expect((await screen.findByRole('note')).textContent?.trim()).toMatch(text);
  });

  test('points the viewer at series that name nobody, only where the record has a name', async () => {
    const series = [seriesOf('2.25.1.1', true), seriesOf('2.25.1.2', false)];
    const whole = (fields: Parameters<typeof studyOf>[1]) => {
      const base = studyWith(fields);
      return { ...base, series: series.map((one) => ({ ...SERIES, ...one })) };
    };
    const { close } = await open(
      new FakeApi().on('getStudy', () => whole({ identityMismatch: { ...MARK, kind: 'NO_IDENTITY' } })),
    );
    await screen.findByRole('note');
    expect((await viewer()).querySelector('output')?.textContent).toBe('2.25.1 2.25.1.1');
    close();
    await open(new FakeApi().on('getStudy', () => whole({})));
    expect((await viewer()).querySelector('output')?.textContent).toBe('2.25.1');
  });

  test('whose words are uncertain is confirmed by who may; a patient’s name is checked in their record', async () => {
    let isUncertain = true;
    const api = new FakeApi()
      .on('getStudy', () => studyWith({ textUncertain: isUncertain, description: 'Thorax ?' }))
      .on('updateStudy', () => {
        isUncertain = false;
        return studyWith();
      });
    const { user, close } = await open(api);
    expect((await screen.findByRole('note')).textContent).toContain('Thorax ?');
    await user.click(screen.getByRole('button', { name: 'C’est juste' }));
    await waitFor(() => expect(screen.queryByRole('note')).toBeNull());
    expect(api.of('updateStudy').map(({ body }) => body)).toEqual([{ textUncertain: false }]);
    close();
    const { patient } = studyOf(1);
    await open(new FakeApi().on('getStudy', () => studyWith({ patient: { ...patient, textUncertain: true } })));
    const link = await screen.findByRole('link', { name: 'Vérifier le nom' });
    expect(link.getAttribute('href')).toBe(`/app/patients/${patient.id}`);
  });
});

const SERIES = {
  id: idOf(1),
  seriesNumber: 1,
  modality: 'CT',
  description: null,
  bodyPart: null,
  instanceCount: 1,
  sizeBytes: 1,
  nameless: false,
};

describe('reading one study after the other', () => {
  const list = [studyOf(1), studyOf(2, { status: 'VALIDATED' }), studyOf(3), studyOf(4, { groupId: idOf(700) })];
  const readings = (free: (uid: string) => Partial<Reading>) => (asked: { params: Readonly<Record<string, string>> }) =>
    make(Reading, { status: 'TO_READ', ...free(asked.params.studyInstanceUid ?? '') });
  const other = { userId: idOf(9), name: 'Dr Roux', since: '2026-03-01T08:00:00.000Z', isSelf: false };
  const api = (free: (uid: string) => Partial<Reading> = () => ({})): FakeApi =>
    new FakeApi()
      .on('listStudies', ({ query }) => listOf(query.status === 'TO_READ' ? [studyOf(8), studyOf(1)] : list))
      .on('getStudy', () => studyWith())
      .on('getReading', readings(free));
  const fromList = async (of: FakeApi) => {
    const page = await open(of, '/app/worklist');
    await screen.findByText('Thorax 1');
    await page.user.keyboard('{Home}{Enter}');
    await viewer();
    return page;
  };

  test('the next is the row below that waits, as the list was left', async () => {
    const { ask } = await fromList(api());
    await ask('next');
    expect(await screen.findByText('{"studyInstanceUid":"2.25.3","groupId":"none"}')).toBeTruthy();
  });

  test('what somebody else reads, and what has gone, is passed over', async () => {
    const of = api((uid) => (uid === '2.25.3' ? { readers: [other] } : {}));
    const answer = readings((uid) => (uid === '2.25.3' ? { readers: [other] } : {}));
    of.on('getReading', (asked) => (asked.params.studyInstanceUid === '2.25.4' ? new Refusal('NOT_FOUND') : answer(asked)));
    const { ask } = await fromList(of);
    await ask('next');
    // Then what waits longest on the server, which is not this one.
    expect(await screen.findByText('{"studyInstanceUid":"2.25.8","groupId":"none"}')).toBeTruthy();
    expect(of.of('getReading').map(({ params }) => params.studyInstanceUid)).toEqual(['2.25.3', '2.25.4', '2.25.8']);
  });

  test('none left is none', async () => {
    const { ask } = await fromList(api(() => ({ status: 'VALIDATED' })));
    await ask('next');
    expect(await screen.findByText('"nothing"')).toBeTruthy();
    await ask('nothing');
    expect(await screen.findByText('Plus aucun examen n’attend d’être lu.')).toBeTruthy();
    await ask('away');
    expect(await screen.findByText(/^Le serveur ne répond pas/)).toBeTruthy();
  });

  test('the way back leads to the list, not through everything that was read', async () => {
    const { ask, address } = await fromList(api());
    await ask('openNext');
    await waitFor(() => expect(address()).toBe('/app/studies/2.25.8?groupId=none'));
    await ask('back');
    await waitFor(() => expect(address()).toBe('/app/worklist'));
  });

  test('a prior that is opened leads back to the study', async () => {
    const { ask, address } = await fromList(api());
    await ask('open');
    await waitFor(() => expect(address()).toBe('/app/studies/2.25.9?groupId=none'));
    await ask('back');
    await waitFor(() => expect(address()).toMatch(/^\/app\/studies\/2\.25\.1/));
  });

  test('is marked as read, with the way back; a refusal is told to the viewer', async () => {
    let isRefused = false;
    const of = api().on('updateStudy', ({ body }) => (isRefused ? new Refusal('FORBIDDEN') : studyWith(body as Partial<Study>))); // Read by the contract.
    const { ask, user } = await open(of);
    await waitFor(() => expect(of.of('getStudy')).toHaveLength(1));
    await ask('read');
    expect(await screen.findByText('true')).toBeTruthy();
    await user.click(await screen.findByRole('button', { name: 'Annuler' }));
    await waitFor(() =>
      expect(of.of('updateStudy').map(({ body }) => body)).toEqual([{ status: 'VALIDATED' }, { status: 'TO_READ' }]),
    );
    isRefused = true;
    await ask('read');
    expect(await screen.findByText('false')).toBeTruthy();
  });
});

describe('a study under another patient', () => {
  const target = patientOf(2, { externalId: 'P-2', birthDate: '1980-01-01' });
  const move = {
    id: idOf(800),
    from: target,
    to: null,
    by: 'Dr Roux',
    movedAt: '2026-03-01T08:00:00.000Z',
    undoneAt: null,
    undoUntil: '2026-03-31T08:00:00.000Z',
  };
  const api = (): FakeApi =>
    new FakeApi()
      .on('getPatient', () => patientOf(1))
      .on('listStudies', () => listOf([studyOf(1)]))
      .on('listPatients', () => listOf([patientOf(1), target, patientOf(3, { groupId: idOf(700) })]))
      .on('listStudyMoves', () => ({ items: [] }))
      .on('updateStudy', () => studyWith());
  const openMove = async (of: FakeApi, options: Parameters<typeof openPage>[2] = {}) => {
    const page = await openPage(of, `/app/patients/${patientOf(1).id}`, options);
    await screen.findByText('Thorax 1');
    await page.user.click(within(screen.getByRole('main')).getByRole('button', { name: 'Plus' }));
    await page.user.click(await screen.findByRole('menuitem', { name: 'Déplacer vers un autre patient…' }));
    return { ...page, dialog: await screen.findByRole('dialog', { name: 'Déplacer l’examen' }) };
  };
  const pick = async ({ user, dialog }: Awaited<ReturnType<typeof openMove>>): Promise<void> => {
    await user.type(within(dialog).getByRole('searchbox', { name: 'Nouveau dossier' }), 'petit');
    await user.click(await within(dialog).findByRole('button', { name: /PETIT Anna/ }));
  };

  test('is looked for among those of the same group, and both are seen before anything is done', async () => {
    const of = api();
    const page = await openMove(of);
    await page.user.type(within(page.dialog).getByRole('searchbox', { name: 'Nouveau dossier' }), 'anna');
    const found = await within(page.dialog).findAllByRole('listitem');
    // Neither whose it is already nor who is of another group.
    expect(found.map(({ textContent }) => textContent)).toEqual(['PETIT Anna01/01/1980 · NG-2']);
    await page.user.click(within(page.dialog).getByRole('button', { name: /PETIT Anna/ }));
    const table = within(page.dialog).getByRole('table');
    expect(table.textContent).toContain('03/02/1970');
    expect(within(table).getAllByRole('img', { name: 'différent' })).toHaveLength(3);
    await page.user.click(within(page.dialog).getByRole('button', { name: 'Retour' }));
    expect(within(page.dialog).getByRole('searchbox', { name: 'Nouveau dossier' })).toBeTruthy();
    expect(of.of('updateStudy')).toEqual([]);
  });

  test('is moved, with the way back at once', async () => {
    const of: FakeApi = api().on('listStudyMoves', () => ({ items: of.of('updateStudy').length === 0 ? [] : [move] }));
    const page = await openMove(of);
    await pick(page);
    await page.user.click(within(page.dialog).getByRole('button', { name: 'Déplacer' }));
    expect(await screen.findByText('Examen déplacé vers PETIT Anna.')).toBeTruthy();
    expect(of.of('updateStudy').map(({ body }) => body)).toEqual([{ patientId: target.id, fromPatientId: patientOf(1).id }]);
    await page.user.click(screen.getByRole('button', { name: 'Annuler' }));
    expect(await screen.findByText('Déplacement annulé.')).toBeTruthy();
    expect(of.of('undoStudyMove').map(({ params }) => params)).toEqual([{ id: idOf(800) }]);
  });

  test('whose images name somebody else needs a reason', async () => {
    const of: FakeApi = api().on('updateStudy', ({ body }) =>
      'acceptMismatch' in (body as object) ? studyWith() : new Refusal('IDENTITY_MISMATCH'),
    );
    const page = await openMove(of);
    await pick(page);
    await page.user.click(within(page.dialog).getByRole('button', { name: 'Déplacer' }));
    const anyway = await within(page.dialog).findByRole('button', { name: 'Déplacer quand même' });
    expect(anyway.hasAttribute('disabled')).toBe(true);
    await page.user.type(within(page.dialog).getByLabelText('Motif'), 'Nom de jeune fille');
    await page.user.click(anyway);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(of.of('updateStudy').at(-1)?.body).toMatchObject({ acceptMismatch: true, mismatchReason: 'Nom de jeune fille' });
  });

  test('shows where it has been, and what of that can be taken back', async () => {
    const past = { ...move, id: idOf(801), undoneAt: '2026-03-02T08:00:00.000Z', undoUntil: null };
    const of = api().on('listStudyMoves', () => ({ items: [move, past] }));
    const { dialog, user } = await openMove(of);
    const lines = await within(dialog).findAllByText(/PETIT Anna → dossier disparu/);
    expect(lines).toHaveLength(2);
    const [undo, ...others] = within(dialog).getAllByRole('button', { name: 'Annuler' });
    expect(others).toEqual([]);
    await user.click(undo as HTMLElement);
    await waitFor(() => expect(of.of('undoStudyMove')).toHaveLength(1));
  });

  test('whose past can’t be read says so', async () => {
    let isDown = true;
    const of = api().on('listStudyMoves', () => (isDown ? new Refusal('INTERNAL') : { items: [move] }));
    const { dialog, user } = await openMove(of);
    const alert = await within(dialog).findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await within(dialog).findByText(/dossier disparu/)).toBeTruthy();
  });

  test('a search that fails is not "nobody"', async () => {
    let isDown = true;
    const of = api().on('listPatients', () => (isDown ? new Refusal('INTERNAL') : listOf([])));
    const { dialog, user } = await openMove(of);
    await user.type(within(dialog).getByRole('searchbox', { name: 'Nouveau dossier' }), 'petit');
    const alert = await within(dialog).findByRole('alert');
    expect(within(dialog).queryByText('Aucun patient ne correspond')).toBeNull();
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await within(dialog).findByText('Aucun patient ne correspond')).toBeTruthy();
  });
});

describe('a study that goes to the trash', () => {
  const entry = make(TrashEntry, { id: idOf(31), kind: 'study', label: 'Thorax 1 · 2.25.1' });
  const openTrash = async (api: FakeApi) => {
    api.on('getPatient', () => patientOf(1)).on('listStudies', () => listOf([studyOf(1)]));
    const { user } = await openPage(api, `/app/patients/${patientOf(1).id}`, { role: 'ADMIN' });
    await screen.findByText('Thorax 1');
    await user.click(within(screen.getByRole('main')).getByRole('button', { name: 'Plus' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Mettre à la corbeille' }));
    return user;
  };

  test('comes back by the message’s button, whatever number the trash gave it', async () => {
    const api = new FakeApi().on('listTrash', () =>
      listOf([make(TrashEntry, { ...entry, id: idOf(30), label: 'Other' }), entry]),
    );
    const user = await openTrash(api);
    expect(await screen.findByText('Examen mis à la corbeille.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    expect(await screen.findByText('Rétabli.')).toBeTruthy();
    expect(api.of('deleteStudy').map(({ params }) => params.studyInstanceUid)).toEqual(['2.25.1']);
    expect(api.of('restoreTrash').map(({ params }) => params)).toEqual([{ id: idOf(31) }]);
  });

  test('and can’t come back says where it is kept', async () => {
    const user = await openTrash(
      new FakeApi().on('listTrash', () => listOf([])).on('restoreTrash', () => new Refusal('NOT_FOUND')),
    );
    await user.click(await screen.findByRole('button', { name: 'Annuler' }));
    expect(await screen.findByText('Impossible de rétablir depuis ici ; la corbeille le garde 30 jours.')).toBeTruthy();
  });

  test('is refused with a reason', async () => {
    await openTrash(new FakeApi().on('deleteStudy', () => new Refusal('FORBIDDEN')));
    expect(await screen.findByText('Votre rôle ne permet pas cette action.')).toBeTruthy();
  });
});
