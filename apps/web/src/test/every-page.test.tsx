import {
  AccessReview,
  AuditEvent,
  Consultation,
  DeidExport,
  DeidHeldFile,
  DeidHeldSeries,
  DeidProject,
  DicomNode,
  ErasedReturn,
  Erasure,
  Group,
  ImportReport,
  ListenerState,
  ManagedUser,
  Model,
  ReportPhrase,
  ReportTemplate,
  ReviewedPerson,
  Session,
  Share,
  Token,
  TrashEntry,
} from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { conflictOf, patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

/** Each page in both languages in `npm run test:long`, in one of them in turn in `npm test`. */
const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';

/** A server with one of everything, whose texts are what a test wants them to be. */
function full(text = 'Plain'): FakeApi {
  const patient = patientOf(1, { lastName: text, firstName: text, externalId: text, address: text, phone: text });
  const study = studyOf(1, {
    description: text,
    accessionNumber: text,
    referrer: text,
    patient: { ...studyOf(1).patient, lastName: text, firstName: text },
  });
  const side = { ...conflictOf(1).incoming, patientName: text, patientId: text, description: text };
  const user = make(ManagedUser, {
    id: idOf(60),
    email: 'anna@example.org',
    firstName: text,
    lastName: text,
    role: 'STAFF',
    level: 'WRITE',
    status: 'ACTIVE',
  });
  const report = make(ImportReport, {
    id: idOf(400),
    status: 'DONE',
    received: 1,
    rejected: 1,
    files: [{ name: text, outcome: 'rejected', reason: 'NOT_DICOM', sizeBytes: 1 }],
  });
  const consultation = make(Consultation, {
    ...{ id: idOf(800), patientId: patient.id, status: 'WAITING', reason: text, notes: text, version: 1 },
    patient: { ...make(Consultation, {}).patient, lastName: text, firstName: text },
  });
  const { notes: _notes, registeredBy: _by, studies: _of, orders: _orders, ...line } = consultation;
  const { files: _files, patients: _patients, studies: _studies, alreadyUnder: _under, ...row } = report;
  return new FakeApi()
    .on('listReportTexts', () => ({
      templates: [make(ReportTemplate, { id: idOf(970), level: 'SITE', siteId: null, name: text, region: text })],
      phrases: [make(ReportPhrase, { id: idOf(971), level: 'SITE', siteId: null, short: 'a', text })],
    }))
    .on('getReportSite', () => ({
      siteId: null,
      letterhead: { name: text, lines: [text], phone: text, logo: null },
      mayDictate: true,
    }))
    .on('listErasures', () => ({
      items: [make(Erasure, { id: idOf(990), by: text, doneAt: null, objects: null })],
      returns: [make(ErasedReturn, { id: idOf(991), recordNumber: text })],
    }))
    .on('listDeidProjects', () => ({ items: [make(DeidProject, { id: idOf(980), name: text, note: text, hasKey: true })] }))
    .on('listDeidHeld', () => ({
      items: [
        make(DeidHeldSeries, { id: idOf(982), patient: text, studyDescription: text, description: text, files: 2, waiting: 1 }),
      ],
    }))
    .on('listDeidHeldFiles', () => ({
      items: [make(DeidHeldFile, { id: idOf(983), rows: 48, columns: 64, frames: 3, decision: null, masks: [], by: null })],
      next: null,
    }))
    .on('findDeidText', () => ({ header: [], looks: [{ left: 1, top: 1, right: 9, bottom: 4 }] }))
    .on('listDeidExports', () => ({
      items: [
        make(DeidExport, { id: idOf(981), project: { id: idOf(980), name: text }, status: 'DONE', patients: 1, refused: 1 }),
      ],
    }))
    .on('listShares', () => listOf([make(Share, { id: idOf(985), recipient: text, note: text, state: 'OPEN', studyCount: 2 })]))
    .on('overview', () => ({
      patients: 1,
      studies: 1,
      instances: 9,
      sizeBytes: 9,
      toRead: 1,
      inProgress: 0,
      openConflicts: 1,
      identityReviews: 1,
      receivedToday: 1,
    }))
    .on('listModels', () => ({
      items: [
        make(Model, { name: 'model', title: { fr: text, en: text }, licence: text, card: text, state: 'READY', reason: null }),
      ],
      choices: [],
      thresholds: [],
      recalibrations: [],
    }))
    .on('listConsultations', () => listOf([line]))
    .on('getConsultation', () => consultation)
    .on('listPatients', () => listOf([patient]))
    .on('getPatient', () => patient)
    .on('listStudies', () => listOf([study]))
    .on('getStudy', () => ({ ...study, series: [] }))
    .on('search', () => ({ patients: [patient], studies: [study] }))
    .on('listConflicts', () => listOf([conflictOf(1, { existing: side, incoming: side })]))
    .on('getConflict', () => conflictOf(1, { differences: [{ tag: '00100010', keyword: text, existing: text, incoming: null }] }))
    .on('listIdentityReviews', () =>
      listOf([
        {
          id: idOf(500),
          patient,
          suspect: patientOf(2, { lastName: text }),
          reason: 'CONTRADICTION',
          createdAt: patient.createdAt,
        },
      ]),
    )
    .on('listImports', () => listOf([row]))
    .on('getImport', () => report)
    .on('listTrash', () => listOf([make(TrashEntry, { id: idOf(1), kind: 'study', label: text })]))
    .on('listUsers', () => listOf([user]))
    .on('readAccessReview', () =>
      make(AccessReview, {
        people: [
          make(ReviewedPerson, { id: idOf(61), firstName: text, lastName: text, groups: [{ id: idOf(700), name: text }] }),
        ],
        nodes: [],
      }),
    )
    .on('listGroups', () => listOf([make(Group, { id: idOf(700), name: text })]))
    .on('orthancStatus', () => ({ url: null, deletions: null, feed: null, sending: null }))
    .on('listNodes', () => ({
      items: [
        make(DicomNode, {
          id: idOf(900),
          name: text,
          aeTitle: 'CT1',
          host: '10.0.0.1',
          port: 104,
          mayStore: true,
          mayQuery: true,
          mayRetrieve: true,
          mayWorklist: true,
          groupId: null,
        }),
      ],
      listening: {
        aeTitle: 'NEGATOSCOPE',
        host: '0.0.0.0',
        port: 11112,
        tlsPort: 2762,
        ...make(ListenerState, { state: 'LISTENING' }),
      },
    }))
    .on('listAudit', () =>
      listOf([
        make(AuditEvent, {
          id: idOf(2),
          action: text,
          actorName: text,
          entityType: text,
          entityId: text,
          details: { note: text },
        }),
      ]),
    )
    .on('listUsableNodes', () => ({ items: [{ id: idOf(5), name: text, mayBeAsked: true, takesStudies: true }] }))
    .on('listSessions', () => ({ items: [make(Session, { id: idOf(3), userAgent: text, ip: '10.0.0.1' })] }))
    .on('listTokens', () => ({ items: [make(Token, { id: idOf(4), name: text })] }));
}

/** Addresses with what stands there at the top, in both languages. */
const PAGES = [
  ['/app', 'Bonjour Jeanne', 'Hello Jeanne'],
  ['/app/patients', 'Patients', 'Patients'],
  [`/app/patients/${patientOf(1).id}`, 'PLAIN Plain', 'PLAIN Plain'],
  ['/app/consultations', 'Consultations', 'Consultations'],
  [`/app/consultations/${idOf(800)}`, 'PLAIN Plain', 'PLAIN Plain'],
  ['/app/worklist', 'Examens', 'Studies'],
  ['/app/predictions', 'Tuberculose', 'Tuberculosis'],
  ['/app/statistics', 'Statistiques', 'Statistics'],
  ['/app/import', 'Importer', 'Import'],
  ['/app/archives', 'Autres archives', 'Other archives'],
  ['/app/deidentification', 'Exports sans identité', 'Exports without identity'],
  [`/app/deidentification/${idOf(981)}`, fr('Texte dans l’image'), 'Text in the image'],
  ['/app/shares', 'Partages', 'Shares'],
  [`/app/imports/${idOf(400)}`, 'Rapport d’import', 'Import report'],
  ['/app/conflicts', 'Conflits', 'Conflicts'],
  ['/app/identity-review', 'Identités à vérifier', 'Identities to check'],
  ['/app/trash', 'Corbeille', 'Trash'],
  ['/app/profile', 'Mon profil', 'My profile'],
  ['/app/admin/users', 'Utilisateurs', 'Users'],
  ['/app/admin/access', 'Revue des accès', 'Review of access'],
  ['/app/admin/groups', 'Groupes', 'Groups'],
  ['/app/admin/audit', 'Journal', 'Audit log'],
  ['/app/admin/reports', 'Comptes rendus', 'Reports'],
  ['/app/admin/retention', 'Conservation', 'Retention'],
  ['/app/admin/models', 'Modèles', 'Models'],
  ['/app/admin/nodes', 'Nœuds DICOM', 'DICOM nodes'],
  ['/app/admin/system', 'Système', 'System'],
] as const;

/** What a control is called, as a screen reader finds it, roughly: enough to tell that it has a name. */
function nameOf(control: Element): string {
  const labelled = (control.getAttribute('aria-labelledby') ?? '')
    .split(' ')
    .flatMap((id) => document.getElementById(id)?.textContent ?? []);
  const label = control.id === '' ? undefined : document.querySelector(`label[for="${control.id}"]`)?.textContent;
  const own = control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? '' : control.textContent;
  return [
    control.getAttribute('aria-label'),
    labelled.join(' '),
    label,
    control.closest('label')?.textContent,
    own,
    control.getAttribute('title'),
  ]
    .filter(Boolean)
    .join(' ')
    .trim();
}
const settled = async (): Promise<void> => {
  await waitFor(() => expect(document.querySelector('.ng-skeleton:not(img)')).toBeNull());
};

describe.each(PAGES)('%s', (address, inFrench, inEnglish) => {
  const LANGUAGES = [
    ['fr', inFrench],
    ['en', inEnglish],
  ] as const;
  const turn = PAGES.findIndex(([one]) => one === address) % LANGUAGES.length;
  test.each(LANGUAGES.filter((_one, place) => isLong || place === turn))(
    'has one heading of the first rank, and a name for each of its controls (%s)',
    async (locale, title) => {
      await openPage(full(), address, { role: 'ADMIN', locale });
      const heading = await screen.findByRole('heading', { level: 1 });
      // At night it greets otherwise.
      if (address !== '/app') expect(heading.textContent).toBe(title);
      await settled();
      expect(document.querySelectorAll('h1')).toHaveLength(1);
      expect(document.querySelectorAll('main')).toHaveLength(1);
      const all = [...document.querySelectorAll('button, a[href], input:not([hidden]), select, textarea')];
      // What a field of the library keeps for the browser alone is neither seen nor read.
      const controls = all.filter((control) => control.closest('[aria-hidden="true"]') === null);
      expect(controls.length).toBeGreaterThan(5);
      expect(controls.filter((control) => nameOf(control) === '').map((control) => control.outerHTML)).toEqual([]);
      const images = [...document.querySelectorAll('img, [role="img"]')];
      const isNamed = (image: Element): boolean =>
        ['alt', 'aria-label', 'aria-labelledby'].some((name) => image.hasAttribute(name));
      expect(images.filter((image) => !isNamed(image))).toEqual([]);
      // Headings go down one rank at a time.
      const ranks = [...document.querySelectorAll('main h1, main h2, main h3')].map(({ tagName }) => Number(tagName.slice(1)));
      expect(ranks.filter((rank, index) => rank > (ranks[index - 1] ?? 0) + 1)).toEqual([]);
      // No text has been left as its key, none stands unfilled.
      expect(document.body.textContent).not.toMatch(/\{\{|\bundefined\b|\bNaN\b|Invalid Date|\[object/);
      expect(document.documentElement.lang).toBe(locale);
    },
  );
});

describe('words that came with images', () => {
  const HOSTILE = '<img src=x onerror="alert(1)">';

  test.each(PAGES)('%s shows as text, whatever they are', async (address) => {
    await openPage(full(HOSTILE), address, { role: 'ADMIN' });
    await screen.findByRole('heading', { level: 1 });
    await settled();
    expect([...document.querySelectorAll('img')].filter((image) => image.getAttribute('src') === 'x')).toEqual([]);
    expect(document.querySelectorAll('script, [onerror]')).toHaveLength(0);
    // It stands there, as it is or in capitals, where the page has words of others at all.
    const isOurs = ['/app/import', '/app/admin/system', '/app/profile'].includes(address);
    if (!isOurs) expect(document.body.textContent?.toLowerCase()).toContain(HOSTILE.toLowerCase());
  });

  test.each([
    ['of sixty-four characters', 'W'.repeat(64)],
    ['written from right to left', 'كوهين\u202Eאבג'],
    ['with what a terminal would act upon', 'A\u0007\u001b[31mB'],
    ['of marks that stack', `Z${'\u0301'.repeat(40)}`],
  ])('%s are whole, and can be read whole where they are cut, without what turns them round', async (_what, name) => {
    await openPage(full(name), '/app/worklist', { role: 'ADMIN' });
    const read = name.replaceAll('\u202e', '');
    const shown = `${read.toLocaleUpperCase('fr')} ${read}`;
    const cell = await waitFor(() => {
      const found = [...document.querySelectorAll('[title]')].find((one) => one.getAttribute('title') === shown);
      expect(found).toBeTruthy();
      return found;
    });
    expect(cell?.textContent).toContain(shown);
  });

  test('in the palette are an entry like others', async () => {
    const { user } = await openPage(full(HOSTILE), '/app/worklist', { role: 'ADMIN' });
    await screen.findByRole('heading', { level: 1 });
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByRole('combobox', { name: 'Rechercher un patient ou un examen' }), 'img');
    await waitFor(() => expect(screen.getByRole('listbox').textContent?.toLowerCase()).toContain(HOSTILE));
    expect(document.querySelectorAll('img[src="x"]')).toHaveLength(0);
  });

  test('in a question that is asked are quoted, not obeyed', async () => {
    const { user } = await openPage(full(HOSTILE), '/app/admin/groups', { role: 'ADMIN' });
    await user.click(await screen.findByRole('button', { name: fr(`Supprimer le groupe « ${HOSTILE} » ?`) }));
    const question = await screen.findByRole('dialog');
    expect(within(question).getByRole('heading').textContent).toBe(fr(`Supprimer le groupe « ${HOSTILE} » ?`));
    expect(document.querySelectorAll('img')).toHaveLength(0);
  });
});

describe('a dialog', () => {
  const DIALOGS = [
    ['/app/patients', 'Nouveau patient', 'Nouveau patient'],
    ['/app/admin/users', 'Nouvel utilisateur', 'Nouvel utilisateur'],
    ['/app/admin/groups', 'Nouveau groupe', 'Nouveau groupe'],
    ['/app/admin/nodes', 'Nouveau nœud', 'Nouveau nœud'],
    ['/app/profile', 'Nouveau jeton', 'Nouveau jeton'],
    ['/app/deidentification', 'Nouveau projet', 'Nouveau projet'],
    ['/app/deidentification', fr('À qui est ce pseudonyme ? Projet Plain'), fr('À qui est ce pseudonyme ?')],
    [`/app/patients/${patientOf(1).id}`, 'Exporter sans identité', 'Exporter sans identité'],
    [`/app/patients/${patientOf(1).id}`, 'Remettre au patient', 'Remettre au patient'],
    [`/app/patients/${patientOf(1).id}`, 'Partager', 'Partager par un lien'],
    ['/app/shares', 'Accès au partage pour Plain', 'Accès par ce lien'],
    [`/app/patients/${patientOf(1).id}`, 'Mettre à la corbeille', fr('Mettre ce patient à la corbeille ?')],
  ] as const;

  test.each(DIALOGS)('%s: "%s" takes the focus, keeps it, and gives it back', async (address, opener, title) => {
    const { user } = await openPage(full(), address, { role: 'ADMIN' });
    const button = await screen.findByRole('button', { name: opener });
    button.focus();
    await user.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog', { name: title });
    await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
    for (let step = 0; step < 20; step += 1) {
      await user.tab();
      expect(dialog.contains(document.activeElement)).toBe(true);
    }
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(button));
  });
});
