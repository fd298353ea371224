import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../dicomweb/support.ts';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';
import { isTried } from '../support/sample.ts';
import { openStandard } from './standard.ts';

let server: TestApp;
let admin: Browser;
let physician: Browser;
/** Consultations of one patient, by the day of January. */
let patientId: string;
let other: string;
const consultations: Json[] = [];
beforeAll(async () => {
  server = await createTestApp();
  physician = await server.login('PHYSICIAN');
  admin = await server.login('ADMIN');
  const make = async (lastName: string) =>
    (
      await post('/api/patients', {
        lastName,
        firstName: 'Éloïse',
        birthDate: '1980-05-06',
        externalId: `X-${lastName}`,
        phone: '+221 77',
      })
    ).id;
  [patientId, other] = [await make('Ndiaye'), await make('Sène')];
  for (const day of ['05', '06', '07', '08', '09'])
    consultations.push(
      await post('/api/consultations', {
        ...{ patientId, date: `2026-01-${day}`, vitalSigns: { temperatureC: 37, heartRateBpm: 70, weightKg: 60 } },
        symptoms: { checks: { COUGH: 'YES', FEVER: 'NO' } },
      }),
    );
  await post('/api/consultations', { patientId: other, date: '2026-01-05' });
  await post(`/api/consultations/${consultations[0].id}/status`, { status: 'CANCELLED' });
});
afterAll(() => server.close());

async function post(url: string, payload: object): Promise<Json> {
  const answer = await server.app.inject({ method: 'POST', url, headers: physician.headers, payload });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer.json();
}
async function ask(url: string, headers: Readonly<Record<string, string>> = {}, who = physician) {
  const answer = await server.app.inject({
    method: 'GET',
    url: url.startsWith('http') ? url.replace(/^https?:\/\/[^/]+/, '') : `/fhir${url}`,
    headers: { ...who.headers, ...headers },
  });
  return { status: answer.statusCode, headers: answer.headers, json: (answer.body === '' ? undefined : answer.json()) as Json };
}
/** Who may read a type: the journal is an administrator's. */
const readerOf = (type: string): Browser => (type === 'AuditEvent' ? admin : physician);
const entries = ({ entry = [] }: Json): Json[] =>
  entry.filter(({ search }: Json) => search.mode === 'match').map(({ resource }: Json) => resource);
const daysOf = async (query: string): Promise<string[]> => {
  const { status, json } = await ask(`/Encounter?patient=${patientId}&${query}`);
  expect(status, query).toBe(200);
  return entries(json)
    .map(({ id }) => consultations.find((one) => one.id === id)?.date.slice(8))
    .sort();
};

