import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf } from './sample.ts';

const ADDRESS = `/app/patients/${patientOf(1).id}`;
const shown = (fields: Parameters<typeof patientOf>[1] = {}): FakeApi =>
  new FakeApi().on('getPatient', () => patientOf(1, fields)).on('listStudies', () => listOf([studyOf(1)]));
const name = () => screen.findByRole('heading', { level: 1, name: 'BERNARD Anna' });

describe('a patient’s page', () => {
  test('says who it is, and lists the studies, the newest first', async () => {
    const api = shown({ phone: '0102', externalId: 'P-1' }).on('listStudies', () =>
      listOf([
        studyOf(1, { studyTime: '07:00:00' }),
        studyOf(2, { studyTime: '19:00:00' }),
        studyOf(3, { studyDate: '2020-01-01', description: null }),
      ]),
    );
    await openPage(api, ADDRESS);
    await name();
    const identity = screen.getByRole('region', { name: 'Identité' });
    expect(identity.textContent).toContain('03/02/1970');
    expect(identity.textContent).toContain('0102');
    expect(within(identity).getAllByText('Non renseigné')).toHaveLength(1);
    await screen.findByText('Thorax 1');
    const studies = screen.getAllByTitle('Ouvrir dans la visionneuse').map(({ textContent }) => textContent ?? '');
    expect(studies.map((text) => /Thorax \d|Sans description/.exec(text)?.[0])).toEqual([
      'Thorax 2',
      'Thorax 1',
      'Sans description',
    ]);
    expect(document.title).toBe('NG-1 · Negatoscope');
  });

  test('lays two studies side by side: the newer is read, the third choice takes the place of the first', async () => {
    const three = [
      studyOf(1, { studyDate: '2020-01-01' }),
      studyOf(2),
      studyOf(3, { studyDate: '2024-05-06', groupId: idOf(7) }),
    ];
    const { user } = await openPage(
      shown().on('listStudies', () => listOf(three)),
      ADDRESS,
    );
    const boxOf = (description: string) => screen.getByRole('checkbox', { name: new RegExp(`pour comparer.*${description}`) });
    await screen.findByText('Thorax 1');
    expect(screen.queryByRole('link', { name: 'Comparer ces deux' })).toBeNull();
    for (const one of ['Thorax 1', 'Thorax 2', 'Thorax 3']) await user.click(boxOf(one));
    expect([1, 2, 3].map((at) => (boxOf(`Thorax ${at}`) as HTMLInputElement).checked)).toEqual([false, true, true]); // Inputs.
    const address = new URL(screen.getByRole('link', { name: 'Comparer ces deux' }).getAttribute('href') ?? '', 'http://x');
    expect(address.pathname).toBe('/app/studies/2.25.2');
    expect(Object.fromEntries(address.searchParams)).toEqual({ groupId: 'none', compare: '2.25.3', compareGroup: idOf(7) });
    await user.click(boxOf('Thorax 3'));
    expect(screen.queryByRole('link', { name: 'Comparer ces deux' })).toBeNull();
  });

  test('has a picture of each study, and how it was made where there is none to see; one study alone is compared with nothing', async () => {
    await openPage(shown(), ADDRESS);
    await screen.findByText('Thorax 1');
    const picture = document.querySelector<HTMLImageElement>('img[src$="/thumbnail"]');
    expect(picture?.getAttribute('src')).toBe('/dicom-web/groups/none/studies/2.25.1/thumbnail');
    expect(screen.queryByRole('checkbox', { name: /pour comparer/ })).toBeNull();
    const before = screen.getAllByText('CT').length;
    fireEvent.error(picture as HTMLImageElement); // It is there.
    expect(screen.getAllByText('CT')).toHaveLength(before + 1);
  });

  test('is a pseudonym for who sees no identity, and says so', async () => {
    const hidden = { lastName: 'NG-1', firstName: '', birthDate: null, externalId: null, phone: null, address: null };
    await openPage(shown(hidden), ADDRESS, { role: 'RESEARCHER' });
    await screen.findByRole('heading', { level: 1, name: 'NG-1' });
    expect(screen.getAllByText('Identité masquée')).toHaveLength(4);
    expect(screen.queryByText('Non renseigné')).toBeNull();
  });

  test('that is not there is told like one that is out of reach; what fails can be asked for again', async () => {
    await openPage(
      new FakeApi().on('getPatient', () => new Refusal('NOT_FOUND')),
      ADDRESS,
    );
    expect(await screen.findByText('Cette page n’existe pas')).toBeTruthy();
  });

  test('that can’t be read recovers', async () => {
    let isDown = true;
    const api = shown().on('getPatient', () => (isDown ? new Refusal('INTERNAL') : patientOf(1)));
    const { user } = await openPage(api, ADDRESS);
    const alert = await screen.findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    await name();
  });

  test('sends what was changed and nothing else; a name is needed', async () => {
    const api = shown().on('updatePatient', ({ body }) => patientOf(1, body as object)); // Read by the contract.
    const { user } = await openPage(api, ADDRESS);
    await name();
    await user.click(screen.getByRole('button', { name: 'Modifier' }));
    const last = await screen.findByLabelText('Nom');
    await user.clear(last);
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect(await screen.findByText('Ce champ est obligatoire.')).toBeTruthy();
    expect(api.of('updatePatient')).toEqual([]);
    await user.type(last, 'DUPONT');
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    await screen.findByRole('heading', { level: 1, name: 'DUPONT Anna' });
    expect(api.of('updatePatient').map(({ body }) => body)).toEqual([{ lastName: 'DUPONT', updatedAt: patientOf(1).updatedAt }]);
    expect(await screen.findByText('Enregistré.')).toBeTruthy();
  });

  test('that somebody else saved meanwhile shows both versions, and loses nothing that was typed', async () => {
    const theirs = patientOf(1, { firstName: 'Annabelle', updatedAt: '2026-03-02T08:00:00.000Z' });
    let isStale = true;
    const api = shown()
      .on('updatePatient', ({ body }) => (isStale ? new Refusal('STALE_UPDATE') : { ...theirs, ...(body as object) })) // Read by the contract.
      .on('getPatient', () => (api.of('updatePatient').length === 0 ? patientOf(1) : theirs));
    const { user } = await openPage(api, ADDRESS);
    await name();
    await user.click(screen.getByRole('button', { name: 'Modifier' }));
    await user.type(await screen.findByLabelText('Téléphone'), '0607');
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    const notice = (await screen.findByText('Cette fiche a changé entre-temps')).closest('[role="status"]') as HTMLElement; // The notice around it.
    expect(notice.textContent).toContain('Annabelle');
    expect(screen.getByLabelText<HTMLInputElement>('Téléphone').value).toBe('0607');
    // What nobody touched here is theirs at once: sending it would undo their change without a word.
    expect(screen.getByLabelText<HTMLInputElement>('Prénom').value).toBe('Annabelle');
    expect(within(notice).getAllByRole('button', { name: 'Reprendre' })).toHaveLength(1);
    isStale = false;
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(api.of('updatePatient')).toHaveLength(2));
    expect(api.of('updatePatient')[1]?.body).toEqual({ phone: '0607', updatedAt: theirs.updatedAt });
  });

  test('is archived with the way back', async () => {
    const api = shown().on('updatePatient', ({ body }) => patientOf(1, body as object)); // Read by the contract.
    const { user } = await openPage(api, ADDRESS);
    await name();
    await user.click(screen.getByRole('button', { name: 'Archiver' }));
    const toast = await screen.findByText('Patient archivé.');
    expect(await screen.findByRole('button', { name: 'Sortir des archives' })).toBeTruthy();
    await user.click(
      within(toast.closest('li, [role="status"], [role="alertdialog"], div') as HTMLElement).getByRole('button', {
        name: 'Annuler',
      }),
    ); // The toast around it.
    await waitFor(() =>
      expect(api.of('updatePatient').map(({ body }) => (body as { status: string }).status)).toEqual(['ARCHIVED', 'TO_READ']),
    );
  });

  test('has its rare actions in words at a desk, on a line of their own', async () => {
    await openPage(shown(), ADDRESS, { role: 'ADMIN' });
    await name();
    expect(screen.queryByRole('button', { name: 'Autres actions' })).toBeNull();
    for (const action of ['Archiver', 'Changer de groupe', 'Mettre à la corbeille', 'Qui a vu ce dossier'])
      expect(screen.getByText(action).closest('[hidden]')).toBeNull();
  });

  test('has its rare actions in words behind one button on a phone', async () => {
    const { user } = await openPage(shown(), ADDRESS, { role: 'ADMIN', isPhone: true });
    await name();
    const isHidden = (): boolean => screen.getByRole('button', { name: 'Archiver' }).closest('[hidden]') !== null;
    expect(isHidden()).toBe(true);
    const more = screen.getByRole('button', { name: 'Autres actions' });
    expect(more.getAttribute('aria-expanded')).toBe('false');
    await user.click(more);
    expect([more.getAttribute('aria-expanded'), isHidden()]).toEqual(['true', false]);
    // Words that are seen, not a tip alone.
    for (const action of ['Archiver', 'Mettre à la corbeille']) expect(screen.getByText(action).tagName).toBe('BUTTON');
    await user.click(screen.getByRole('button', { name: 'Mettre à la corbeille' }));
    expect(await screen.findByRole('dialog', { name: fr('Mettre ce patient à la corbeille ?') })).toBeTruthy();
  });

  test('goes to the trash only after a question', async () => {
    const { user, address } = await openPage(shown(), ADDRESS, { role: 'ADMIN' });
    await name();
    await user.click(screen.getByRole('button', { name: 'Mettre à la corbeille' }));
    const dialog = await screen.findByRole('dialog', { name: fr('Mettre ce patient à la corbeille ?') });
    expect(dialog.textContent).toContain('30 jours');
    await user.click(within(dialog).getByRole('button', { name: 'Mettre à la corbeille' }));
    await waitFor(() => expect(address()).toBe('/app/patients'));
  });
});

