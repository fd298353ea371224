import { Erasure } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const ADDRESS = `/app/patients/${patientOf(1).id}`;
const hold = (fields: object = {}) => ({
  ...{ id: idOf(70), patientId: patientOf(1).id, studyId: null, studyInstanceUid: null, reason: 'Réquisition', by: 'Anna Roux' },
  ...{ placedAt: '2026-03-01T08:00:00.000Z', ...fields },
});
const shown = (holds: readonly object[] = []): FakeApi =>
  new FakeApi()
    .on('getPatient', () => patientOf(1))
    .on('listStudies', () => listOf([studyOf(1)]))
    .on('listHolds', () => ({ items: holds }));
const name = () => screen.findByRole('heading', { level: 1, name: 'BERNARD Anna' });

describe('the rights of a patient', () => {
  test('are shown to administrators alone; that something is held, to everybody', async () => {
    const api = shown([hold({ reason: null, by: null })]);
    await openPage(api, ADDRESS, { role: 'PHYSICIAN' });
    await name();
    expect(await screen.findByText(/Ce dossier est sous conservation légale/)).toBeTruthy();
    expect(await screen.findByRole('img', { name: 'Sous conservation légale' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Lever' })).toBeNull();
    expect(screen.queryByRole('region', { name: 'Droits des patients' })).toBeNull();
  });

  test('a hold is placed and lifted with a reason', async () => {
    const api = shown([hold()]);
    const { user } = await openPage(api, ADDRESS, { role: 'ADMIN' });
    await name();
    await user.click(screen.getByRole('button', { name: 'Placer une conservation légale' }));
    const dialog = await screen.findByRole('dialog');
    const place = () => within(dialog).getByRole('button', { name: 'Placer une conservation légale' });
    await user.click(place());
    expect(await within(dialog).findByText('Donnez un motif d’au moins trois lettres.')).toBeTruthy();
    expect(api.of('placeHold')).toEqual([]);
    await user.type(within(dialog).getByLabelText('Motif'), 'Tribunal');
    await user.click(place());
    await waitFor(() =>
      expect(api.of('placeHold').map(({ body }) => body)).toEqual([{ patientId: patientOf(1).id, reason: 'Tribunal' }]),
    );
    await user.click(await screen.findByRole('button', { name: 'Lever' }));
    const lifting = await screen.findByRole('dialog');
    await user.type(within(lifting).getByLabelText('Motif'), 'Classée');
    await user.click(within(lifting).getByRole('button', { name: 'Lever' }));
    await waitFor(() => expect(api.of('liftHold').map(({ params }) => params)).toEqual([{ id: idOf(70) }]));
  });

  test('an erasure is sent only once the record number is typed, and what keeps it is told', async () => {
    let isHeld = true;
    const api = shown().on('erasePatient', () => (isHeld ? new Refusal('LEGAL_HOLD') : undefined));
    const { user, address } = await openPage(api, ADDRESS, { role: 'ADMIN' });
    await name();
    await user.click(screen.getByRole('button', { name: 'Effacer définitivement' }));
    const dialog = await screen.findByRole('dialog');
    const erase = () => within(dialog).getByRole('button', { name: 'Effacer définitivement' });
    const typed = within(dialog).getByLabelText(/Tapez le numéro de dossier/);
    await user.type(typed, 'NG-2');
    await user.click(erase());
    expect(await within(dialog).findByText('Ce n’est pas le numéro de ce dossier.')).toBeTruthy();
    expect(api.of('erasePatient')).toEqual([]);
    await user.clear(typed);
    await user.type(typed, 'NG-1');
    await user.click(erase());
    expect(await within(dialog).findByText(/rien n’en est supprimé/)).toBeTruthy();
    isHeld = false;
    await user.click(erase());
    await waitFor(() => expect(address()).toBe('/app/patients'));
    expect(api.of('erasePatient').at(-1)?.body).toEqual({ recordNumber: 'NG-1', reason: 'PATIENT' });
  });
});

describe('retention', () => {
  const RULE = { modality: 'CT', group: null, patients: null, countsFrom: 'LAST_STUDY', years: 20 };
  const due = {
    ...{ studies: 2, patients: 1, sizeBytes: 5_000_000, held: 1 },
    examples: [
      {
        ...{ studyInstanceUid: '1.2.3', patientId: idOf(1), recordNumber: 'NG-1', studyDate: '2001-03-01', modalities: ['CT'] },
        ...{ sizeBytes: 2_500_000, until: '2021-03-01' },
      },
    ],
  };
  test('is tried before anything goes, and what is asked for is what was told', async () => {
    const api = new FakeApi()
      .on('getRetention', () => ({ rules: [RULE], changedAt: '2026-03-01T08:00:00.000Z' }))
      .on('previewRetention', () => due)
      .on('listErasures', () => ({ items: [], returns: [] }));
    const { user } = await openPage(api, '/app/admin/retention', { role: 'ADMIN' });
    await screen.findByRole('heading', { level: 1, name: 'Conservation' });
    await user.click(await screen.findByRole('button', { name: 'Simuler' }));
    const told = await screen.findByRole('region', { name: 'Ce qui partirait aujourd’hui' });
    expect(told.textContent).toMatch(/2 examens.*1 autre est échu et reste/);
    await user.click(within(told).getByRole('button', { name: 'Mettre à la corbeille' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Mettre à la corbeille' }));
    await waitFor(() => expect(api.of('runRetention').map(({ body }) => body)).toEqual([{ studies: 2 }]));
  });

  test('an erasure says what became of the copies in the Orthanc beside', async () => {
    const orthanc = { failure: null, studies: 0, shared: 0, doneAt: null };
    const erasure = (number: number, of: Partial<NonNullable<Erasure['orthanc']>> | null) =>
      make(Erasure, { id: idOf(number), objects: 3, orthanc: of && { ...orthanc, state: 'PENDING', ...of } });
    const items = [
      erasure(901, null),
      erasure(902, {}),
      erasure(903, { state: 'FAILED', failure: 'UNREACHABLE' }),
      erasure(904, { state: 'DONE', studies: 2, shared: 1 }),
      erasure(905, { state: 'DONE' }),
    ];
    const api = new FakeApi()
      .on('getRetention', () => ({ rules: [], changedAt: null }))
      .on('listErasures', () => ({ items, returns: [] }));
    await openPage(api, '/app/admin/retention', { role: 'ADMIN' });
    const region = await screen.findByRole('region', { name: 'Effacements' });
    const told = (await within(region).findAllByRole('listitem')).map(({ textContent }) => textContent ?? '');
    const patterns = [
      /^(?!.*Orthanc)/,
      /pas encore supprimé/,
      /il ne répond pas/,
      /2 examens supprimés.*1 examen y reste/,
      /n’y en reste rien/,
    ];
    expect(told.map((text, index) => patterns[index]?.test(text))).toEqual(told.map(() => true));
    expect(told).toHaveLength(5);
  });

  test('rules that were changed are saved together before they are tried', async () => {
    const api = new FakeApi()
      .on('getRetention', () => ({ rules: [RULE], changedAt: null }))
      .on('listErasures', () => ({ items: [], returns: [] }));
    const { user } = await openPage(api, '/app/admin/retention', { role: 'ADMIN' });
    await user.click(await screen.findByRole('button', { name: 'Ajouter une règle' }));
    expect(screen.queryByRole('button', { name: 'Simuler' })).toBeNull();
    await user.selectOptions(screen.getAllByLabelText('Âge au dernier examen')[1] ?? document.body, 'MINORS');
    await user.click(screen.getByRole('button', { name: 'Enregistrer les règles' }));
    const added = { modality: null, group: null, patients: 'MINORS', countsFrom: 'LAST_STUDY', years: 20 };
    await waitFor(() =>
      expect(api.of('saveRetention').map(({ body }) => body)).toEqual([{ rules: [RULE, added], changedAt: null }]),
    );
  });
});