describe('a search', () => {
  test.each([
    ['date=2026-01-06', ['06']],
    ['date=eq2026-01-06', ['06']],
    ['date=ge2026-01-08', ['08', '09']],
    ['date=gt2026-01-08', ['09']],
    ['date=sa2026-01-08', ['09']],
    ['date=le2026-01-06', ['05', '06']],
    ['date=lt2026-01-06', ['05']],
    ['date=eb2026-01-06', ['05']],
    ['date=2026-01', ['05', '06', '07', '08', '09']],
    ['date=2026', ['05', '06', '07', '08', '09']],
    ['date=gt2026-01', []],
    ['date=lt2026', []],
    ['date=ge2026-01-06&date=le2026-01-07', ['06', '07']],
    ['date=ge2026-01-06T12:00:00Z&date=lt2026-01-08T00:00:00%2B01:00', ['06', '07']],
    ['status=cancelled', ['05']],
    ['status=arrived', ['06', '07', '08', '09']],
    ['status=arrived,cancelled', ['05', '06', '07', '08', '09']],
    ['status=arrived&status=cancelled', []],
    ['status=finished', []],
    ['status=planned', []],
    ['status=', ['05', '06', '07', '08', '09']],
    ['date=0001-01-01', []],
    ['date=lt0001-01-01', []],
  ])('by %s finds what R4, 3.1.1.4, says', async (query, expected) => {
    expect(await daysOf(query)).toEqual(expected);
  });

  test('finds by references in each of their forms, and nothing by what is none', async () => {
    const count = async (value: string, name = 'patient') => (await ask(`/Encounter?${name}=${value}`)).json.total;
    for (const value of [
      patientId,
      `Patient/${patientId}`,
      patientId.toUpperCase(),
      `http://localhost:3000/fhir/Patient/${patientId}`,
    ])
      expect(await count(value), value).toBe(5);
    expect(await count(`${patientId},${other}`)).toBe(6);
    expect(await count(patientId, 'subject:Patient')).toBe(5);
    for (const named of ['/ServiceRequest?encounter:Encounter=x', '/ImagingStudy?basedon:ServiceRequest=x'])
      expect((await ask(named)).status, named).toBe(200);
    for (const value of ['nobody', `Group/${patientId}`, `${patientId}x`, "'; DROP TABLE patients; --", '%00'])
      expect(await count(value), value).toBe(0);
    expect((await ask(`/Encounter?patient=${patientId}&subject=${other}`)).json.total).toBe(0);
  });

  test('finds patients by number, name and day of birth', async () => {
    const ids = async (query: string) => entries((await ask(`/Patient?${query}`)).json).map(({ id }) => id);
    const [patient] = entries((await ask(`/Patient?_id=${patientId}`)).json);
    const [{ system, value }] = patient.identifier;
    for (const query of [
      `identifier=${value}`,
      `identifier=${encodeURIComponent(`${system}|${value}`)}`,
      'identifier=X-Ndiaye',
      'identifier=|X-Ndiaye',
    ])
      expect(await ids(query), query).toEqual([patientId]);
    expect(await ids(`identifier=|${value}`)).toEqual([]);
    expect(await ids('identifier=https://elsewhere.test|X-Ndiaye')).toEqual([]);
    expect(await ids('name=eloise%20ndiaye')).toEqual([patientId]);
    expect(await ids('name=ndiaye&birthdate=1980-05-06')).toEqual([patientId]);
    expect(await ids('name=ndiaye&birthdate=1980-05-07')).toEqual([]);
    expect(await ids(`_id=${patientId}&name=sene`)).toEqual([]);
    expect(await ids(`_id=${patientId},${other}&name=sene,eloise%20NDIAYE`)).toHaveLength(2);
    expect(await ids('name=ndiaye&name=el')).toEqual([patientId]);
    expect(patient).toMatchObject({
      ...{ name: [{ family: 'Ndiaye', given: ['Éloïse'] }], birthDate: '1980-05-06', gender: 'unknown' },
      telecom: [{ system: 'phone', value: '+221 77' }],
    });
  });

  test('finds by `name` what is a name alone: no number, no external id, nor by a part of them', async () => {
    const ids = async (query: string) => entries((await ask(`/Patient?${query}`)).json).map(({ id }) => id);
    const [{ identifier }] = entries((await ask(`/Patient?_id=${patientId}`)).json);
    const { value } = identifier[0];
    for (const name of [value, value.slice(0, 7), 'X-Ndiaye', '221', `ndiaye%20${value}`]) {
      expect(await ids(`name=${name}`), name).toEqual([]);
      expect(await ids(`name=${name}&_id=${patientId}`), name).toEqual([]);
    }
    expect((await ask('/Patient?name=eloise')).json.total).toBe(2);
    expect((await ask('/Patient?name=eloise&_count=0')).json.total).toBe(2);
    expect((await ask(`/Patient?name=${value}`)).json.total).toBe(0);
  });

  test.each(['Encounter', 'Observation', 'Patient'])(
    'of %s is walked by `next` to its end: each once, whatever comes meanwhile',
    async (type) => {
      const whole = entries((await ask(`/${type}?_count=200`)).json).map(({ id }) => id);
      for (const count of type === 'Observation' ? [7] : [1, 2]) {
        const met: string[] = [];
        let next: string | undefined = `/${type}?_count=${count}`;
        while (next !== undefined) {
          const { status, json }: { status: number; json: Json } = await ask(next);
          expect(status).toBe(200);
          expect(entries(json).length).toBeLessThanOrEqual(count);
          met.push(...entries(json).map(({ id }) => id));
          // One that was not there when the walk began comes before it.
          if (met.length <= count && type === 'Encounter')
            await post('/api/consultations', { patientId: other, date: `2026-02-1${count}` });
          next = json.link.find(({ relation }: Json) => relation === 'next')?.url;
        }
        expect(met.length).toBe(new Set(met).size);
        expect(whole.filter((id) => !met.includes(id))).toEqual([]);
      }
    },
  );

  test('of Observations narrows by category, code, status and date, over both kinds of what they are made of', async () => {
    const count = async (query: string) =>
      entries((await ask(`/Observation?patient=${patientId}&_count=200&${query}`)).json).length;
    expect(await count('')).toBe(25);
    expect(await count('category=vital-signs')).toBe(15);
    expect(await count('category=http://terminology.hl7.org/CodeSystem/observation-category|survey')).toBe(10);
    expect(await count('category=laboratory')).toBe(0);
    expect(await count('code=http://loinc.org|8310-5,8867-4')).toBe(10);
    expect(await count('code=8310-5&code=8867-4')).toBe(0);
    // What nobody was told is on no page, and no page leads to another one.
    const { json } = await ask(`/Observation?patient=${patientId}&code=R04.2&_count=1`);
    expect([json.total, json.link.map(({ relation }: Json) => relation)]).toEqual([0, ['self']]);
    expect(await count('status=final')).toBe(5);
    expect(await count('category=survey&date=2026-01-07')).toBe(2);
    expect(await count('category=vital-signs&date=lt2026-01-01')).toBe(0);
    expect(await count('category=vital-signs&date=ge2026-01-10')).toBe(15);
    expect(await count(`_id=${consultations[1].id}.8310-5,${consultations[2].id}.cough`)).toBe(2);
  });

  test('ignores what it does not know and says so; with `Prefer: handling=strict` it is refused', async () => {
    const { json } = await ask('/Encounter?colour=red&patient.name=x&_count=1');
    const outcome = json.entry.find(({ search }: Json) => search.mode === 'outcome').resource;
    expect(outcome).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning' }, { severity: 'warning' }],
    });
    expect(json.link[0]).toEqual({ relation: 'self', url: expect.stringMatching(/\/fhir\/Encounter\?_count=1$/) });
    const strict = await ask('/Encounter?colour=red', { prefer: 'return=minimal, handling=strict' });
    expect([strict.status, strict.json.issue[0].details.coding[0].code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(strict.json.issue[0].diagnostics).toContain('colour');
    expect((await ask('/Encounter?date=2026-01-05', { prefer: 'handling=strict' })).status).toBe(200);
  });
});

