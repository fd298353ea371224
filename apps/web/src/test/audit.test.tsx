import { AuditEvent, AuditWarning } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const eventOf = (number: number, fields: Partial<AuditEvent> = {}): AuditEvent =>
  make(AuditEvent, {
    id: idOf(number),
    occurredAt: '2026-03-01T08:00:00.000Z',
    sequence: 1000 + number,
    action: `patient.read.${number}`,
    outcome: 'SUCCESS',
    actorName: 'Dr Roux',
    entityType: 'Patient',
    entityId: idOf(100 + number),
    ip: '10.0.0.7',
    details: { partial: true, reason: 'Vérification' },
    ...fields,
  });
const events = [
  eventOf(1),
  eventOf(2, { outcome: 'DENIED', actorName: null, actorId: idOf(77), ip: null }),
  eventOf(3, { outcome: 'FAILURE', actorName: null, actorId: null, sequence: null, entityType: null, entityId: null }),
];
const api = (): FakeApi =>
  new FakeApi().on('listAudit', () => listOf(events)).on('listAuditWarnings', () => ({ items: [], nextCursor: null, open: 0 }));
const open = (of: FakeApi, options: Parameters<typeof openPage>[2] = {}, search = '') =>
  openPage(of, `/app/admin/audit${search}`, { role: 'ADMIN', ...options });
const row = async (action: string): Promise<HTMLElement> => {
  const found = (await screen.findByText(action)).closest<HTMLElement>('[role="row"]');
  if (found === null) throw new TypeError('It stands in no row.');
  return found;
};

describe('the journal', () => {
  test('says when, who, what and what came of it, by words and not by colour alone', async () => {
    await open(api());
    const texts = await Promise.all(events.map(async ({ action }) => (await row(action)).textContent));
    expect(texts[0]).toMatch(/^1\s001.*01\/03\/2026.*Dr Roux.*patient\.read\.1.*✓réussi.*10\.0\.0\.7$/);
    // Who has no name any more is told by their number; what nobody did is the system's.
    expect(texts[1]).toMatch(/019a00…000077.*!refusé/);
    expect(texts[2]).toMatch(/^….*système.*×échoué/);
    expect(screen.getByText('3 résultats')).toBeTruthy();
  });

  test.each([
    ['fr', 'Examen', 'Prédiction'],
    ['en', 'Study', 'Prediction'],
  ] as const)('says what each event is about in the language of the page (%s)', async (locale, study, prediction) => {
    const of = api().on('listAudit', () =>
      listOf([
        eventOf(1, { entityType: 'study' }),
        eventOf(2, { entityType: 'prediction' }),
        eventOf(3, { entityType: 'of-a-later-version' }),
      ]),
    );
    const { user } = await open(of, { locale });
    const texts = await Promise.all([1, 2, 3].map(async (number) => (await row(`patient.read.${number}`)).textContent));
    expect(texts.map((text) => text?.match(/patient\.read\.\d(.*) 019a00/)?.[1])).toEqual([
      study,
      prediction,
      'of-a-later-version',
    ]);
    await user.click(await row('patient.read.1'));
    expect(within(await screen.findByRole('complementary')).getByText(study)).toBeTruthy();
  });

  test('opens an event beside the list; Escape closes it', async () => {
    const { user } = await open(api());
    await user.click(await row('patient.read.1'));
    const aside = await screen.findByRole('complementary', { name: 'Détails' });
    expect(within(aside).getByRole('heading', { name: 'patient.read.1' })).toBeTruthy();
    const facts = [...aside.querySelectorAll('dt')].map(({ textContent }) => textContent);
    expect(facts).toEqual(['Quand', 'Personne', 'Résultat', 'Patient', 'Adresse', 'partial', 'reason']);
    expect(aside.textContent).toContain('Vérification');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Détails' })).toBeNull());
  });

  test('on a phone opens it over the list, and gives the focus back to its row', async () => {
    const { user } = await open(api(), { isPhone: true, locale: 'en' });
    const line = await row('patient.read.3');
    line.focus();
    await user.click(line);
    const dialog = await screen.findByRole('dialog', { name: 'patient.read.3' });
    expect(dialog.textContent).toContain('system');
    await user.click(within(dialog).getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(line));
  });

  test('is filtered by action, by what it was done to and by time, as the address and the export say', async () => {
    const of = api();
    const { user, address } = await open(of);
    await row('patient.read.1');
    await user.type(screen.getByRole('searchbox', { name: 'Action…' }), 'login');
    await waitFor(() => expect(of.of('listAudit').at(-1)?.query.action).toBe('login'));
    await user.type(screen.getByRole('searchbox', { name: 'Identifiant d’objet…' }), '1.2.3');
    await waitFor(() => expect(of.of('listAudit').at(-1)?.query.entity).toBe('1.2.3'));
    await user.click(screen.getByRole('button', { name: '7 jours' }));
    await waitFor(() => expect(of.of('listAudit').at(-1)?.query.from).toMatch(/T.*Z$/));
    const from = new Date(String(of.of('listAudit').at(-1)?.query.from));
    // The beginning of a day where one looks, not of one in Greenwich.
    expect([from.getHours(), from.getMinutes()]).toEqual([0, 0]);
    expect(address()).toBe('/app/admin/audit?action=login&entity=1.2.3&range=week');
    const href = screen.getByRole('link', { name: /Exporter/ }).getAttribute('href') ?? '';
    const exported = new URL(href, 'http://localhost');
    expect([exported.pathname, exported.searchParams.get('action'), exported.searchParams.get('entity')]).toEqual([
      '/api/audit/export',
      'login',
      '1.2.3',
    ]);
    expect(exported.searchParams.get('from')).toBe(from.toISOString());
  });

  test('says each action in a sentence, is narrowed to one patient from an event, and printed as it is shown', async () => {
    const sentenced = eventOf(9, { action: 'fhir.everything', patientId: idOf(55), actorId: idOf(66) });
    const of = new FakeApi().on('listAudit', () => listOf([sentenced]));
    const { user } = await open(of);
    await user.click(await row('a téléchargé le dossier en FHIR'));
    await user.click(await screen.findByRole('link', { name: 'Qui a vu ce patient' }));
    await waitFor(() => expect(of.of('listAudit').at(-1)?.query.patient).toBe(idOf(55)));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Résultat' }), 'DENIED');
    await waitFor(() => expect(of.of('listAudit').at(-1)?.query.outcome).toBe('DENIED'));
    const href = screen.getByRole('link', { name: /Imprimer/ }).getAttribute('href') ?? '';
    const { pathname, searchParams } = new URL(href, 'http://localhost');
    expect([pathname, searchParams.get('patient'), searchParams.get('locale')]).toEqual(['/api/audit/print', idOf(55), 'fr']);
    await user.click(screen.getByRole('button', { name: 'Tout montrer' }));
    await waitFor(() => expect(of.of('listAudit').at(-1)?.query.patient).toBeUndefined());
  });

  test('says when nothing fits, and recovers from what can’t be read', async () => {
    let isDown = true;
    const of = new FakeApi().on('listAudit', () => (isDown ? new Refusal('INTERNAL') : listOf([])));
    const { user } = await open(of, { locale: 'en' });
    const alert = await screen.findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('No event matches')).toBeTruthy();
  });

  test('is for who may read it', async () => {
    const of = api();
    await open(of, { role: 'PHYSICIAN' });
    expect(await screen.findByText('Votre rôle n’ouvre pas cette page')).toBeTruthy();
    expect(of.of('listAudit')).toEqual([]);
  });
});

