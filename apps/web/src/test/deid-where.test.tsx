import { DeidCount, DeidExport, DeidProject, Group, ListView } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { queryClient } from '../api/query-client.ts';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const ADDRESS = '/app/deidentification';
const project = (more: Partial<DeidProject> = {}): DeidProject =>
  make(DeidProject, { id: idOf(1), name: 'TB 2026', note: '', dates: 'SHIFTED', options: [], hasKey: true, ...more });
const made = (more: Partial<DeidExport> = {}): DeidExport =>
  make(DeidExport, {
    ...{ id: idOf(50), project: { id: idOf(1), name: 'TB 2026' }, status: 'DONE', form: 'DICOM', target: null, unchanged: 0 },
    ...more,
  });
const group = make(Group, { id: idOf(30), name: 'Recherche' });
const counted = (more: Partial<DeidCount> = {}): DeidCount =>
  make(DeidCount, {
    ...{ studies: 132, patients: 57, notYours: 3, alreadyThere: 0, mostStudies: 5000, mostPatients: 1000, isTooMany: false },
    ...more,
  });
const view = make(ListView, {
  ...{ id: idOf(40), level: 'OWN', siteId: null, name: 'Scanners du mois' },
  content: { columns: null, sort: null, filters: { modality: 'CT', prior: 'without', nonsense: 'x' } },
});
const apiOf = (projects: readonly DeidProject[] = [project()]): FakeApi =>
  new FakeApi()
    .on('listDeidExports', () => ({ items: [] }))
    .on('listDeidProjects', () => ({ items: projects }))
    .on('listListViews', () => ({ items: [view] }))
    .on('listGroups', () => listOf([group]))
    .on('countDeidExport', () => counted())
    .on('startDeidExport', () => made({ status: 'WAITING' }));

async function opened(api: FakeApi, role: 'PHYSICIAN' | 'RESEARCHER' = 'PHYSICIAN', locale: 'fr' | 'en' = 'fr') {
  const { user } = await openPage(api, ADDRESS, { role, locale });
  await user.click(await screen.findByRole('button', { name: locale === 'fr' ? 'Exporter une recherche' : 'Export a search' }));
  return { user, dialog: within(await screen.findByRole('dialog')) };
}

test('a saved search is counted before it leaves, what is not one’s own told, and leaves by its filters', async () => {
  const api = apiOf();
  const { user, dialog } = await opened(api);
  expect(await dialog.findByText('132 examens de 57 patients')).toBeTruthy();
  expect(dialog.getByText(/^3 autres ne sont pas à vous/)).toBeTruthy();
  const search = dialog.getByRole('combobox', { name: 'Vue enregistrée' });
  await user.selectOptions(search, await within(search).findByRole('option', { name: 'Scanners du mois' }));
  await user.selectOptions(dialog.getByRole('combobox', { name: 'Forme' }), 'NIFTI');
  expect(dialog.getByText(/\.nii\.gz par série/)).toBeTruthy();
  await dialog.findByText('132 examens de 57 patients');
  await user.click(dialog.getByRole('button', { name: 'Préparer l’export' }));
  expect(await screen.findByText('L’export se prépare.')).toBeTruthy();
  const filter = { modality: 'CT', prior: false };
  expect(api.of('countDeidExport').map(({ body }) => body)).toEqual([{ filter: {} }, { filter }]);
  expect(api.of('startDeidExport').map(({ body }) => body)).toEqual([{ filter, form: 'NIFTI' }]);
});

test('a saved search that somebody deletes while it is chosen leaves by its filters all the same, never as all studies', async () => {
  let views = [view];
  const api = apiOf().on('listListViews', () => ({ items: views }));
  const { user, dialog } = await opened(api);
  const search = dialog.getByRole<HTMLSelectElement>('combobox', { name: 'Vue enregistrée' });
  await user.selectOptions(search, await within(search).findByRole('option', { name: 'Scanners du mois' }));
  views = [];
  await queryClient.invalidateQueries({ queryKey: ['list-views'] });
  await waitFor(() => expect(api.of('listListViews').length).toBeGreaterThan(1));
  expect(search.selectedOptions[0]?.textContent).toBe('Scanners du mois');
  await user.click(dialog.getByRole('button', { name: 'Préparer l’export' }));
  expect(await screen.findByText('L’export se prépare.')).toBeTruthy();
  expect(api.of('startDeidExport').map(({ body }) => body)).toMatchObject([{ filter: { modality: 'CT', prior: false } }]);
});

test('nothing leaves of a search that finds too much, or nothing', async () => {
  let answer = counted({ isTooMany: true });
  const api = apiOf().on('countDeidExport', () => answer);
  const { user, dialog } = await opened(api, 'PHYSICIAN', 'en');
  expect(await dialog.findByText(/at most 5,000 studies and 1,000 patients/)).toBeTruthy();
  const start = dialog.getByRole('button', { name: 'Make the export' });
  expect((start as HTMLButtonElement).disabled).toBe(true); // A button is one.
  answer = counted({ studies: 0, patients: 0 });
  await user.selectOptions(dialog.getByRole('combobox', { name: 'Saved view' }), 'Scanners du mois');
  expect(await dialog.findByText('No study to export.')).toBeTruthy();
  expect((start as HTMLButtonElement).disabled).toBe(true);
});

test('into a group goes what is of a project that keeps no UIDs; what is there already is told apart', async () => {
  const open = project({ id: idOf(2), name: 'Ouvert', options: ['retainUids'] });
  const api = apiOf([open, project()]).on('countDeidExport', () => counted({ alreadyThere: 1, notYours: 0 }));
  const { user, dialog } = await opened(api);
  const forms = dialog.getByRole('combobox', { name: 'Forme' });
  await user.selectOptions(forms, await within(forms).findByRole('option', { name: /^Groupe de recherche/ }));
  const choice = dialog.getByRole('combobox', { name: 'Pour' });
  expect(
    within(choice)
      .getAllByRole('option')
      .map(({ textContent }) => textContent),
  ).toEqual(['TB 2026']);
  expect(await dialog.findByText('1 autre est déjà de ce groupe.')).toBeTruthy();
  api.on('startDeidExport', () => new Refusal('UNPROCESSABLE'));
  await user.click(dialog.getByRole('button', { name: 'Préparer l’export' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('impossible');
  expect(api.of('startDeidExport').at(-1)?.body).toEqual({
    filter: {},
    form: 'GROUP',
    projectId: idOf(1),
    targetGroupId: idOf(30),
  });
});

test('who sees no identities lets nothing into a group; without a project there is none to choose', async () => {
  const { dialog } = await opened(apiOf(), 'RESEARCHER');
  const forms = within(dialog.getByRole('combobox', { name: 'Forme' })).getAllByRole('option');
  expect(forms.map(({ textContent }) => textContent)).toEqual(['ZIP de fichiers DICOM', 'ZIP de fichiers NIfTI']);
});

test('an export says into which group it came, and how much was there already', async () => {
  const into = made({
    form: 'GROUP',
    target: { id: idOf(30), name: 'Recherche' },
    done: 120,
    total: 120,
    unchanged: 20,
    refused: 0,
  });
  await openPage(
    apiOf().on('listDeidExports', () => ({ items: [into] })),
    ADDRESS,
    { role: 'PHYSICIAN' },
  );
  const region = await screen.findByRole('region', { name: 'Mes exports' });
  expect(await within(region).findByText(fr('dans le groupe Recherche · 20 images y étaient déjà'))).toBeTruthy();
});