describe('what is wrong', () => {
  test.each([
    ['/Encounter?date=2026-13-01', 400],
    ['/Encounter?date=2026-04-31', 400],
    ['/Encounter?date=yesterday', 400],
    ['/Encounter?date=ne2026-01-01', 400],
    ['/Encounter?date=ap2026-01-01', 400],
    ['/Encounter?date=2026-01-01,2026-01-02', 400],
    ['/Encounter?date=9999-12-31', 400],
    ['/Encounter?date=gt9999-12-31T00:00%2B14:00', 400],
    ['/Encounter?status:not=finished', 400],
    ['/Encounter?patient:Group=x', 400],
    ['/ServiceRequest?encounter:Patient=x', 400],
    ['/ImagingStudy?basedon:Encounter=x', 400],
    ['/DiagnosticReport?based-on:CarePlan=x', 400],
    ['/Encounter?patient:missing=true', 400],
    ['/Encounter?_count=many', 400],
    ['/Encounter?_count=-1', 400],
    ['/Encounter?_cursor=bm9uZQ', 400],
    ['/Observation?_cursor=WyJ4IiwxXQ', 400],
    ['/Patient?_cursor=x', 400],
    ['/Patient?birthdate=ge1980', 400],
    ['/Patient?name=a,b', 400],
    [`/Encounter?_id=${'a,'.repeat(300)}`, 400],
    ['/Encounter?_format=xml', 406],
    ['/Encounter?_format=application/fhir%2Bxml', 406],
    ['/Medication', 404],
    ['/Medication/1', 404],
    ['/Encounter/1/2', 404],
    ['/Encounter/none', 404],
    ['/Encounter/%00', 404],
    ['/Observation/x.y', 404],
    ['/Device/none', 404],
    ['/Encounter/%E0%A4%A', 400],
  ])('%s is %i with an OperationOutcome', async (url, status) => {
    const answer = await ask(url);
    expect([answer.status, answer.json.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(answer.headers['content-type']).toBe('application/fhir+json');
    expect(answer.json.issue[0]).toMatchObject({
      severity: 'error',
      code: expect.any(String),
      details: { text: expect.any(String) },
    });
  });

  test('texts that nobody should send do no harm to any parameter', { timeout: 120_000 }, async () => {
    const texts = ['\u0000', "'", '\\', '%', '|', '\\,', 'x'.repeat(3000), '../..', '1e999'];
    const { json } = await ask('/metadata');
    let tries = 0;
    for (const { type, searchParam } of json.rest[0].resource)
      for (const { name } of searchParam)
        for (const [place, text] of texts.entries()) {
          tries += 1;
          if (!isTried(tries, place)) continue;
          const { status } = await ask(`/${type}?${name}=${encodeURIComponent(text)}`, {}, readerOf(type));
          expect([200, 400], `${type} ${name} ${text.slice(0, 10)} ${status}`).toContain(status);
        }
  });

  test('nobody is told to sign in, others than GET are not known, both as OperationOutcomes', async () => {
    const stranger = await server.app.inject({ url: '/fhir/Patient' });
    expect([stranger.statusCode, stranger.json().resourceType, stranger.json().issue[0].code]).toEqual([
      401,
      'OperationOutcome',
      'login',
    ]);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
      const answer = await server.app.inject({ method, url: '/fhir/Patient', headers: physician.headers });
      expect([method, answer.statusCode, answer.json().resourceType]).toEqual([method, 405, 'OperationOutcome']);
    }
    expect((await server.app.inject({ url: '/fhirsomething', headers: physician.headers })).json().code).toBe('NOT_FOUND');
  });
});

describe('one resource', () => {
  test('has a version of what is shown, by which who has it is told 304', async () => {
    const url = `/Encounter/${consultations[4].id}`;
    const { headers, json } = await ask(url);
    expect(headers).toMatchObject({
      'content-type': 'application/fhir+json',
      etag: `W/"${json.meta.versionId}"`,
      'cache-control': 'private, no-store',
    });
    expect((await ask(url, { 'if-none-match': String(headers.etag) })).status).toBe(304);
    await post(`/api/consultations/${consultations[4].id}/status`, { status: 'IN_PROGRESS' });
    const later = await ask(url, { 'if-none-match': String(headers.etag) });
    expect([later.status, later.json.status]).toEqual([200, 'in-progress']);
    expect(later.json.meta.versionId).not.toBe(json.meta.versionId);
    const patient = await ask(`/Patient/${patientId}`);
    expect(patient.json.meta.lastUpdated).toMatch(/Z$/);
    expect(patient.headers['last-modified']).toBe(new Date(patient.json.meta.lastUpdated).toUTCString());
  });

  test('is found by its id in capitals as well', async () => {
    const { id } = consultations[1];
    for (const [type, name] of [
      ['Patient', patientId],
      ['Encounter', id],
    ] as const)
      expect((await ask(`/${type}/${name.toUpperCase()}`)).json, type).toEqual((await ask(`/${type}/${name}`)).json);
    const everything = async (name: string) => entries((await ask(`/Patient/${name}/$everything`)).json).length;
    expect(await everything(patientId.toUpperCase())).toBe(await everything(patientId));
  });

  test('comes in JSON by each of its names', async () => {
    for (const name of ['json', 'application/json', 'application/fhir%2Bjson', 'application/fhir+json', 'text/json'])
      expect((await ask(`/Patient/${patientId}?_format=${name}`)).status, name).toBe(200);
    for (const accept of ['application/fhir+json', 'application/json;q=0.9, text/html', '*/*'])
      expect((await ask(`/Patient/${patientId}`, { accept })).status, accept).toBe(200);
    expect((await ask(`/Patient/${patientId}`, { accept: 'application/fhir+xml' })).status).toBe(406);
    expect((await ask(`/Patient/${patientId}?_format=json`, { accept: 'text/html' })).status).toBe(200);
  });

  test('hostile text stays text: no markup is made of it, what is no character of a string and what is blank goes', async () => {
    const { id } = await post('/api/consultations', {
      ...{ patientId: other, date: '2026-03-03', reason: '<script>alert(1)</script> & \u0007 "x"' },
      symptoms: { text: ' \n ' },
    });
    const { json } = await ask(`/Encounter/${id}`);
    expect(json.reasonCode).toEqual([{ text: '<script>alert(1)</script> &   "x"' }]);
    expect(json.text).toBeUndefined();
    expect(openStandard().faultsOf(json)).toEqual([]);
    const { json: told } = await ask(`/Observation?encounter=${id}`);
    expect(entries(told)).toEqual([]);
    expect(openStandard().faultsOf(told)).toEqual([]);
  });
});

describe('the CapabilityStatement', () => {
  test('names what is served, no more and no less, each parameter as R4 defines it', async () => {
    const { json } = await ask('/metadata');
    const { hasParameter } = openStandard();
    const { resource } = json.rest[0];
    for (const { type, searchParam, interaction, operation = [] } of resource) {
      expect(interaction.map(({ code }: Json) => code)).toEqual(['read', 'search-type']);
      expect((await ask(`/${type}?_count=1`, {}, readerOf(type))).status, type).toBe(200);
      expect((await ask(`/${type}/none`, {}, readerOf(type))).status, type).toBe(404);
      for (const { name, type: kind } of searchParam) {
        expect([type, name, hasParameter(type, name, kind)]).toEqual([type, name, true]);
        // What the statement names is known: strict handling refuses none of it.
        const value = kind === 'date' ? '2026-01-01' : 'x';
        expect(
          (await ask(`/${type}?${name}=${value}`, { prefer: 'handling=strict' }, readerOf(type))).status,
          `${type} ${name}`,
        ).toBe(200);
      }
      expect((await ask(`/${type}?nothing-of-the-kind=x`, { prefer: 'handling=strict' }, readerOf(type))).status).toBe(400);
      const everything = await ask(`/${type}/${type === 'Patient' ? patientId : consultations[0].id}/$everything`);
      expect([type, everything.status === 200]).toEqual([type, operation.some(({ name }: Json) => name === 'everything')]);
    }
    const paths = server.app.printRoutes({ commonPrefix: false });
    expect(resource.map(({ type }: Json) => type).filter((type: string) => !paths.includes(type))).toEqual([]);
    expect(json).toMatchObject({ fhirVersion: '4.0.1', kind: 'instance', format: ['application/fhir+json', 'json'] });
  });

  test('is what docs/fhir.md says of types and parameters', async () => {
    const text = readFileSync(new URL('../../../../docs/fhir.md', import.meta.url), 'utf8');
    const { json } = await ask('/metadata');
    for (const { type, searchParam } of json.rest[0].resource) {
      const [, row = ''] = new RegExp(`^\\| \`${type}\` \\|(.*)$`, 'm').exec(text) ?? [];
      const named = [...(row.split('|').at(-2) ?? '').matchAll(/`([\w-]+)`/g)].map(([, name]) => name).sort();
      expect([type, named]).toEqual([type, searchParam.map(({ name }: Json) => name).sort()]);
    }
  });
});

test('a token that may not see consultations sees neither vital signs nor orders, where they are gathered either', async () => {
  const made = await server.app.inject({
    method: 'POST',
    url: '/api/tokens',
    headers: physician.headers,
    payload: { name: 'gate', permissions: ['patients.read', 'studies.read', 'patients.identity'] },
  });
  expect(made.statusCode, made.body).toBeLessThan(300);
  const headers = { authorization: `Bearer ${made.json().secret}` };
  const get = (url: string) => server.app.inject({ url: `/fhir${url}`, headers });
  expect((await get('/Encounter')).statusCode).toBe(403);
  expect((await get('/RiskAssessment')).statusCode).toBe(403);
  expect(entries((await get(`/Observation?patient=${patientId}`)).json())).toEqual([]);
  const all = entries((await get(`/Patient/${patientId}/$everything`)).json());
  expect(all.map(({ resourceType }) => resourceType)).toEqual(['Patient']);
});
