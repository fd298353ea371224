import { OPERATIONS, type Operation } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { composed } from '../../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from '../dicomweb/support.ts';
import type { Browser } from '../support/app.ts';
import { callApi, type Place, storeFilm } from '../support/prediction-calls.ts';
import { openWorker, type PredictionWorker } from '../support/prediction-worker.ts';
import { isLong, itInLongRun } from '../support/sample.ts';
import { openStandard } from './standard.ts';

const TYPES = [
  'Patient',
  'Encounter',
  'ServiceRequest',
  'ImagingStudy',
  'Observation',
  'RiskAssessment',
  'DiagnosticReport',
  'Device',
];
const UNKNOWN = '00000000-0000-7000-8000-000000000000';
const VITALS = {
  ...{ temperatureC: 38.4, heartRateBpm: 84, respiratoryRatePerMin: 22, systolicMmHg: 120, diastolicMmHg: 80 },
  ...{ spo2Percent: 94, weightKg: 47.5, heightCm: 162 },
};
const SYMPTOMS = {
  checks: { COUGH: 'YES', COUGH_TWO_WEEKS: 'YES', FEVER: 'NO', TB_CONTACT: 'YES' },
  hivStatus: 'UNKNOWN',
  text: 'Fatigue <b>&</b>\n depuis mars',
};