describe('the chain of the journal', () => {
  const verdict = {
    valid: true,
    events: 12_345,
    pending: 0,
    firstBadSequence: null,
    problem: null,
    checkedAt: '2026-03-01T08:00:00.000Z',
  };
  const check = async (answer: () => unknown) => {
    const { user } = await open(api().on('verifyAudit', answer));
    await user.click(await screen.findByRole('button', { name: 'Vérifier la chaîne' }));
    return user;
  };

  test('that is whole is told with how much of it was looked at', async () => {
    await check(() => verdict);
    expect(await screen.findByText('La chaîne est intacte : 12 345 événements vérifiés.')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('that is broken stays on the page, until it is whole again', async () => {
    let isBroken = true;
    const user = await check(() => (isBroken ? { ...verdict, valid: false, firstBadSequence: 42, problem: 'HASH' } : verdict));
    expect((await screen.findByRole('alert')).textContent).toContain('La chaîne est rompue à l’événement 42.');
    isBroken = false;
    await user.click(screen.getByRole('button', { name: 'Vérifier la chaîne' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  test('that can’t be checked is told as that', async () => {
    await check(() => new Refusal('UNAVAILABLE'));
    expect(await screen.findByText(/Une partie du serveur ne répond pas/)).toBeTruthy();
    expect(screen.queryByText(/La chaîne est/)).toBeNull();
  });
});

describe('what watches over the journal', () => {
  const warning: AuditWarning = make(AuditWarning, {
    ...{ id: idOf(5), rule: 'MASS_EXPORT', actorName: 'Dr Roux', actorId: idOf(77), patientId: null, amount: 31 },
    ...{ firstAt: '2026-03-01T08:00:00.000Z', lastAt: '2026-03-01T08:40:00.000Z', raisedAt: '2026-03-01T08:40:00.000Z' },
    acknowledged: null,
  });

  test('says how many warnings wait, what each is of, and takes why it is in order', async () => {
    let isDone = false;
    const acknowledged = { at: '2026-03-02T08:00:00.000Z', byName: 'Anne Roy', reason: 'Étude validée' };
    const of = api()
      .on('listAuditWarnings', () =>
        isDone
          ? { items: [{ ...warning, acknowledged }], nextCursor: null, open: 0 }
          : { items: [warning], nextCursor: null, open: 1 },
      )
      .on('acknowledgeAuditWarning', () => {
        isDone = true;
        return undefined;
      });
    const { user } = await open(of);
    expect(await screen.findByText('1 alerte attend')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Toutes les alertes' }));
    const dialog = await screen.findByRole('dialog', { name: 'Alertes du journal' });
    expect(await within(dialog).findByText('Dr Roux a sorti 31 patients en une heure')).toBeTruthy();
    await user.click(within(dialog).getByRole('button', { name: 'Acquitter' }));
    const send = within(dialog).getByRole('button', { name: 'Acquitter' });
    expect(send.hasAttribute('disabled')).toBe(true);
    await user.type(within(dialog).getByRole('textbox'), 'Étude validée');
    await user.click(send);
    expect(await within(dialog).findByText(/Acquittée par Anne Roy/)).toBeTruthy();
    expect(of.of('acknowledgeAuditWarning')[0]?.body).toEqual({ reason: 'Étude validée' });
  });

  test.each([
    ['nothing waits', () => ({ items: [], nextCursor: null, open: 0 })],
    ['they can’t be read', () => new Refusal('INTERNAL')],
  ])('have no place where %s', async (_why, answer) => {
    const of = api().on('listAuditWarnings', answer);
    await open(of);
    await row('patient.read.1');
    expect(of.of('listAuditWarnings')).toHaveLength(1);
    expect(screen.queryByRole('button', { name: 'Toutes les alertes' })).toBeNull();
  });

  test('lists what waits before what somebody has looked at, and leads to what the person did and who saw the patient', async () => {
    const seen = { at: '2026-03-02T08:00:00.000Z', byName: null, reason: 'Son propre dossier' };
    const items = [
      { ...warning, id: idOf(6), rule: 'OWN_RECORD' as const, acknowledged: seen },
      { ...warning, rule: 'SAME_NAME' as const, patientId: idOf(55), actorName: null },
    ];
    const of = api().on('listAuditWarnings', () => ({ items, nextCursor: null, open: 1 }));
    const { user } = await open(of);
    await user.click(await screen.findByRole('button', { name: 'Toutes les alertes' }));
    const dialog = await screen.findByRole('dialog', { name: 'Alertes du journal' });
    const lines = (await within(dialog).findAllByRole('listitem')).map(({ textContent }) => textContent ?? '');
    expect(lines[0]).toMatch(/^Une personne supprimée a ouvert un dossier de son nom de famille/);
    expect(lines[1]).toMatch(/^Dr Roux a ouvert un dossier à son propre nom.*Acquittée par Une personne supprimée/);
    // Only what concerns one patient leads to them.
    const links = within(dialog).getAllByRole('link', { name: 'Qui a vu ce patient' });
    expect(links).toHaveLength(1);
    await user.click(links[0] ?? dialog);
    await waitFor(() => expect(of.of('listAudit').at(-1)?.query.patient).toBe(idOf(55)));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('takes no reason that says nothing, and keeps one that could not be sent', async () => {
    const of = api()
      .on('listAuditWarnings', () => ({ items: [warning], nextCursor: null, open: 1 }))
      .on('acknowledgeAuditWarning', () => new Refusal('INTERNAL'));
    const { user } = await open(of);
    await user.click(await screen.findByRole('button', { name: 'Toutes les alertes' }));
    const dialog = await screen.findByRole('dialog', { name: 'Alertes du journal' });
    await user.click(await within(dialog).findByRole('button', { name: 'Acquitter' }));
    const reason = within(dialog).getByRole<HTMLTextAreaElement>('textbox');
    const send = () => within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Acquitter' });
    await user.type(reason, '  ok ');
    expect(send().disabled).toBe(true);
    await user.type(reason, 'donc');
    await user.click(send());
    await waitFor(() => expect(reason.getAttribute('aria-invalid')).toBe('true'));
    expect(reason.value).toBe('  ok donc');
    expect(of.of('acknowledgeAuditWarning')).toHaveLength(1);
  });

  test('offers the reports of days and months in the language of the page', async () => {
    const reports = [
      { id: idOf(9), period: 'DAY', begins: '2026-02-28', madeAt: '2026-03-01T01:00:00.000Z', events: 12, warnings: 1 },
    ] as const;
    const { user } = await open(
      api().on('listAuditReports', () => ({ items: [...reports] })),
      { locale: 'en' },
    );
    await user.click(await screen.findByRole('button', { name: 'Reports' }));
    const pdf = await screen.findByRole('link', { name: 'PDF, Day: 28 Feb 2026' });
    expect(pdf.getAttribute('href')).toBe(`/api/audit/reports/${idOf(9)}/pdf?locale=en`);
    expect(screen.getByText('12 events · 1 warning')).toBeTruthy();
  });

  test('calls what acts by itself by a name', async () => {
    const of = api().on('listAudit', () => listOf([eventOf(1, { actorName: 'service:predict', actorId: null })]));
    await open(of);
    expect((await row('patient.read.1')).textContent).toContain('Analyse par l’IA');
  });
});