describe('what leaves of a patient', () => {
  const downloads = (): string[] => {
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this.getAttribute('href') ?? '');
    });
    return clicked;
  };

  test('is downloaded at once where every file is whole', async () => {
    const clicked = downloads();
    const api = shown().on('checkExport', () => ({ damaged: 0 }));
    const { user } = await openPage(api, ADDRESS);
    await name();
    await user.click(screen.getByRole('button', { name: 'Télécharger (ZIP)' }));
    await waitFor(() => expect(clicked).toEqual([`/api/patients/${patientOf(1).id}/export`]));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('leaves as FHIR, in the language of the page, as a file that names nobody', async () => {
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:fhir', revokeObjectURL: () => undefined }));
    const api = shown();
    const { user } = await openPage(api, ADDRESS);
    await name();
    await user.click(screen.getByRole('button', { name: 'Télécharger en FHIR (JSON)' }));
    await waitFor(() => expect(saved).toEqual([`${patientOf(1).recordNumber}-patient.fhir.json`]));
    expect(api.of('fhirPatientEverything').map(({ params }) => params)).toEqual([{ id: patientOf(1).id }]);
    expect(api.faults).toEqual([]);
  });

  test('stands in the course with who took it and who received it, in whatever form it left', async () => {
    const left = (number: number, fields: object) => ({
      ...{ id: idOf(number), at: `2026-03-0${number}T10:00:00.000Z`, by: 'Jeanne N.', studies: 1, recipient: null },
      ...fields,
    });
    const api = shown().on('listPatientExports', () => ({
      isWhole: true,
      items: [
        left(5, { kind: 'HANDED_OVER', recipient: 'Sa fille' }),
        left(4, { kind: 'SENT', recipient: 'PACS du CHU' }),
        left(3, { kind: 'FHIR', studies: 0 }),
        left(2, { kind: 'FILES' }),
        left(1, { kind: 'EXPORTED' }),
      ],
    }));
    await openPage(api, ADDRESS);
    await name();
    await screen.findByText('Remis à Sa fille');
    const course = screen.getByRole('region', { name: 'Parcours' });
    const lines = within(course).getAllByRole('listitem');
    expect(lines.map(({ textContent }) => textContent).filter((text) => text?.includes('Jeanne'))).toEqual([
      expect.stringMatching(/Remis à Sa fille1\sexamen · Jeanne N\.$/),
      expect.stringMatching(/Envoi vers PACS du CHU1\sexamen/),
      expect.stringMatching(/Dossier téléchargé en FHIRJeanne N\.$/),
      expect.stringMatching(/Fichiers téléchargés un à un1\sexamen/),
      expect.stringMatching(/Images exportées1\sexamen/),
    ]);
  });

  test('asks first where files are damaged, and nothing is downloaded by closing', async () => {
    const clicked = downloads();
    const api = shown().on('checkExport', () => ({ damaged: 3 }));
    const { user } = await openPage(api, ADDRESS);
    await name();
    const ask = async (): Promise<HTMLElement> => {
      await user.click(screen.getByRole('button', { name: 'Télécharger (ZIP)' }));
      return screen.findByRole('dialog', { name: 'Des fichiers sont abîmés' });
    };
    const dialog = await ask();
    expect(dialog.textContent).toContain('3 fichiers de ce patient sont abîmés');
    await user.click(within(dialog).getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(clicked).toEqual([]);
    await user.click(within(await ask()).getByRole('button', { name: 'Télécharger les autres' }));
    expect(clicked).toEqual([`/api/patients/${patientOf(1).id}/export?partial=true`]);
  });

  test('is handed over only to somebody, and without damaged files only when that is wanted', async () => {
    const clicked = downloads();
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:zip', revokeObjectURL: () => undefined }));
    const api = shown().on(
      'makeMedium',
      ({ body }) => ((body as { partial?: boolean }).partial === true ? undefined : new Refusal('OBJECT_DAMAGED')), // Read by the contract.
    );
    const { user } = await openPage(api, ADDRESS, { role: 'STAFF' });
    await name();
    await user.click(screen.getByRole('button', { name: 'Remettre au patient' }));
    const dialog = await screen.findByRole('dialog');
    const give = () => within(dialog).getByRole('button', { name: /^Remettre/ });
    await user.click(give());
    expect(await within(dialog).findByText('Indiquez qui reçoit les images.')).toBeTruthy();
    await user.type(within(dialog).getByLabelText('Remis à'), 'Anna Bernard');
    await user.click(give());
    expect(await within(dialog).findByText(/rien n’a été remis/)).toBeTruthy();
    expect(clicked).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Remettre les autres' }));
    await waitFor(() => expect(clicked).toEqual(['blob:zip']));
    expect(api.of('makeMedium').map(({ body }) => body)).toEqual([
      { recipient: 'Anna Bernard', form: 'ZIP' },
      { recipient: 'Anna Bernard', form: 'ZIP', partial: true },
    ]);
  });

  test('that is cancelled while it is made is ended, saves nothing, and says nothing', async () => {
    const clicked = downloads();
    let arrive: (value: unknown) => void = () => undefined;
    const api = shown().on('makeMedium', () => new Promise((resolve) => (arrive = resolve)));
    const { user } = await openPage(api, ADDRESS, { role: 'STAFF' });
    await name();
    await user.click(screen.getByRole('button', { name: 'Remettre au patient' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Remis à'), 'Anna');
    const sent = vi.spyOn(globalThis, 'fetch');
    await user.click(within(dialog).getByRole('button', { name: /^Remettre/ }));
    expect(await within(dialog).findByRole('status')).toBeTruthy();
    await waitFor(() => expect(api.of('makeMedium')).toHaveLength(1));
    const signal = sent.mock.calls.find(([address]) => String(address).includes('/medium'))?.[1]?.signal;
    expect(signal?.aborted).toBe(false);
    await user.click(within(dialog).getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(signal?.aborted).toBe(true);
    arrive(undefined);
    // Whoever opens it again begins anew.
    await user.click(screen.getByRole('button', { name: 'Remettre au patient' }));
    const again = await screen.findByRole('dialog');
    expect(within(again).getByLabelText<HTMLInputElement>('Remis à').value).toBe('');
    expect(within(again).queryByRole('alert')).toBeNull();
    expect(clicked).toEqual([]);
  });

  test.each([
    ['CD ou DVD (image ISO à graver)', 'makeMedium', { recipient: 'Anna', form: 'ISO' }],
    ['Archive de données (ZIP)', 'handOverPatient', { recipient: 'Anna' }],
  ] as const)('is handed over as %s', async (label, operation, body) => {
    const clicked = downloads();
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:medium', revokeObjectURL: () => undefined }));
    const api = shown().on(operation, () => undefined);
    const { user } = await openPage(api, ADDRESS, { role: 'STAFF' });
    await name();
    await user.click(screen.getByRole('button', { name: 'Remettre au patient' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Remis à'), 'Anna');
    await user.selectOptions(within(dialog).getByLabelText('Sous quelle forme'), label);
    await user.click(within(dialog).getByRole('button', { name: /^Remettre/ }));
    await waitFor(() => expect(clicked).toEqual(['blob:medium']));
    expect(api.of(operation).map((call) => call.body)).toEqual([body]);
  });
});

describe('records that were merged', () => {
  const merge = {
    id: idOf(900),
    from: { id: idOf(901), recordNumber: 'NG-9', lastName: 'BRUN', firstName: 'Ida' },
    by: 'Dr Roux',
    mergedAt: '2026-03-01T08:00:00.000Z',
    undoneAt: null,
    undoUntil: '2026-03-31T08:00:00.000Z',
  };

  test('are told to who may take that back, and are taken back', async () => {
    const api = shown().on('listPatientMerges', () => ({ items: api.of('undoPatientMerge').length === 0 ? [merge] : [] }));
    const { user } = await openPage(api, ADDRESS);
    const list = await screen.findByRole('region', { name: 'Dossiers réunis à celui-ci' });
    expect(list.textContent).toContain('BRUN Ida · NG-9');
    await user.click(within(list).getByRole('button', { name: 'Annuler' }));
    expect(await screen.findByText(/l’autre a repris ses examens/)).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Dossiers réunis à celui-ci' })).toBeNull());
  });

  test('are not asked for by the desk', async () => {
    const api = shown().on('listPatientMerges', () => ({ items: [merge] }));
    await openPage(api, ADDRESS, { role: 'STAFF' });
    await name();
    expect(api.of('listPatientMerges')).toEqual([]);
  });

  test('that can’t be taken back any more say why', async () => {
    const api = shown()
      .on('listPatientMerges', () => ({ items: [merge] }))
      .on('undoPatientMerge', () => new Refusal('UNDO_EXPIRED'));
    const { user } = await openPage(api, ADDRESS, { locale: 'en' });
    const list = await screen.findByRole('region', { name: /merged/i });
    await user.click(within(list).getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('The time to undo this is over.')).toBeTruthy();
  });
});