let server: DicomwebServer;
let worker: PredictionWorker;
let admin: Browser;
let outsider: Browser;
interface Site {
  readonly group: string;
  readonly physician: Browser;
  readonly radiologist: Browser;
  readonly staff: Browser;
  readonly researcher: Browser;
}
/** A site that does not read blind, and one that does; scores of both are above the threshold. */
let open: Site;
let blind: Site;
async function site(name: string): Promise<Site> {
  const groupId = await server.makeGroup(name);
  const person = async (role: 'PHYSICIAN' | 'RADIOLOGIST' | 'STAFF' | 'RESEARCHER') =>
    server.login(await server.makeUser({ role, groupId, firstName: 'Awa', lastName: 'Diop' }));
  return {
    group: groupId,
    physician: await person('PHYSICIAN'),
    radiologist: await person('RADIOLOGIST'),
    staff: await person('STAFF'),
    researcher: await person('RESEARCHER'),
  };
}
beforeAll(async () => {
  server = await openDicomweb();
  worker = await openWorker(server);
  admin = await server.login('ADMIN');
  outsider = await server.login('PHYSICIAN');
  [open, blind] = [await site('Ouvert'), await site('Aveugle')];
  for (const { group } of [open, blind]) await choose(group, 0.001);
  await ok(admin, 'PUT', '/api/predictions/blind-reading', { siteId: blind.group, isOn: true });
});
afterAll(async () => {
  await worker.close();
  await server.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
async function ok(who: Browser, method: Method, url: string, body?: object): Promise<Json> {
  const { status, json } = await callApi(server, who, method, url, body);
  expect(status, `${method} ${url} ${JSON.stringify(json)}`).toBeLessThan(300);
  return json;
}
async function choose(siteId: string, threshold: number): Promise<void> {
  const model = { siteId, modelName: 'tb-chest-xray', modelVersion: '0.1.0-research' };
  const { thresholds } = await ok(admin, 'GET', '/api/models');
  const before = thresholds.find((one: Json) => one.siteId === siteId)?.threshold ?? null;
  await ok(admin, 'PUT', '/api/models/choices', model);
  await ok(admin, 'PUT', '/api/models/thresholds', { ...model, threshold, before });
}
async function ask(who: Browser, url: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await server.app.inject({ method: 'GET', url: `/fhir${url}`, headers: { ...who.headers, ...headers } });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    json: (answer.body === '' ? undefined : answer.json()) as Json,
    raw: answer.body,
  };
}
const get = async (who: Browser, url: string, headers = {}): Promise<Json> => {
  const { status, json } = await ask(who, url, headers);
  expect(status, url).toBe(200);
  return json;
};
const found = (bundle: Json): Json[] =>
  (bundle.entry ?? []).filter(({ search }: Json) => search.mode === 'match').map(({ resource }: Json) => resource);
const search = async (who: Browser, url: string): Promise<Json[]> => found(await get(who, url));
const idsOf = async (who: Browser, url: string): Promise<string[]> => (await search(who, url)).map(({ id }) => id);
const rows = (text: string, values: (string | null)[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));

/** A patient with a film who is examined, and whose film a model has read. */
interface Day {
  readonly patientId: string;
  readonly consultationId: string;
  readonly orderId: string;
  readonly studyId: string;
  readonly predictionId: string;
  readonly place: Place;
  readonly day: string;
}
let days = 0;
async function clinicDay(of: Site): Promise<Day> {
  days += 1;
  const place = await storeFilm(server, admin, of.group, { StudyDate: '20260301', AccessionNumber: `A${days}` });
  const { patient, id: studyId } = await ok(of.physician, 'GET', `/api/studies/${place.uid}`);
  const day = `2026-02-${String(days).padStart(2, '0')}`;
  const { id } = await ok(of.staff, 'POST', '/api/consultations', {
    ...{ patientId: patient.id, date: day, reason: 'Toux "grasse" <3 semaines>', vitalSigns: VITALS, symptoms: SYMPTOMS },
  });
  await ok(of.physician, 'POST', `/api/consultations/${id}/status`, { status: 'IN_PROGRESS' });
  const { orders } = await ok(of.physician, 'POST', `/api/consultations/${id}/orders`, {
    ...{ modality: 'DX', bodyPart: 'CHEST', reason: 'Tuberculose ?' },
  });
  // The film is of March: what was ordered now is older by the calendar of the test's clock only.
  await rows("UPDATE film_orders SET ordered_at = '2026-03-01T08:00:00Z' WHERE id = $1::uuid RETURNING id", [orders[0].id]);
  await ok(of.physician, 'POST', `/api/consultations/${id}/studies`, { studyInstanceUid: place.uid });
  const asked = await ok(of.physician, 'POST', `/api/consultations/${id}/predictions`, { studyInstanceUid: place.uid });
  const isDone = async () => expect((await ok(of.physician, 'GET', `/api/predictions/${asked.id}`)).status).toBe('DONE');
  await vi.waitFor(isDone, { timeout: 60_000 });
  return { patientId: patient.id, consultationId: id, orderId: orders[0].id, studyId, predictionId: asked.id, place, day };
}
/** As a site has it whose own cases the model was recalibrated on before it was asked. */
const recalibrated = (id: string): Promise<Json[]> =>
  rows('UPDATE predictions SET recalibrated = $2::jsonb WHERE id = $1::uuid RETURNING id', [
    id,
    JSON.stringify({ share: 0.2314, low: 0.148, high: 0.339, cases: 212, at: '2026-02-01T08:00:00.000Z' }),
  ]);
const decide = async (who: Browser, id: string, status: string, more: object = {}): Promise<void> => {
  const { validation } = await ok(who, 'GET', `/api/predictions/${id}`);
  await ok(who, 'POST', `/api/predictions/${id}/validations`, { status, after: validation?.id ?? null, ...more });
};
const opine = (who: Browser, id: string) => ok(who, 'POST', `/api/predictions/${id}/opinions`, { opinion: 'SUSPECTED' });

describe('a clinic’s day in FHIR R4', () => {
  let day: Day;
  beforeAll(async () => {
    day = await clinicDay(open);
  });
  const everything = (who = open.physician) => search(who, `/Encounter/${day.consultationId}/$everything`);

  test('is valid against HL7’s schema, StructureDefinitions and profiles, in both languages, in every state of the score', {
    timeout: 120_000,
  }, async () => {
    const { faultsOf } = openStandard();
    const seen = new Set<string>();
    let states = 0;
    const look = async (): Promise<void> => {
      states += 1;
      for (const [person, who] of [open.physician, open.staff, open.researcher, admin].entries())
        for (const [place, language] of ['fr', 'en'].entries()) {
          // Each state in one language and by one person, in turn; all of them in the long run.
          if (!isLong && (place !== states % 2 || (person + states) % 4 !== 1)) continue;
          const { status, json } = await ask(who, `/Patient/${day.patientId}/$everything`, { 'accept-language': language });
          expect(status).toBe(200);
          expect(faultsOf(json)).toEqual([]);
          for (const resource of found(json)) {
            seen.add(resource.resourceType);
            expect(faultsOf(resource), `${resource.resourceType}/${resource.id}`).toEqual([]);
          }
        }
    };
    await look();
    await decide(open.physician, day.predictionId, 'VALIDATED', { finalDiagnosis: { finding: 'TUBERCULOSIS', source: 'XPERT' } });
    await look();
    await recalibrated(day.predictionId);
    await decide(open.radiologist, day.predictionId, 'AMENDED', { comment: 'Caverne.' });
    await look();
    await decide(open.radiologist, day.predictionId, 'REJECTED', { comment: 'Artefact.' });
    await look();
    await ok(open.physician, 'POST', `/api/consultations/${day.consultationId}/status`, { status: 'DONE' });
    await look();
    expect([...seen].sort()).toEqual([...TYPES].sort());
    for (const type of TYPES) {
      const bundle = await get(open.physician, `/${type}?what=1`);
      expect(faultsOf(bundle), type).toEqual([]);
      // One of each type is read by itself; all of them in the long run.
      for (const resource of found(bundle).slice(0, isLong ? undefined : 1)) {
        const read = await get(open.physician, `/${type}/${resource.id}`);
        expect(faultsOf(read), `${type}/${resource.id}`).toEqual([]);
        expect({ ...read, meta: { ...resource.meta, versionId: read.meta.versionId } }).toEqual({ ...resource, meta: read.meta });
      }
    }
    expect(faultsOf(await get(open.physician, '/metadata'))).toEqual([]);
    for (const url of [`/Patient/${UNKNOWN}`, '/Patient?birthdate=never', '/Encounter?_format=xml', '/Nothing'])
      expect(faultsOf((await ask(open.physician, url)).json), url).toEqual([]);
    // A validator that finds nothing would say so as well.
    const [patient] = await search(open.physician, `/Patient?_id=${day.patientId}`);
    expect(faultsOf({ ...patient, gender: 'femme' })).not.toEqual([]);
    expect(faultsOf({ ...patient, sex: 'F' })).not.toEqual([]);
    const [temperature] = await search(open.physician, `/Observation?patient=${day.patientId}&code=8310-5`);
    expect(faultsOf({ ...temperature, valueQuantity: { ...temperature.valueQuantity, code: '[degF]' } })).not.toEqual([]);
    expect(faultsOf({ ...temperature, category: [{ text: 'vital' }] })).not.toEqual([]);
  });

  test('says each vital sign by LOINC and UCUM, blood pressure as one of two components', async () => {
    const vitals = await search(open.physician, `/Observation?patient=Patient/${day.patientId}&category=vital-signs`);
    const told = vitals.map(({ code, valueQuantity }) => [code.coding[0].code, valueQuantity?.value, valueQuantity?.code]);
    expect(told.sort()).toEqual([
      ['2708-6', 94, '%'],
      ['29463-7', 47.5, 'kg'],
      ['8302-2', 162, 'cm'],
      ['8310-5', 38.4, 'Cel'],
      ['85354-9', undefined, undefined],
      ['8867-4', 84, '/min'],
      ['9279-1', 22, '/min'],
    ]);
    const pressure = vitals.find(({ id }) => id.endsWith('.85354-9'));
    expect(
      pressure.component.map((one: Json) => [one.code.coding[0].code, one.valueQuantity.value, one.valueQuantity.code]),
    ).toEqual([
      ['8480-6', 120, 'mm[Hg]'],
      ['8462-4', 80, 'mm[Hg]'],
    ]);
    const saturation = vitals.find(({ id }) => id.endsWith('.2708-6'));
    expect(saturation.code.coding.map(({ code }: Json) => code)).toEqual(['2708-6', '59408-5']);
    expect(saturation).toMatchObject({ status: 'final', encounter: { reference: `Encounter/${day.consultationId}` } });
  });

  test('says what was asked of symptoms, a no as well as a yes, and nothing of what was not', async () => {
    const survey = await search(open.physician, `/Observation?encounter=${day.consultationId}&category=survey`);
    const told = survey.map((one) => [
      one.id.split('.')[1],
      one.valueCodeableConcept?.coding[0].code ?? one.valueString ?? one.dataAbsentReason.coding[0].code,
    ]);
    expect(Object.fromEntries(told)).toEqual({
      ...{ cough: 'Y', 'cough-two-weeks': 'Y', fever: 'N', 'tb-contact': 'Y', 'hiv-status': 'asked-unknown' },
      symptoms: SYMPTOMS.text,
    });
    expect(await idsOf(open.physician, `/Observation?patient=${day.patientId}&code=http://hl7.org/fhir/sid/icd-10|R05`)).toEqual([
      `${day.consultationId}.cough`,
    ]);
  });

  test('names patient, consultation, order, study and model by references that are in the Bundle', async () => {
    const resources = await everything();
    const known = new Set(resources.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const referencesIn = (value: unknown): string[] =>
      typeof value !== 'object' || value === null
        ? []
        : Object.entries(value).flatMap(([key, inner]) => (key === 'reference' ? [String(inner)] : referencesIn(inner)));
    const references = referencesIn(resources).filter((reference) => !reference.startsWith('#'));
    expect(references.filter((reference) => !known.has(reference))).toEqual([]);
    expect(new Set(resources.map(({ resourceType }) => resourceType))).toEqual(new Set(TYPES));
    expect(known.size).toBe(resources.length);
    const observed = resources.filter(({ resourceType }) => resourceType === 'Observation').map(({ id }) => id);
    const ofPatient = await idsOf(open.physician, `/Observation?patient=${day.patientId}`);
    expect([observed.length, observed.sort()]).toEqual([14, ofPatient.sort()]);
    const of = (type: string): Json => resources.find(({ resourceType }) => resourceType === type);
    expect(of('Encounter')).toMatchObject({
      ...{
        id: day.consultationId,
        status: 'finished',
        class: { code: 'AMB' },
        reasonCode: [{ text: 'Toux "grasse" <3 semaines>' }],
      },
      ...{ subject: { reference: `Patient/${day.patientId}` }, participant: [{ individual: { display: 'Awa Diop' } }] },
    });
    expect(of('ServiceRequest')).toMatchObject({
      id: day.orderId,
      status: 'completed',
      intent: 'order',
      code: { text: 'DX CHEST' },
    });
    expect(of('ImagingStudy')).toMatchObject({
      ...{ id: day.studyId, status: 'available', started: '2026-03-01', numberOfSeries: 1, numberOfInstances: 1 },
      identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${day.place.uid}` }, { value: expect.stringMatching(/^A/) }],
      ...{ basedOn: [{ reference: `ServiceRequest/${day.orderId}` }], series: [{ uid: day.place.series, numberOfInstances: 1 }] },
      contained: [{ resourceType: 'Endpoint', address: expect.stringMatching(`/dicom-web/groups/${open.group}$`) }],
    });
    const { address } = of('ImagingStudy').contained[0];
    const series = await server.app.inject({
      url: `${new URL(address).pathname}/studies/${day.place.uid}/metadata`,
      headers: open.physician.headers,
    });
    expect(series.statusCode).toBe(200);
    expect(of('Device')).toMatchObject({
      status: 'active',
      id: 'tb-chest-xray.0.1.0-research',
      version: [{ value: '0.1.0-research' }],
    });
  });

  test('says a score as a probability only where its model was recalibrated at the site; it is an Observation in arbitrary units, and stands only as a physician decided', async () => {
    const { predictionId } = await clinicDay(open);
    const [{ probability }] = await rows('SELECT probability FROM predictions WHERE id = $1::uuid', [predictionId]);
    const said = async (who = open.physician) => ({
      risk: await get(who, `/RiskAssessment/${predictionId}`),
      score: await get(who, `/Observation/${predictionId}.score`),
      report: await get(who, `/DiagnosticReport/${predictionId}`),
    });
    const statusOf = ({ risk, score, report }: Awaited<ReturnType<typeof said>>) => [risk.status, score.status, report.status];
    const first = await said();
    expect(statusOf(first)).toEqual(['preliminary', 'preliminary', 'preliminary']);
    expect(JSON.stringify(first)).not.toMatch(/probability(?:Decimal|Range)|relativeRisk/);
    expect(first.risk.prediction[0].qualitativeRisk.coding[0].code).toBe('score-at-or-above-threshold');
    expect(first.risk.note.map(({ text }: Json) => text).join(' ')).toMatch(/not a diagnosis.*not a probability/);
    expect(first.score.valueQuantity).toEqual({
      ...{ value: probability, unit: 'score' },
      system: 'http://unitsofmeasure.org',
      code: '{score}',
    });
    expect(first.report.conclusion).toBeUndefined();
    const hidden = await said(open.staff);
    expect(hidden.score).toMatchObject({ dataAbsentReason: { coding: [{ code: 'masked' }] } });
    expect(hidden.risk.prediction).toBeUndefined();
    await decide(open.physician, predictionId, 'REJECTED', { comment: 'Bougé.' });
    expect(statusOf(await said())).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect((await said()).score.valueQuantity).toBeUndefined();
    await decide(open.physician, predictionId, 'VALIDATED', { finalDiagnosis: { finding: 'TUBERCULOSIS', source: 'CULTURE' } });
    const final = await said(open.staff);
    expect(statusOf(final)).toEqual(['final', 'final', 'final']);
    expect(final.score.valueQuantity.value).toBe(probability);
    expect(final.report).toMatchObject({
      ...{ resultsInterpreter: [{ display: 'Awa Diop' }], issued: expect.any(String) },
      conclusionCode: [{ coding: [{ code: 'tuberculosis' }], text: 'Tuberculosis (culture)' }],
    });
    // Where the model was recalibrated at the site there is a probability, in per cent, with its interval and of how many cases.
    await recalibrated(predictionId);
    const { risk, score } = await said(open.staff);
    expect(risk.prediction[0]).toMatchObject({
      probabilityDecimal: 23,
      rationale: expect.stringContaining('23% (95% interval 15 to 34%), recalibrated on 212 cases of this site'),
    });
    expect(risk.note.map(({ text }: Json) => text).join(' ')).not.toContain('was not recalibrated');
    expect([score.valueQuantity.value, score.component[0].valueQuantity]).toMatchObject([probability, { value: 23, code: '%' }]);
    await decide(open.physician, predictionId, 'AMENDED', { comment: 'Séquelles.' });
    expect(statusOf(await said())).toEqual(['amended', 'amended', 'amended']);
    expect((await said()).report.conclusion).toContain('Séquelles.');
    await decide(open.physician, predictionId, 'REJECTED', { comment: 'Autre patient.' });
    expect(statusOf(await said())).toEqual(['entered-in-error', 'entered-in-error', 'entered-in-error']);
    for (const status of ['entered-in-error', 'final'])
      expect((await idsOf(open.physician, `/DiagnosticReport?status=${status}`)).includes(predictionId)).toBe(status !== 'final');
  });
});

describe('who is told what', () => {
  let day: Day;
  let secret: string;
  beforeAll(async () => {
    day = await clinicDay(blind);
    const [row] = await rows('SELECT probability FROM predictions WHERE id = $1::uuid', [day.predictionId]);
    secret = String(row.probability);
  });

  /** Every route of FHIR, by every id, and searches by what could tell. */
  const urls = (): string[] => {
    const ids = [day.patientId, day.consultationId, day.orderId, day.studyId, day.predictionId, `${day.predictionId}.score`];
    const operations: readonly Operation[] = OPERATIONS;
    const paths = operations.filter(({ tag }) => tag === 'fhir').map(({ path }) => path.slice('/fhir'.length));
    const queries = [
      '',
      `?patient=${day.patientId}`,
      `?encounter=${day.consultationId}`,
      '?status=preliminary,final',
      '?_count=0',
      '?_count=1',
    ];
    const more = [
      'probability=gt0.5',
      'risk=high',
      'value-quantity=gt0.5',
      'component-value-quantity=gt0',
      '_include=*',
      '_revinclude=*:*',
    ];
    return paths.flatMap((path) =>
      path.includes('{id}')
        ? ids.map((id) => path.replace('{id}', id))
        : [...queries, ...more.map((one) => `?${one}`)].map((query) => path + query),
    );
  };
  const telling = async (who: Browser, isAsked: (url: string) => boolean = () => true): Promise<string[]> => {
    const tells = async (url: string): Promise<boolean> => {
      const { raw, status } = await ask(who, url);
      expect(status, url).toBeLessThan(500);
      return raw.includes(secret);
    };
    const [asked, found]: [string[], string[]] = [urls().filter(isAsked), []];
    // Some at a time: all at once wait for a connection longer than a slow machine lets them.
    while (asked.length > 0)
      await Promise.all(asked.splice(0, 10).map(async (url) => void ((await tells(url)) && found.push(url))));
    return found;
  };

  test('no route tells a blind reader a score before they have said what they see, nor staff before it is validated', {
    timeout: 120_000,
  }, async () => {
    const everybody = [blind.physician, blind.radiologist, blind.staff, blind.researcher, admin, outsider];
    for (const who of isLong ? everybody : [blind.physician]) expect(await telling(who), who.user.role).toEqual([]);
    const totals = async (who: Browser) =>
      Promise.all(
        ['RiskAssessment', 'DiagnosticReport'].map(
          async (type) => (await get(who, `/${type}?patient=${day.patientId}&_count=0`)).total,
        ),
      );
    const before = await totals(blind.physician);
    await opine(blind.physician, day.predictionId);
    // The walk finds it where it is, and where it must be it is looked for.
    const where = [
      `/Observation/${day.predictionId}.score`,
      `/Patient/${day.patientId}/$everything`,
      `/Observation?patient=${day.patientId}`,
    ];
    const isAsked = (url: string): boolean => isLong || where.includes(url);
    expect(await telling(blind.physician, isAsked)).toEqual(expect.arrayContaining(where));
    expect(await totals(blind.physician)).toEqual(before);
    for (const who of isLong ? everybody.slice(1) : []) expect(await telling(who), who.user.role).toEqual([]);
    await decide(blind.physician, day.predictionId, 'VALIDATED');
    for (const who of isLong ? [blind.radiologist, blind.staff, admin] : [blind.staff])
      expect((await telling(who, isAsked)).length, who.user.role).toBeGreaterThan(2);
    if (isLong) expect(await telling(outsider)).toEqual([]);
  });

  itInLongRun('what hides a score has one size, on both sides of the threshold', async () => {
    const above = await clinicDay(blind);
    await choose(blind.group, 0.999);
    const below = await clinicDay(blind);
    await choose(blind.group, 0.001);
    const sides = await rows('SELECT is_positive FROM predictions WHERE id IN ($1::uuid, $2::uuid) ORDER BY id', [
      above.predictionId,
      below.predictionId,
    ]);
    expect(sides).toEqual([{ is_positive: true }, { is_positive: false }]);
    for (const [type, suffix] of [
      ['RiskAssessment', ''],
      ['Observation', '.score'],
      ['DiagnosticReport', ''],
    ]) {
      const sizes = await Promise.all(
        [above, below].map(
          async ({ predictionId }) => (await ask(blind.radiologist, `/${type}/${predictionId}${suffix}`)).raw.length,
        ),
      );
      expect(sizes[0], type).toBe(sizes[1]);
    }
  });

  test('out of scope answers like unknown, and is in no search', async () => {
    for (const [type, id] of [
      ...[
        ['Patient', day.patientId],
        ['Encounter', day.consultationId],
        ['ServiceRequest', day.orderId],
        ['ImagingStudy', day.studyId],
      ],
      ...[
        ['Observation', `${day.consultationId}.8310-5`],
        ['RiskAssessment', day.predictionId],
        ['DiagnosticReport', day.predictionId],
      ],
    ]) {
      expect((await ask(blind.physician, `/${type}/${id}`)).status, type).toBe(200);
      const [other, unknown] = [await ask(outsider, `/${type}/${id}`), await ask(outsider, `/${type}/${UNKNOWN}`)];
      expect([other.status, other.raw], type).toEqual([404, unknown.raw]);
      expect(await get(outsider, `/${type}?_id=${id}`), type).toMatchObject({ total: 0 });
      if (type !== 'Patient') expect(await search(outsider, `/${type}?patient=${day.patientId}`), type).toEqual([]);
    }
    for (const url of [`/Patient/${day.patientId}/$everything`, `/Encounter/${day.consultationId}/$everything`])
      expect((await ask(outsider, url)).status).toBe(404);
  });

  test('who sees pseudonyms is told no name, no text, no consultation, and finds nobody by them', async () => {
    const { researcher } = blind;
    const raw = JSON.stringify(await get(researcher, `/Patient/${day.patientId}/$everything`));
    expect(raw).not.toMatch(/Sow|Diop|1970-01-02|Encounter\/|ServiceRequest\/|Toux|Fatigue|V\d+"/);
    expect(raw).toMatch(/RiskAssessment/);
    const [patient] = await search(researcher, `/Patient?_id=${day.patientId}`);
    expect(patient).toMatchObject({ identifier: [{ type: { coding: [{ code: 'MR' }] } }] });
    expect([patient.name, patient.birthDate, patient.telecom, patient.address]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    for (const url of [
      '/Encounter',
      '/ServiceRequest',
      `/Encounter/${day.consultationId}`,
      '/Patient?name=Sow',
      '/Patient?birthdate=1970-01-02',
    ])
      expect([url, (await ask(researcher, url)).status]).toEqual([url, 403]);
    expect(await search(researcher, `/Observation?encounter=${day.consultationId}`)).toEqual([]);
    expect(await search(researcher, `/Observation?category=vital-signs`)).toEqual([]);
    expect(await search(researcher, `/ImagingStudy?encounter=${day.consultationId}`)).toEqual([]);
    expect(await search(researcher, `/RiskAssessment?encounter=${day.consultationId}`)).toEqual([]);
    const [external] = await rows('SELECT external_id FROM patients WHERE id = $1::uuid', [day.patientId]);
    expect(await search(researcher, `/Patient?identifier=${external.external_id}`)).toEqual([]);
    expect(await idsOf(blind.physician, `/Patient?identifier=${external.external_id}`)).toEqual([day.patientId]);
  });

  test('every use is in the journal: of whom, by which names of parameters, and never by their values', async () => {
    const { physician } = blind;
    await get(physician, `/Encounter/${day.consultationId}`);
    await get(physician, `/Encounter?patient=${day.patientId}&status=finished`);
    await get(physician, `/Patient/${day.patientId}/$everything`);
    await ask(blind.researcher, '/Encounter');
    const { items } = await ok(physician, 'GET', `/api/patients/${day.patientId}/exports`);
    expect(items[0]).toMatchObject({ kind: 'FHIR', studies: 0, recipient: null });
    const events = await rows(
      "SELECT action, outcome, entity_type, entity_id, patient_id, details FROM audit_events WHERE actor_id IN ($1::uuid, $2::uuid) AND (action LIKE 'fhir.%' OR outcome = 'DENIED') ORDER BY occurred_at DESC, id DESC LIMIT 4",
      [physician.user.id, blind.researcher.user.id],
    );
    expect(events).toMatchObject([
      { outcome: 'DENIED', entity_id: 'fhirSearchEncounter' },
      { action: 'fhir.everything', entity_type: 'Patient', patient_id: day.patientId },
      { action: 'fhir.search', entity_type: 'Encounter', details: { filters: ['patient', 'status'] } },
      { action: 'fhir.read', entity_type: 'Encounter', entity_id: day.consultationId, patient_id: day.patientId },
    ]);
  });
});

describe('a search by what names few', () => {
  const films: { readonly studyId: string; readonly patientId: string; readonly uid: string }[] = [];
  beforeAll(async () => {
    for (let n = 0; n < 3; n += 1) {
      const { uid } = await storeFilm(server, admin, open.group, { PatientID: `FEW${n}`, StudyDate: '20260301' });
      const { patient, id } = await ok(open.physician, 'GET', `/api/studies/${uid}`);
      films.push({ studyId: id, patientId: patient.id, uid });
    }
  });

  test('is walked by `next` to its end: by ids, identifiers, consultations and orders', { timeout: 120_000 }, async () => {
    const visits = [await clinicDay(open), await clinicDay(open)];
    const studies = films.map(({ studyId }) => studyId);
    const patients = films.map(({ patientId }) => patientId);
    const attached = visits.map(({ studyId }) => studyId);
    const walks: readonly (readonly [string, readonly string[]])[] = [
      [`ImagingStudy?_id=${studies.join(',')}`, studies],
      [`ImagingStudy?identifier=${films.map(({ uid }) => uid).join(',')}`, studies],
      [`ImagingStudy?encounter=${visits.map(({ consultationId }) => consultationId).join(',')}`, attached],
      [`ImagingStudy?basedon=${visits.map(({ orderId }) => orderId).join(',')}`, attached],
      [`Patient?_id=${patients.join(',')}`, patients],
      ['Patient?identifier=FEW0,FEW1,FEW2', patients],
    ];
    for (const [url, ids] of walks)
      for (const count of [1, 2]) {
        const met: string[] = [];
        let next: string | undefined = `/${url}&_count=${count}`;
        while (next !== undefined && met.length <= ids.length) {
          const page: Json = await get(open.physician, next);
          expect([page.total, found(page).length <= count], url).toEqual([ids.length, true]);
          met.push(...found(page).map(({ id }) => id));
          next = page.link.find(({ relation }: Json) => relation === 'next')?.url.replace(/^.*\/fhir/, '');
        }
        expect(met.sort(), `${url} ${count}`).toEqual([...ids].sort());
      }
    // A place in another walk is none in this one.
    const { link }: Json = await get(open.physician, '/Patient?_count=1');
    const cursor = new URL(link[1].url).searchParams.get('_cursor') ?? '';
    expect((await ask(open.physician, `/Patient?_id=${patients.join(',')}&_cursor=${cursor}`)).status).toBe(400);
  });

  test('looks for every identifier of a study that is named, also the last of two hundred; more are refused', async () => {
    const others = Array.from({ length: 199 }, (_, at) => `2.25.${at}`);
    const url = (more: readonly (string | undefined)[]) => `/ImagingStudy?identifier=${[...others, ...more].join(',')}`;
    expect(await idsOf(open.physician, url([films[0]?.uid]))).toEqual([films[0]?.studyId]);
    expect((await ask(open.physician, url(['2.25.200', films[0]?.uid]))).status).toBe(400);
  });
});
