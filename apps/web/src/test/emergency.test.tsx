import { EmergencyAccess, Group, type Patient, PatientMove } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const ACCESS = make(EmergencyAccess, {
  ...{ id: idOf(990), patientId: patientOf(1).id, lastName: 'Ndiaye', firstName: 'Awa' },
  ...{ openedAt: new Date().toISOString(), expiresAt: new Date(Date.now() + 3_600_000).toISOString() },
});

describe('access in an emergency', () => {
  test('is asked for by identifier and birth date, with a reason; nobody found says so, and what was typed stays', async () => {
    const api = new FakeApi()
      .on('listPatients', () => listOf([]))
      .on('listOwnEmergencies', () => ({ hours: 4, items: [] }))
      .on('openEmergency', () => new Refusal('NOT_FOUND'));
    const { user } = await openPage(api, '/app/patients', { role: 'PHYSICIAN' });
    await user.click(await screen.findByRole('button', { name: fr('Accès d’urgence') }));
    const dialog = await screen.findByRole('dialog');
    const submit = () => within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Ouvrir le dossier' });
    expect(submit().disabled).toBe(true);
    expect(within(dialog).getByText(/^Encore à remplir/).textContent).toContain('la date de naissance');
    await user.type(within(dialog).getByLabelText(/Identifiant/), 'URG-1');
    await user.type(within(dialog).getByLabelText(/Motif/), 'Inconsciente aux urgences');
    await user.click(within(dialog).getAllByRole('spinbutton')[0] as HTMLElement); // A date has three.
    await user.keyboard('03021981');
    await waitFor(() => expect(submit().disabled).toBe(false));
    expect(within(dialog).queryByText(/^Encore à remplir/)).toBeNull();
    await user.click(submit());
    expect((await within(dialog).findByRole('alert')).textContent).toMatch(/^Aucun dossier/);
    const [sent] = api.of('openEmergency');
    expect(sent?.body).toEqual({ identifier: 'URG-1', birthDate: '1981-02-03', reason: 'Inconsciente aux urgences' });
  });

  test('stands above every page while it lasts, with the way to end it', async () => {
    let items = [ACCESS];
    const api = new FakeApi()
      .on('listPatients', () => listOf([]))
      .on('listOwnEmergencies', () => ({ hours: 4, items }))
      .on('endEmergency', () => {
        items = [];
        return undefined;
      });
    const { user } = await openPage(api, '/app/patients', { role: 'RADIOLOGIST' });
    const banner = await screen.findByRole('region', { name: fr('Accès d’urgence en cours') });
    expect(banner.textContent).toContain('NDIAYE Awa');
    await user.click(within(banner).getByRole('button', { name: fr('Terminer l’accès d’urgence à NDIAYE Awa') }));
    await waitFor(() => expect(screen.queryByRole('region', { name: fr('Accès d’urgence en cours') })).toBeNull());
  });

  test('offers nothing on that patient’s page that would change or take along anything', async () => {
    const offered = async (items: (typeof ACCESS)[]): Promise<string[]> => {
      const api = new FakeApi()
        .on('getPatient', () => patientOf(1, { onlyReads: items.length > 0 }))
        .on('listStudies', () => listOf([]))
        .on('listOwnEmergencies', () => ({ hours: 4, items }));
      const { close } = await openPage(api, `/app/patients/${patientOf(1).id}`, { role: 'PHYSICIAN' });
      await screen.findByRole('heading', { level: 1, name: 'BERNARD Anna' });
      if (items.length > 0) await screen.findByRole('region', { name: fr('Accès d’urgence en cours') });
      const main = screen.getByRole('region', { name: 'Identité' }).parentElement?.parentElement?.parentElement;
      const names = within(main ?? document.body)
        .queryAllByRole('button')
        .map((one) => one.getAttribute('aria-label') ?? one.textContent ?? '');
      close();
      return names;
    };
    const usual = await offered([]);
    expect(usual).toEqual(expect.arrayContaining([expect.stringMatching(/Modifier/)]));
    const inAnEmergency = await offered([ACCESS]);
    expect(inAnEmergency.filter((name) => /Modifier|Export|Remettre|Supprimer|Corbeille|Consultation/i.test(name))).toEqual([]);
  });

  test('offers nothing in the row of a list, and no choice of it among others, while the neighbour has all', async () => {
    const api = new FakeApi()
      .on('listOwnEmergencies', () => ({ hours: 4, items: [ACCESS] }))
      .on('listStudies', () => listOf([studyOf(1, { onlyReads: true }), studyOf(2)]));
    const { user } = await openPage(api, '/app/worklist', { role: 'RADIOLOGIST' });
    const status = /^Changer le statut/;
    await waitFor(() => expect(screen.getAllByRole('button', { name: status })).toHaveLength(1));
    const why = /Ouvert en urgence\s:\slecture seule/;
    expect(screen.getAllByTitle(why).length).toBeGreaterThan(0);
    await user.click(screen.getByRole('button', { name: 'Choisir' }));
    const boxes = screen.getAllByRole<HTMLInputElement>('checkbox', { name: /^Choisir/ });
    expect(boxes.map(({ disabled }) => disabled)).toEqual([true, false]);
    expect(boxes[0]?.getAttribute('aria-label')).toMatch(why);
  });

  test('has its place on the next page before the server has told, so that nothing moves when it comes', async () => {
    let tell: (() => void) | undefined;
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    let items = [ACCESS];
    const api = new FakeApi()
      .on('listPatients', () => listOf([]))
      .on('listOwnEmergencies', async () => {
        await told;
        return { hours: 4, items };
      });
    localStorage.setItem('ng.above', '41');
    const open = async () => {
      const { close } = await openPage(api, '/app/patients', { role: 'PHYSICIAN' });
      await screen.findByRole('heading', { name: 'Patients' });
      return close;
    };
    const held = () => document.querySelectorAll<HTMLElement>('div[aria-hidden="true"][style="height: 41px;"]').length;
    const close = await open();
    expect(held()).toBe(1);
    tell?.();
    await screen.findByRole('region', { name: fr('Accès d’urgence en cours') });
    expect(held()).toBe(0);
    close();
    items = [];
    await open();
    await waitFor(() => expect(localStorage.getItem('ng.above')).toBeNull());
    expect(held()).toBe(0);
  });

  test('is nowhere on the page where the site has none', async () => {
    const api = new FakeApi().on('listPatients', () => listOf([])).on('listOwnEmergencies', () => ({ hours: null, items: [] }));
    await openPage(api, '/app/patients', { role: 'PHYSICIAN' });
    await screen.findByRole('heading', { name: 'Patients' });
    expect(screen.queryByRole('button', { name: fr('Accès d’urgence') })).toBeNull();
  });
});

