import { Consultation, type ConsultationLine, Prediction, Validation } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { meOf, openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const ME = meOf('PHYSICIAN').user;
const signs = (of: object = {}) => ({ ...make(Consultation, {}).vitalSigns, ...of });
/** The nth consultation, of the nth patient. */
const consultationOf = (number: number, fields: object = {}): Consultation => {
  const { id, recordNumber, lastName, firstName, birthDate, sex } = patientOf(number);
  return make(Consultation, {
    ...{ id: idOf(800 + number), patientId: id, patient: { id, recordNumber, lastName, firstName, birthDate, sex } },
    ...{ status: 'WAITING', reason: `Toux ${number}`, notes: '', version: 1, date: '2026-03-02' },
    ...{ arrivedAt: new Date(Date.now() - number * 600_000).toISOString() },
    ...fields,
  });
};
const lineOf = (number: number, fields: object = {}): ConsultationLine => {
  const { notes: _n, registeredBy: _r, studies: _s, orders: _o, ...line } = consultationOf(number, fields);
  return line;
};
const taken = (fields: object = {}): Consultation =>
  consultationOf(1, { status: 'IN_PROGRESS', physicianId: ME.id, physicianName: 'Jeanne Durand', ...fields });
const ADDRESS = `/app/consultations/${consultationOf(1).id}`;
const roomOf = (...lines: ConsultationLine[]): FakeApi => new FakeApi().on('listConsultations', () => listOf(lines));
const openOf = (consultation: Consultation): FakeApi =>
  new FakeApi()
    .on('getConsultation', () => consultation)
    .on('listConsultations', () => listOf([]))
    .on('listStudies', () => listOf([]));
const undoOf = (to: string) => ({ to, until: new Date(Date.now() + 600_000).toISOString() });

describe('the waiting room', () => {
  test('is by physician, one’s own first; says who waits for how long, and what is still to do', async () => {
    const api = roomOf(
      lineOf(1, { physicianId: idOf(77), physicianName: 'Luc Petit' }),
      lineOf(2, { physicianId: ME.id, physicianName: 'Jeanne Durand', vitalSignsAt: '2026-03-02T08:00:00.000Z' }),
      lineOf(3, { vitalSigns: signs({ temperatureC: 38.6 }), unusual: ['temperatureC'] }),
      lineOf(4, { status: 'DONE', endedAt: '2026-03-02T08:00:00.000Z' }),
    );
    await openPage(api, '/app/consultations', { role: 'PHYSICIAN' });
    await screen.findByText('PETIT Anna');
    expect(screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent)).toEqual([
      'Jeanne Durand (vous)1 attend',
      'Sans médecin attitré1 attend',
      'Luc Petit1 attend',
    ]);
    const mine = screen.getByRole('region', { name: 'Jeanne Durand (vous)' });
    expect(mine.textContent).toContain('attend depuis 20\u00a0min');
    expect(mine.textContent).not.toContain('Constantes à prendre');
    const free = screen.getByRole('region', { name: 'Sans médecin attitré' });
    expect(free.textContent).toContain('Température 38,6 °C');
    expect(free.textContent).toContain('Constantes à prendre');
    expect(screen.getByText('1 terminée ou annulée')).toBeTruthy();
  });

  test('a physician takes who waits by one tap, and may take that back', async () => {
    const back = consultationOf(1);
    const moved = taken({ undo: undoOf('WAITING'), version: 2 });
    const api = roomOf(lineOf(1))
      .on('moveConsultation', ({ body }) => ((body as { status: string }).status === 'WAITING' ? back : moved)) // Read by the contract.
      .on('getConsultation', () => moved);
    const { user, address } = await openPage(api, '/app/consultations', { role: 'PHYSICIAN' });
    await user.click(await screen.findByRole('button', { name: 'Prendre BERNARD Anna' }));
    await waitFor(() => expect(address()).toBe(ADDRESS));
    await user.click(await screen.findByRole('button', { name: 'Annuler' }));
    await screen.findByText('Rétablie.');
    expect(api.of('moveConsultation').map(({ body }) => body)).toEqual([{ status: 'IN_PROGRESS' }, { status: 'WAITING' }]);
  });

  test('who comes second is told who was first, and stays where they are', async () => {
    const current = taken({ physicianId: idOf(77), physicianName: 'Luc Petit' });
    const api = roomOf(lineOf(1)).on('moveConsultation', () => new Refusal('CONSULTATION_TAKEN', { current }));
    const { user, address } = await openPage(api, '/app/consultations', { role: 'PHYSICIAN' });
    await user.click(await screen.findByRole('button', { name: 'Prendre BERNARD Anna' }));
    expect(await screen.findByText('Luc Petit a pris cette consultation.')).toBeTruthy();
    expect(address()).toBe('/app/consultations');
  });

  test('that is empty says what to do; who only sees is offered nothing to do', async () => {
    const { close } = await openPage(roomOf(), '/app/consultations', { role: 'STAFF' });
    expect(await screen.findByText('Personne n’attend ce jour-là')).toBeTruthy();
    expect(screen.getAllByRole('button', { name: 'Inscrire un patient' })).toHaveLength(2);
    close();
    await openPage(roomOf(lineOf(1)), '/app/consultations', { role: 'RADIOLOGIST' });
    expect(await screen.findByRole('button', { name: 'Ouvrir BERNARD Anna' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Prendre|Inscrire/ })).toBeNull();
  });

  test('hears what changes: lists are asked for again', async () => {
    const heard: ((event: { data: string }) => void)[] = [];
    vi.stubGlobal(
      'EventSource',
      class {
        addEventListener = (_name: string, listener: (event: { data: string }) => void): void => void heard.push(listener);
        close = (): void => undefined;
      },
    );
    let lines = [lineOf(1)];
    const api = new FakeApi().on('listConsultations', () => listOf(lines));
    await openPage(api, '/app/consultations', { role: 'STAFF' });
    await screen.findByText('BERNARD Anna');
    lines = [lineOf(1), lineOf(2)];
    for (const tell of heard) tell({ data: JSON.stringify(lineOf(2)) });
    expect(await screen.findByText('PETIT Anna')).toBeTruthy();
    vi.unstubAllGlobals();
  });
});

