import { DeidExport, DeidExportDetails, DeidProject } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const ADDRESS = '/app/deidentification';
const project = (more: Partial<DeidProject> = {}): DeidProject =>
  make(DeidProject, { id: idOf(1), name: 'TB 2026', note: '', dates: 'SHIFTED', hasKey: true, ...more });
const inAWeek = new Date(Date.now() + 6 * 86_400_000).toISOString();
const made = (more: Partial<DeidExport> = {}): DeidExport =>
  make(DeidExport, {
    ...{ id: idOf(50), project: { id: idOf(1), name: 'TB 2026' }, status: 'DONE', patients: 2, total: 120, done: 118 },
    ...{ refused: 2, sizeBytes: 2_000_000, createdAt: '2026-11-27T03:00:00.000Z', expiresAt: inAWeek },
    ...more,
  });
const apiOf = (exports: () => readonly DeidExport[], projects: readonly DeidProject[] = [project()]): FakeApi =>
  new FakeApi().on('listDeidExports', () => ({ items: exports() })).on('listDeidProjects', () => ({ items: projects }));
const rowsOf = (region: HTMLElement): string[] =>
  within(region)
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent ?? '');

describe('projects without identity', () => {
  test.each([
    ['fr', 'PHYSICIAN', 'Aucun export pour l’instant', 'Créez un projet par étude ou par destinataire'],
    ['en', 'PHYSICIAN', 'No exports yet', 'Create a project for each study or recipient'],
    ['fr', 'RESEARCHER', 'Aucun projet pour l’instant', 'Demandez-en un à qui voit les identités'],
  ] as const)('where there is nothing, what to do is said (%s, %s)', async (locale, role, title, text) => {
    await openPage(
      apiOf(() => [], []),
      ADDRESS,
      { role, locale },
    );
    expect(await screen.findByText(title)).toBeTruthy();
    expect(document.body.textContent).toContain(text);
    expect(screen.queryByRole('button', { name: /^(Nouveau projet|New project)$/ }) === null).toBe(role === 'RESEARCHER');
  });

  test('say what they keep; one whose key is lost says so, and nobody but an administrator asks whose a pseudonym is', async () => {
    const options: DeidProject['options'] = ['retainDeviceIdentity', 'cleanDescriptors'];
    const lost = project({ id: idOf(2), name: 'Perdu', dates: 'REMOVED', hasKey: false });
    await openPage(
      apiOf(() => [], [project({ options }), lost]),
      ADDRESS,
      { role: 'PHYSICIAN' },
    );
    await screen.findByText('TB 2026');
    const [first, second] = rowsOf(screen.getByRole('region', { name: 'Projets' }));
    expect(first).toContain(fr('Dates décalées · garde : appareils, descriptions'));
    expect(first).not.toContain('clé');
    expect(second).toContain('Dates retirées · ne garde rien de plus');
    expect(second).toContain('Sa clé ne peut plus être lue');
    expect(screen.queryByRole('button', { name: /pseudonyme/ })).toBeNull();
  });

  test('are created with a name and what is kept; original identifiers warn', async () => {
    const items: DeidProject[] = [];
    const api = apiOf(() => [], items).on('createDeidProject', ({ body }) => {
      const one = project(body as Partial<DeidProject>); // The contract has read it.
      items.push(one);
      return one;
    });
    const { user } = await openPage(api, ADDRESS, { role: 'PHYSICIAN' });
    await user.click(await screen.findByRole('button', { name: 'Nouveau projet' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Nouveau projet' }));
    await user.click(dialog.getByRole('button', { name: 'Créer' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('au moins deux lettres');
    expect(api.of('createDeidProject')).toEqual([]);
    await user.type(dialog.getByLabelText('Nom'), ' Étude TB ');
    await user.type(dialog.getByLabelText('Note'), 'Comité 12');
    await user.click(dialog.getByRole('radio', { name: 'Décalées' }));
    await user.click(dialog.getByRole('checkbox', { name: 'L’établissement' }));
    expect(dialog.queryByText(/se rapprochent\./)).toBeNull();
    await user.click(dialog.getByRole('checkbox', { name: /UID/ }));
    expect(dialog.getByText(/se rapprochent\./)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Créer' }));
    expect(await screen.findByText('Étude TB')).toBeTruthy();
    const [asked] = api.of('createDeidProject');
    expect(asked?.body).toEqual({
      ...{ name: 'Étude TB', note: 'Comité 12', dates: 'SHIFTED' },
      options: ['retainInstitutionIdentity', 'retainUids'],
    });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('tell an administrator with a reason whose a pseudonym is, or that it is nobody’s', async () => {
    let answer: unknown = new Refusal('NOT_FOUND');
    const api = apiOf(() => []).on('askDeidPseudonym', () => answer);
    const { user } = await openPage(api, ADDRESS, { role: 'ADMIN' });
    await user.click(await screen.findByRole('button', { name: fr('À qui est ce pseudonyme ? Projet TB 2026') }));
    const dialog = within(await screen.findByRole('dialog'));
    const ask = dialog.getByRole('button', { name: 'Demander' });
    await user.type(dialog.getByLabelText('Pseudonyme'), 'P-1');
    await user.click(ask);
    expect((await dialog.findAllByRole('alert')).map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('dix lettres'),
      expect.stringContaining('au moins cinq lettres'),
    ]);
    await user.clear(dialog.getByLabelText('Pseudonyme'));
    await user.type(dialog.getByLabelText('Pseudonyme'), ' p-7kqm2xw9hd ');
    await user.type(dialog.getByLabelText('Raison'), 'Nodule à dire');
    await user.click(ask);
    expect(await dialog.findByText(/n’est celui de personne/)).toBeTruthy();
    answer = { patientId: idOf(7), recordNumber: 'NG-7' };
    await user.click(ask);
    expect((await dialog.findByRole('link', { name: 'NG-7' })).getAttribute('href')).toBe(`/app/patients/${idOf(7)}`);
    expect(api.of('askDeidPseudonym').map(({ params, body }) => [params.id, body])).toEqual([
      [idOf(1), { pseudonym: 'P-7KQM2XW9HD', reason: 'Nodule à dire' }],
      [idOf(1), { pseudonym: 'P-7KQM2XW9HD', reason: 'Nodule à dire' }],
    ]);
  });
});

describe('exports without identity', () => {
  test('say how far they are, what failed and until when they are kept', async () => {
    const open = made({ status: 'RUNNING', project: null, done: 30, refused: 0, sizeBytes: null, expiresAt: null });
    const failed = made({ id: idOf(51), status: 'FAILED', code: 'STORAGE_FULL', refused: 0, expiresAt: null });
    const gone = made({ id: idOf(52), refused: 0, expiresAt: '2026-01-01T00:00:00.000Z' });
    // Nothing of the first has left before somebody has looked; of the second a part.
    const [unseen, inPart] = [made({ id: idOf(54), done: 0, waiting: 2 }), made({ id: idOf(55), waiting: 1 })];
    await openPage(
      apiOf(() => [open, failed, gone, made({ id: idOf(53) }), unseen, inPart]),
      ADDRESS,
    );
    const region = await screen.findByRole('region', { name: 'Mes exports' });
    await within(region).findByText(fr('Export isolé'));
    const [running, broken, over, kept, waits, part] = rowsOf(region);
    expect(running).toMatch(/en préparation.*2 patients · 30 sur 120 fichiers/);
    expect(screen.getByRole('progressbar', { name: fr('Export isolé') }).getAttribute('aria-valuenow')).toBe('25');
    expect(broken).toMatch(/échec.*Le disque du serveur est plein/);
    expect(over).toContain('n’est plus gardé');
    expect(kept).toMatch(/prêt.*2 fichiers ne sont pas partis.*À télécharger jusqu’au/);
    expect(waits).toContain(fr('rien n’est encore parti'));
    expect(waits).not.toMatch(/prêt|À télécharger/);
    expect(part).toContain('prêt en partie');
    expect(within(region).getAllByRole('button', { name: /^Télécharger/ })).toHaveLength(2);
  });

  test('are cancelled while they are being made', async () => {
    let status: DeidExport['status'] = 'RUNNING';
    const one = () => made({ status, refused: 0, expiresAt: null });
    const api = apiOf(() => [one()]).on('cancelDeidExport', () => {
      status = 'CANCELLED';
      return one();
    });
    const { user } = await openPage(api, ADDRESS);
    await user.click(await screen.findByRole('button', { name: fr('Arrêter l’export : TB 2026') }));
    expect(await screen.findByText('arrêté')).toBeTruthy();
    expect(api.of('cancelDeidExport')[0]?.params).toEqual({ id: idOf(50) });
    expect(screen.queryByRole('button', { name: /^Arrêter/ })).toBeNull();
  });

  test('tell by why which files did not leave, also for a reason without words', async () => {
    const refusals = [
      { path: 'P-7KQM2XW9HD/0001/0001/0001.dcm', because: 'NEW_REASON' },
      { path: 'P-7KQM2XW9HD/0001/0001/0002.dcm', because: 'BURNED_IN' },
      { path: 'P-7KQM2XW9HD/0001/0001/0003.dcm', because: 'BURNED_IN' },
    ];
    const api = apiOf(() => [made({ refused: 1_200 })]).on('getDeidExport', () =>
      make(DeidExportDetails, { ...made({ refused: 1_200 }), refusals }),
    );
    const { user } = await openPage(api, ADDRESS);
    await user.click(await screen.findByRole('button', { name: fr('Fichiers refusés de l’export : TB 2026') }));
    const dialog = within(await screen.findByRole('dialog'));
    const titles = (await dialog.findAllByRole('heading', { level: 3 })).map(({ textContent }) => textContent);
    expect(titles).toEqual([expect.stringContaining('du texte dans ses pixels'), 'Autre raison (NEW_REASON)']);
    expect(dialog.getByText('P-7KQM2XW9HD/0001/0001/0003.dcm')).toBeTruthy();
    expect(dialog.getByText('2 fichiers')).toBeTruthy();
    expect(dialog.getByText(/Les mille premiers/)).toBeTruthy();
  });

  test('are downloaded while they are kept; what is gone meanwhile says so', async () => {
    let expiresAt = inAWeek;
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.getAttribute('href') ?? '');
    });
    const api = apiOf(() => [made()]).on('getDeidExport', () => make(DeidExportDetails, made({ expiresAt })));
    const { user } = await openPage(api, ADDRESS);
    const button = await screen.findByRole('button', { name: fr('Télécharger l’export : TB 2026') });
    await user.click(button);
    await waitFor(() => expect(saved).toEqual([`/api/deid/exports/${idOf(50)}/file`]));
    expiresAt = '2026-01-01T00:00:00.000Z';
    await user.click(button);
    expect(await screen.findByText(/n’est plus gardé/)).toBeTruthy();
    expect(saved).toHaveLength(1);
  });
});

describe('what leaves without identity', () => {
  test('is a patient, for this once or into a project that has its key; the message leads to the page', async () => {
    const lost = project({ id: idOf(2), name: 'Perdu', hasKey: false });
    const api = apiOf(() => [made({ status: 'WAITING', expiresAt: null })], [project(), lost])
      .on('getPatient', () => patientOf(1))
      .on('listStudies', () => listOf([studyOf(1)]))
      .on('startDeidExport', () => made({ status: 'WAITING', expiresAt: null }));
    const { user, address } = await openPage(api, `/app/patients/${patientOf(1).id}`, { role: 'RESEARCHER' });
    const press = await screen.findByRole('button', { name: 'Exporter sans identité' });
    await user.click(press);
    const choice = await screen.findByRole('combobox', { name: 'Pour' });
    await within(choice).findByRole('option', { name: 'TB 2026' });
    expect(within(choice).queryByRole('option', { name: 'Perdu' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Préparer l’export' }));
    await user.click(await screen.findByRole('button', { name: 'Suivre' }));
    expect(address()).toBe(ADDRESS);
    expect(await screen.findByText('en attente')).toBeTruthy();
    expect(api.of('startDeidExport').map(({ body }) => body)).toEqual([{ patientIds: [patientOf(1).id], form: 'DICOM' }]);
  });

  test('are the studies chosen in the list, into a project; what is refused says why and keeps them chosen', async () => {
    let answer: unknown = new Refusal('UNPROCESSABLE');
    const api = apiOf(() => [])
      .on('listStudies', () => listOf([studyOf(1), studyOf(2), studyOf(3)]))
      .on('startDeidExport', () => answer);
    const { user } = await openPage(api, '/app/worklist', { role: 'PHYSICIAN' });
    await screen.findByText('Thorax 1');
    await user.click(screen.getByRole('button', { name: 'Choisir' }));
    for (const number of [1, 2]) await user.click(screen.getByText(`Thorax ${number}`));
    await user.click(screen.getByRole('button', { name: 'Exporter sans identité' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/^2 examens partent sous des pseudonymes/)).toBeTruthy();
    const choice = dialog.getByRole('combobox', { name: 'Pour' });
    await user.selectOptions(choice, await within(choice).findByRole('option', { name: 'TB 2026' }));
    expect(dialog.getByText(/^Dates décalées/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Préparer l’export' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('Trop d’exports attendent');
    answer = made({ status: 'WAITING', expiresAt: null });
    await user.click(dialog.getByRole('button', { name: 'Préparer l’export' }));
    expect(await screen.findByText('L’export se prépare.')).toBeTruthy();
    expect(api.of('startDeidExport').at(-1)?.body).toEqual({
      patientIds: [studyOf(1).patient.id, studyOf(2).patient.id],
      studyInstanceUids: ['2.25.1', '2.25.2'],
      ...{ projectId: idOf(1), form: 'DICOM' },
    });
    expect(screen.queryAllByRole('checkbox')).toEqual([]);
  });
});