describe('a move into another group', () => {
  test('tells before who gains and who loses sight, and is refused where the group has the same study', async () => {
    const patient: Patient = patientOf(1, { groupId: idOf(700) });
    const groups = [make(Group, { id: idOf(700), name: 'Nord' }), make(Group, { id: idOf(701), name: 'Sud' })];
    let isRefused = true;
    const api = new FakeApi()
      .on('getPatient', () => patient)
      .on('listGroups', () => listOf(groups))
      .on('previewPatientMove', () =>
        make(PatientMove, {
          ...{ from: idOf(700), to: idOf(701), isRefused, goesAlong: [{ what: 'DRAFTS', count: 2 }] },
          ...{ gain: { count: 1, names: ['Gagne Zoe'] }, lose: { count: 30, names: ['Perd Awa'] } },
        }),
      )
      .on('updatePatient', () => ({ ...patient, groupId: idOf(701) }));
    const { user } = await openPage(api, `/app/patients/${patient.id}`, { role: 'ADMIN' });
    await user.click(await screen.findByRole('button', { name: 'Changer de groupe' }));
    const dialog = await screen.findByRole('dialog');
    const submit = () => within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Déplacer' });
    await within(dialog).findByRole('option', { name: 'Sud' });
    await user.selectOptions(within(dialog).getByLabelText('Nouveau groupe'), idOf(701));
    expect(await within(dialog).findByText(/serait refusé/)).toBeTruthy();
    expect(submit().disabled).toBe(true);
    isRefused = false;
    await user.selectOptions(within(dialog).getByLabelText('Nouveau groupe'), 'none');
    expect(await within(dialog).findByText(/30 personnes ne le verront plus/)).toBeTruthy();
    expect(within(dialog).getByText(/2 comptes rendus en cours/)).toBeTruthy();
    await user.click(submit());
    await waitFor(() => expect(api.of('updatePatient')[0]?.body).toMatchObject({ groupId: null }));
  });
});