test('a consultation is downloaded as FHIR; what fails is told', async () => {
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:fhir', revokeObjectURL: () => undefined }));
  let isAway = true;
  const api = openOf(taken()).on('fhirEncounterEverything', () => (isAway ? new Refusal('UNAVAILABLE') : undefined));
  const { user } = await openPage(api, ADDRESS, { role: 'PHYSICIAN' });
  const button = await screen.findByRole('button', { name: 'Télécharger en FHIR (JSON)' });
  await user.click(button);
  expect(await screen.findByText(/Une partie du serveur ne répond pas/)).toBeTruthy();
  expect(saved).toEqual([]);
  isAway = false;
  await user.click(button);
  await waitFor(() => expect(saved).toEqual([`${patientOf(1).recordNumber}-encounter.fhir.json`]));
});

describe('registering', () => {
  test('finds the patient while one types, and goes on to the vital signs', async () => {
    const api = roomOf()
      .on('listPatients', () => listOf([patientOf(1), patientOf(2)]))
      .on('listPhysicians', () => ({ items: [{ id: idOf(77), name: 'Luc Petit' }] }))
      .on('registerConsultation', () => consultationOf(1))
      .on('getConsultation', () => consultationOf(1));
    const { user, address } = await openPage(api, '/app/consultations?date=2026-03-02', { role: 'STAFF' });
    await user.click((await screen.findAllByRole('button', { name: 'Inscrire un patient' }))[0] as HTMLElement);
    await user.type(await screen.findByRole('searchbox', { name: 'Patient' }), 'bern');
    await user.click(await screen.findByRole('button', { name: /BERNARD Anna/ }));
    await user.type(await screen.findByLabelText('Motif'), 'Fièvre');
    await screen.findByRole('option', { name: 'Luc Petit' });
    await user.selectOptions(screen.getByLabelText('Médecin'), 'Luc Petit');
    await user.click(screen.getByRole('button', { name: 'Inscrire, puis constantes' }));
    await waitFor(() => expect(address()).toBe(ADDRESS));
    expect(api.of('registerConsultation').map(({ body }) => body)).toEqual([
      { patientId: patientOf(1).id, date: '2026-03-02', reason: 'Fièvre', physicianId: idOf(77) },
    ]);
  });

  test('of somebody who waits already leads there', async () => {
    const api = roomOf()
      .on('getPatient', () => patientOf(1))
      .on('registerConsultation', () => new Refusal('ALREADY_WAITING', { current: consultationOf(1) }));
    const { user } = await openPage(api, `/app/consultations?register=true&patient=%22${patientOf(1).id}%22`, { role: 'STAFF' });
    await user.click(await screen.findByRole('button', { name: 'Inscrire' }));
    const link = await screen.findByRole('link', { name: 'Voir sa consultation' });
    expect(link.getAttribute('href')).toBe(ADDRESS);
  });
});

