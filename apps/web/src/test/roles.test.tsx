import { ROLES, type Role } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';

/** What of the page each role is offered, in the order of ROLES; what the server allows is tested there. */
const PAGES: Readonly<Record<Role, readonly string[]>> = {
  ADMIN: [
    'Examens',
    'Patients',
    'Consultations',
    'Tuberculose',
    'Statistiques',
    'Importer',
    'Autres archives',
    'Sans identité',
    'Partages',
    'Conflits',
    'Identités',
    'Corbeille',
    'Utilisateurs',
    'Groupes',
    'Accès',
    'Comptes rendus',
    'Journal',
    'Conservation',
    'Modèles',
    'Nœuds DICOM',
    'Système',
  ],
  RADIOLOGIST: [
    'Examens',
    'Patients',
    'Consultations',
    'Tuberculose',
    'Statistiques',
    'Importer',
    'Autres archives',
    'Sans identité',
    'Partages',
    'Conflits',
    'Identités',
  ],
  PHYSICIAN: [
    'Examens',
    'Patients',
    'Consultations',
    'Tuberculose',
    'Statistiques',
    'Importer',
    'Autres archives',
    'Sans identité',
    'Partages',
    'Conflits',
    'Identités',
  ],
  STAFF: ['Examens', 'Patients', 'Consultations', 'Tuberculose', 'Statistiques', 'Importer', 'Conflits', 'Identités'],
  RESEARCHER: ['Examens', 'Patients', 'Tuberculose', 'Statistiques', 'Importer', 'Sans identité', 'Partages'],
};
const PATIENT_ACTIONS: Readonly<Record<Role, readonly string[]>> = {
  ADMIN: [
    'Télécharger (ZIP)',
    'Remettre au patient',
    'Partager',
    'Exporter sans identité',
    'Archiver',
    'Mettre à la corbeille',
    'Modifier',
  ],
  RADIOLOGIST: ['Télécharger (ZIP)', 'Remettre au patient', 'Partager', 'Exporter sans identité', 'Archiver', 'Modifier'],
  PHYSICIAN: ['Télécharger (ZIP)', 'Remettre au patient', 'Partager', 'Exporter sans identité', 'Archiver', 'Modifier'],
  STAFF: ['Remettre au patient', 'Archiver', 'Modifier'],
  RESEARCHER: ['Partager', 'Exporter sans identité'],
};
const ALL_ACTIONS = PATIENT_ACTIONS.ADMIN;
/** Statuses that a study to be read may be given in the list. */
const STATUSES: Readonly<Record<Role, readonly string[]>> = {
  ADMIN: ['À lire', 'En cours', 'Archivé'],
  RADIOLOGIST: ['À lire', 'En cours', 'Validé', 'Archivé'],
  PHYSICIAN: ['À lire', 'En cours', 'Validé', 'Archivé'],
  STAFF: ['À lire', 'En cours', 'Archivé'],
  RESEARCHER: [],
};

describe.each(ROLES)('%s', (role) => {
  test('is led to these pages, and told of the others that they are not for them', async () => {
    const { navigate } = await openPage(new FakeApi(), '/app/profile', { role });
    const [sidebar] = await screen.findAllByRole('navigation', { name: 'Navigation principale' });
    const links = within(sidebar as HTMLElement).getAllByRole('link');
    expect(links.map(({ textContent }) => textContent).filter((text) => text !== 'Negatoscope')).toEqual([
      'Tableau de bord',
      ...PAGES[role],
    ]);
    for (const [path, name] of [
      ['/app/admin/users', 'Utilisateurs'],
      ['/app/conflicts', 'Conflits'],
      ['/app/trash', 'Corbeille'],
    ] as const) {
      await navigate(path);
      if (PAGES[role].includes(name)) expect(await screen.findByRole('heading', { level: 1, name })).toBeTruthy();
      else expect(await screen.findByText('Votre rôle n’ouvre pas cette page')).toBeTruthy();
    }
  });

  test('may do this with a patient', async () => {
    const api = new FakeApi()
      .on('getPatient', () => patientOf(1, { modalities: ['CT'] }))
      .on('listStudies', () => listOf([studyOf(1)]));
    await openPage(api, `/app/patients/${patientOf(1).id}`, { role });
    await screen.findByRole('heading', { level: 1, name: 'BERNARD Anna' });
    await screen.findByText('Thorax 1');
    const buttons = screen.getAllByRole('button').map((button) => button.getAttribute('aria-label') ?? button.textContent);
    expect(ALL_ACTIONS.filter((name) => buttons.includes(name))).toEqual(PATIENT_ACTIONS[role]);
  });

  test('may give a study these statuses', async () => {
    const api = new FakeApi().on('listStudies', () => listOf([studyOf(1)]));
    const { user } = await openPage(api, '/app/worklist', { role });
    await screen.findByText('Thorax 1');
    const change = screen.queryByRole('button', { name: /Changer le statut/ });
    expect(change === null).toBe(STATUSES[role].length === 0);
    if (change === null) return;
    await user.click(change);
    await waitFor(() => expect(screen.getAllByRole('menuitemradio').length).toBeGreaterThan(0));
    const offered = screen.getAllByRole('menuitemradio').map(({ textContent }) => textContent ?? '');
    expect(STATUSES.RADIOLOGIST.filter((status) => offered.some((text) => text.includes(status)))).toEqual(STATUSES[role]);
  });
});
