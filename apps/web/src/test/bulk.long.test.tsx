import { Group, type Study } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const [dakar, thies] = [make(Group, { id: idOf(700), name: 'Dakar' }), make(Group, { id: idOf(701), name: 'Thiès' })];
interface Change {
  readonly items: readonly (Partial<Study> & { readonly id: string; readonly version?: number })[];
}

/** The first rows are chosen. */
async function choose(count: number, api = new FakeApi(), role: Parameters<typeof openPage>[2] = { role: 'ADMIN' }) {
  api.on('listStudies', () => listOf([studyOf(1), studyOf(2), studyOf(3)])).on('listGroups', () => listOf([dakar, thies]));
  const page = await openPage(api, '/app/worklist', role);
  await screen.findByText('Thorax 1');
  await page.user.click(screen.getByRole('button', { name: 'Choisir' }));
  for (let at = 0; at < count; at += 1) {
    const box = screen.getAllByRole('checkbox', { name: /^Choisir/ })[at];
    if (box !== undefined) await page.user.click(box);
  }
  return { ...page, api };
}

describe('the export of chosen studies', () => {
  test('is one file of those studies alone, with each patient once', async () => {
    const saved: (string | null)[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:zip', revokeObjectURL: () => undefined }));
    const { user, api } = await choose(2);
    await user.click(screen.getByRole('button', { name: 'Exporter' }));
    await waitFor(() => expect(saved).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d\.zip$/)]));
    expect(api.of('exportPatients').map(({ body }) => body)).toEqual([
      { patientIds: [patientOf(1).id, patientOf(2).id], studyInstanceUids: ['2.25.1', '2.25.2'] },
    ]);
  });

  test('that is refused says why, saves nothing, and may be tried again', async () => {
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    const { user } = await choose(
      1,
      new FakeApi().on('exportPatients', () => new Refusal('FORBIDDEN')),
    );
    await user.click(screen.getByRole('button', { name: 'Exporter' }));
    expect(await screen.findByText('Votre rôle ne permet pas cette action.')).toBeTruthy();
    expect(clicked).not.toHaveBeenCalled();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Exporter' }).disabled).toBe(false);
  });

  test('is not for nothing, nor for who may not', async () => {
    const none = await choose(0);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Exporter' }).disabled).toBe(true);
    none.close();
    await choose(1, new FakeApi(), { role: 'STAFF' });
    expect(screen.getByRole('button', { name: 'Statut' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Exporter' })).toBeNull();
  });
});

describe('the group of chosen studies', () => {
  test('is that of their patients: those are moved that are elsewhere, and back by the button of the message', async () => {
    const groupOf = new Map<string, string | null>([
      [patientOf(1).id, null],
      [patientOf(2).id, dakar.id],
    ]);
    const api = new FakeApi()
      .on('getPatient', ({ params }) => ({
        ...patientOf(params.id === patientOf(1).id ? 1 : 2),
        groupId: groupOf.get(params.id ?? '') ?? null,
      }))
      .on('updatePatient', ({ params, body }) => {
        groupOf.set(params.id ?? '', (body as { groupId: string | null }).groupId); // Read by the contract.
        return patientOf(1);
      });
    const { user } = await choose(2, api);
    await user.click(await screen.findByRole('button', { name: 'Groupe' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Dakar' }));
    expect(await screen.findByText('1 patient a changé de groupe, avec ses examens.')).toBeTruthy();
    expect(api.of('updatePatient').map(({ params, body }) => [params.id, body])).toEqual([
      [patientOf(1).id, { updatedAt: patientOf(1).updatedAt, groupId: dakar.id }],
    ]);
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(groupOf.get(patientOf(1).id)).toBeNull());
    expect(api.of('updatePatient')).toHaveLength(2);
  });

  test('may be none; a patient who can’t be moved is told, and keeps no other back', async () => {
    const api = new FakeApi()
      .on('getPatient', ({ params }) => ({ ...patientOf(params.id === patientOf(1).id ? 1 : 2), groupId: thies.id }))
      .on('updatePatient', ({ params }) => (params.id === patientOf(1).id ? new Refusal('FORBIDDEN') : patientOf(2)));
    const { user } = await choose(2, api);
    await user.click(await screen.findByRole('button', { name: 'Groupe' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Sans groupe' }));
    expect(await screen.findByText('1 patient a changé de groupe, avec ses examens.')).toBeTruthy();
    expect(screen.getByText('Votre rôle ne permet pas cette action.')).toBeTruthy();
    expect(api.of('updatePatient').map(({ body }) => (body as { groupId: unknown }).groupId)).toEqual([null, null]);
  });

  test('is an administrator’s', async () => {
    const { api } = await choose(1, new FakeApi(), { role: 'RADIOLOGIST' });
    expect(screen.getByRole('button', { name: 'Statut' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Groupe' })).toBeNull();
    expect(api.of('updatePatient')).toEqual([]);
  });
});

describe('the status of chosen studies', () => {
  const open = async (outcome: (id: string) => string, role: 'RADIOLOGIST' | 'STAFF' = 'RADIOLOGIST') => {
    const sent: Change['items'][] = [];
    const api = new FakeApi().on('changeWork', ({ body }) => {
      const { items } = body as Change; // Read by the contract.
      sent.push(items);
      return {
        items: items.map(({ id, status }) => {
          const [own] = [1, 2, 3].map((number) => studyOf(number)).filter((study) => study.id === id);
          const told = outcome(id);
          return { id, outcome: told, study: told === 'CHANGED' ? { ...own, status, workVersion: 1 } : null };
        }),
      };
    });
    const page = await choose(2, api, { role });
    await page.user.click(screen.getByRole('button', { name: 'Statut' }));
    return { ...page, sent };
  };

  test('is set for all by one request, and taken back to what each had', async () => {
    const { user, sent } = await open(() => 'CHANGED');
    await user.click(await screen.findByRole('menuitem', { name: 'Validé' }));
    expect(await screen.findByText('2 examens modifiés.')).toBeTruthy();
    expect(sent).toMatchObject([
      [
        { id: studyOf(1).id, status: 'VALIDATED' },
        { id: studyOf(2).id, status: 'VALIDATED' },
      ],
    ]);
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toMatchObject([
      { status: 'TO_READ', version: 1 },
      { status: 'TO_READ', version: 1 },
    ]);
  });

  test('that one may not have says so of that one, and the others keep theirs', async () => {
    const { user } = await open((id) => (id === studyOf(1).id ? 'FORBIDDEN' : 'CHANGED'));
    await user.click(await screen.findByRole('menuitem', { name: 'En cours' }));
    expect(await screen.findByText(/1 examen n’a pas pu l’être.*vous n’en avez pas le droit/)).toBeTruthy();
    expect(screen.getByText('1 examen modifié.')).toBeTruthy();
    const grid = screen.getByRole('grid');
    await waitFor(() => expect(within(grid).getAllByText('En cours')).toHaveLength(1));
  });

  test('is never "validated" by the desk', async () => {
    const { sent } = await open(() => 'CHANGED', 'STAFF');
    const offered = await screen.findAllByRole('menuitem');
    expect(offered.map(({ textContent }) => textContent)).toEqual(expect.arrayContaining([expect.stringContaining('Archivé')]));
    expect(offered.some(({ textContent }) => textContent?.includes('Validé'))).toBe(false);
    expect(sent).toEqual([]);
  });
});