describe('a consultation', () => {
  test('keeps vital signs as they are typed, with a comma; what can’t be is told with range and unit, and not sent', async () => {
    const api = openOf(consultationOf(1)).on(
      'updateConsultation',
      ({ body }) => consultationOf(1, { ...(body as object), version: (body as { version: number }).version + 1 }), // Read by the contract.
    );
    const { user } = await openPage(api, ADDRESS, { role: 'STAFF' });
    const temperature = await screen.findByLabelText('Température');
    await user.type(temperature, '384');
    expect(await screen.findByText('De 25 à 45 °C : vérifiez la valeur.')).toBeTruthy();
    await user.clear(temperature);
    await user.type(temperature, '38,4');
    expect(screen.getByText(/^Inhabituel\./)).toBeTruthy();
    await user.tab();
    await screen.findByText('Enregistré');
    const sent = api
      .of('updateConsultation')
      .map(({ body }) => (body as { vitalSigns: { temperatureC: number } }).vitalSigns.temperatureC);
    expect(sent.at(-1)).toBe(38.4);
    expect(sent).not.toContain(384);
    expect(screen.queryByRole('textbox', { name: 'Notes' })).toBeNull();
  });

  test('asks symptoms by thumb; the WHO’s screen says what is still to ask', async () => {
    const api = openOf(consultationOf(1)).on('updateConsultation', ({ body }) =>
      consultationOf(1, { ...(body as object), version: 2 }),
    );
    const { user } = await openPage(api, ADDRESS, { role: 'STAFF' });
    expect(await screen.findByText(/restent à demander$/)).toBeTruthy();
    const fever = screen.getByRole('group', { name: 'Fièvre' });
    await user.click(within(fever).getByRole('button', { name: 'Oui' }));
    expect(within(fever).getByRole('button', { name: 'Oui' }).getAttribute('aria-pressed')).toBe('true');
    expect(screen.getByText('Dépistage OMS : au moins un signe')).toBeTruthy();
    await waitFor(() => expect(api.of('updateConsultation')).toHaveLength(1));
    expect(api.of('updateConsultation')[0]?.body).toMatchObject({ version: 1, symptoms: { checks: { FEVER: 'YES' } } });
  });

  test('keeps notes beside what others write meanwhile; where both wrote the same, one chooses', async () => {
    const theirs = taken({ version: 5, vitalSigns: signs({ temperatureC: 39 }) });
    let answer: unknown = new Refusal('STALE_UPDATE', { current: theirs });
    const api = openOf(taken({ version: 4 })).on('updateConsultation', ({ body }) => {
      const now = answer;
      answer = taken({ ...theirs, notes: (body as { notes?: string }).notes ?? '', version: 6 }); // Read by the contract.
      return now;
    });
    const { user } = await openPage(api, ADDRESS, { role: 'PHYSICIAN' });
    const notes = await screen.findByRole('textbox', { name: 'Notes' });
    await user.type(notes, 'Crépitants');
    await user.tab();
    await waitFor(() =>
      expect(api.of('updateConsultation').map(({ body }) => (body as { version: number }).version)).toEqual([4, 5]),
    );
    expect((await screen.findByLabelText<HTMLInputElement>('Température')).value).toBe('39');
    answer = new Refusal('STALE_UPDATE', { current: taken({ version: 9, notes: 'Autre main' }) });
    await user.type(notes, ' à droite');
    await user.tab();
    expect(await screen.findByText('Autre main')).toBeTruthy();
    expect((notes as HTMLTextAreaElement).value).toBe('Crépitants à droite');
    answer = taken({ version: 10, notes: 'Crépitants à droite' });
    await user.click(screen.getByRole('button', { name: 'Garder mon texte' }));
    await waitFor(() => expect(api.of('updateConsultation').at(-1)?.body).toEqual({ version: 9, notes: 'Crépitants à droite' }));
    await screen.findByText('Enregistré');
  });

  test.each([
    ['fr', 'Toux (oui), Fièvre (non), Statut VIH (négatif), Vertiges', 'Température', 'Température 39,5 °C, Pouls 90 /min'],
    ['en', 'Cough (yes), Fever (no), HIV status (negative), Vertiges', 'Temperature', 'Temperature 39.5 °C, Pulse 90 /min'],
  ] as const)(
    'tells what somebody else wrote in words, where one has to choose (%s)',
    async (locale, answers, label, measured) => {
      const symptoms = { checks: { COUGH: 'YES', FEVER: 'NO' }, hivStatus: 'NEGATIVE', text: 'Vertiges' };
      let current: Consultation = taken({ version: 5, vitalSigns: signs({ temperatureC: 39.5, heartRateBpm: 90 }) });
      const api = openOf(taken({ version: 4 })).on('updateConsultation', () => new Refusal('STALE_UPDATE', { current }));
      const { user } = await openPage(api, ADDRESS, { role: 'PHYSICIAN', locale });
      await user.type(await screen.findByLabelText(label), '38');
      await user.tab();
      expect(await screen.findByText(measured)).toBeTruthy();
      current = taken({ version: 6, symptoms });
      await user.click(screen.getByRole('button', { name: locale === 'fr' ? 'Prendre le sien' : 'Take theirs' }));
      await user.type(screen.getByLabelText(locale === 'fr' ? 'Autres symptômes' : 'Other symptoms'), 'x');
      await user.tab();
      expect(await screen.findByText(answers)).toBeTruthy();
    },
  );

  test('ends only once what was typed is kept', async () => {
    const api = openOf(taken())
      .on('updateConsultation', ({ body }) => taken({ ...(body as object), version: 2 })) // Read by the contract.
      .on('moveConsultation', () => taken({ status: 'DONE', version: 3, notes: 'Vu' }));
    const { user } = await openPage(api, ADDRESS, { role: 'PHYSICIAN' });
    await user.type(await screen.findByRole('textbox', { name: 'Notes' }), 'Vu');
    await user.click(screen.getByRole('button', { name: 'Terminer' }));
    await screen.findByText('Consultation terminée.');
    const ids = api.asked.map(({ id }) => id).filter((id) => id === 'updateConsultation' || id === 'moveConsultation');
    expect(ids).toEqual(['updateConsultation', 'moveConsultation']);
  });

  test.each([
    [null, 'demandé'],
    ['IN_PROGRESS', 'examen en cours'],
    ['COMPLETED', 'examen fait, cliché attendu'],
    ['DISCONTINUED', 'examen interrompu'],
  ] as const)('says of what was ordered how far a modality is: %s', async (step, words) => {
    const order = { id: idOf(900), modality: 'DX', bodyPart: 'CHEST', reason: '', status: 'REQUESTED', step, studyId: null };
    const orders = [{ ...order, orderedBy: null, orderedAt: '2026-03-02T08:00:00.000Z' }] as Consultation['orders'];
    await openPage(openOf(taken({ orders, openOrders: 1 })), ADDRESS, { role: 'PHYSICIAN' });
    expect((await screen.findByText('Radiographie, thorax')).parentElement?.textContent).toBe(`Radiographie, thorax · ${words}`);
  });

  test('orders a film by one tap with the way back, attaches what has come and asks the model', async () => {
    const order = {
      id: idOf(900),
      modality: 'DX',
      bodyPart: 'CHEST',
      reason: '',
      status: 'REQUESTED',
      step: null,
      orderedAt: '2026-03-02T08:00:00.000Z',
    };
    const orders = [{ ...order, studyId: null, orderedBy: 'Jeanne Durand' }];
    const { id, studyInstanceUid, groupId, studyDate, description, instanceCount } = studyOf(1);
    const studies = [{ id, studyInstanceUid, groupId, studyDate, description, instanceCount, modalities: ['DX'] }];
    let current = taken();
    const change = (fields: object): Consultation => {
      current = taken({ ...fields, version: current.version + 1 });
      return current;
    };
    const api = openOf(current)
      .on('getConsultation', () => current)
      .on('listStudies', () => listOf([studyOf(1, { modalities: ['DX'] })]))
      .on('listPredictions', () => listOf([]))
      .on('orderFilm', () => change({ orders, openOrders: 1 }))
      .on('attachStudy', () => change({ studies, orders: [{ ...orders[0], status: 'DONE', studyId: id }] }))
      .on('predictConsultation', () => make(Prediction, { id: idOf(950), status: 'QUEUED' }));
    const { user } = await openPage(api, ADDRESS, { role: 'PHYSICIAN' });
    await user.click(await screen.findByRole('button', { name: 'Demander une radio du thorax' }));
    expect(await screen.findByText('Radiographie, thorax')).toBeTruthy();
    expect(api.of('orderFilm')[0]?.body).toEqual({ orderId: expect.any(String), modality: 'DX', bodyPart: 'CHEST', reason: '' });
    await user.click(await screen.findByRole('button', { name: 'Joindre Thorax 1' }));
    await user.click(await screen.findByRole('button', { name: `Faire lire par le modèle ${description}` }));
    expect(await screen.findByText('Modèle : en attente')).toBeTruthy();
    expect(api.of('predictConsultation')[0]?.body).toEqual({ studyInstanceUid });
  });

  test('whose physician has no account any more says so, and is taken over by one button', async () => {
    const left = taken({ physicianId: null, physicianName: null, notes: 'De quelqu’un' });
    const api = openOf(left).on('moveConsultation', () => taken({ version: 2, notes: 'De quelqu’un' }));
    const { user } = await openPage(api, ADDRESS, { role: 'PHYSICIAN' });
    expect(await screen.findByText(/plus personne/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Reprendre cette consultation' }));
    await waitFor(() => expect(api.of('moveConsultation')[0]?.body).toEqual({ status: 'IN_PROGRESS' }));
    await screen.findByRole('button', { name: 'Terminer' });
  });

  test('takes back an answer that was given: what a change does not name would stay', async () => {
    const asked = consultationOf(1, { symptoms: { checks: { FEVER: 'YES', COUGH: 'NO' }, hivStatus: null, text: '' } });
    const api = openOf(asked).on('updateConsultation', () => consultationOf(1, { version: 2 }));
    const { user } = await openPage(api, ADDRESS, { role: 'STAFF' });
    await user.click(within(await screen.findByRole('group', { name: 'Fièvre' })).getByRole('button', { name: 'Oui' }));
    await waitFor(() => expect(api.of('updateConsultation')).toHaveLength(1));
    expect(api.of('updateConsultation')[0]?.body).toMatchObject({ symptoms: { checks: { FEVER: null, COUGH: 'NO' } } });
  });

  test('of a colleague is to read, to take over by name; what is finished can be taken back', async () => {
    const theirs = taken({ physicianId: idOf(77), physicianName: 'Luc Petit', notes: 'De Luc' });
    const api = openOf(theirs).on('moveConsultation', () => taken({ version: 2, notes: 'De Luc' }));
    const { user, close } = await openPage(api, ADDRESS, { role: 'PHYSICIAN' });
    await user.click(await screen.findByRole('button', { name: 'Prendre la suite de Luc Petit' }));
    await screen.findByText('Consultation reprise.');
    expect(api.of('moveConsultation')[0]?.body).toEqual({ status: 'IN_PROGRESS', takeOverFrom: idOf(77) });
    close();
    await openPage(openOf(taken({ status: 'DONE', undo: undoOf('IN_PROGRESS'), notes: 'Fini' })), ADDRESS, { role: 'PHYSICIAN' });
    expect(await screen.findByText('Fini')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Annuler' })).toBeTruthy();
    expect(screen.queryByRole('textbox', { name: 'Notes' })).toBeNull();
  });
});

describe('a patient’s course', () => {
  const validatedFilm = make(Prediction, {
    ...{ id: idOf(4), status: 'DONE', state: 'VALIDATED', isScoreHidden: false, isOpinionAsked: false, failureCode: null },
    ...{ prediction: 1, probability: 0.61, threshold: 0.29, modelName: 'tb-chest-xray', modelVersion: '1' },
    validation: make(Validation, {
      ...{ id: idOf(5), status: 'VALIDATED', by: 'Omar Ly', at: '2026-01-21T09:00:00.000Z', comment: '' },
      finalDiagnosis: { finding: 'TUBERCULOSIS', source: 'CULTURE' },
    }),
  });
  test('has studies and consultations in one line of time, and fever and weight drawn', async () => {
    const lines = [
      lineOf(1, {
        date: '2026-03-02',
        status: 'DONE',
        reason: 'Contrôle',
        vitalSigns: signs({ weightKg: 50, temperatureC: 37 }),
      }),
      lineOf(2, { date: '2026-01-02', status: 'DONE', reason: 'Toux', vitalSigns: signs({ weightKg: 55, temperatureC: 38.7 }) }),
    ];
    const api = new FakeApi()
      .on('getPatient', () => patientOf(1))
      .on('listStudies', () =>
        listOf([studyOf(1, { studyDate: '2026-02-01' }), studyOf(2, { studyDate: '2026-01-20', modalities: ['DX'] })]),
      )
      .on('listPredictions', () => listOf([validatedFilm]))
      .on('listConsultations', () => listOf(lines));
    await openPage(api, `/app/patients/${patientOf(1).id}`, { role: 'PHYSICIAN' });
    const course = await screen.findByRole('region', { name: 'Parcours' });
    await within(course).findByText('Contrôle');
    expect(
      within(course)
        .getAllByRole('link')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'Inscrire en consultation',
      'Contrôle●Terminée',
      'Examen\u00a0: Thorax 1CT',
      'Examen\u00a0: Thorax 2DX',
      'Toux●Terminée',
    ]);
    // With what the model said of the film, what became of that, by whom, and what the patient had.
    const said = await within(course).findByText(/Modèle\s: score 0,61/);
    expect(said.textContent).toMatch(
      /validé par un médecin.*Omar Ly, 21\/01\/2026.*Diagnostic final\s: tuberculose \(culture\).*tb-chest-xray 1/,
    );
    expect(course.textContent).toContain('Poids\u00a0: 50 kg−9,1\u00a0% depuis le 02/01/2026');
    expect(within(course).getByRole('img', { name: /^Température: 02\/01\/2026 38,7 °C, 02\/03\/2026 37 °C$/ })).toBeTruthy();
  });
});
