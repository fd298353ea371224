import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../src/platform/db/statements.ts';
import type { Json } from './dicomweb/support.ts';
import { type Browser, createTestApp, type TestApp } from './support/app.ts';

let server: TestApp;
let [admin, awa, jean, staff]: Browser[] = [];
let site: string;
beforeAll(async () => {
  server = await createTestApp();
  site = await server.makeGroup('Thiès');
  admin = await server.login('ADMIN');
  awa = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: site }));
  jean = await server.login(await server.makeUser({ role: 'PHYSICIAN' }));
  staff = await server.login('STAFF');
});
afterAll(() => server.close());

type Who = Browser | undefined;
async function ask(who: Who, method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) {
  const headers = who?.headers ?? {};
  const answer = await server.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
}
const SECTIONS = { history: '', technique: 'Sans injection.', comparison: '', findings: 'Foie : [taille] cm.', impression: '' };
const template = (who: Who, more: object = {}) =>
  ask(who, 'PUT', '/api/report-templates', {
    ...{ replaces: null, level: 'OWN', siteId: null, language: 'fr', name: 'Foie', modality: 'US', region: 'Abdomen' },
    ...{ sections: SECTIONS, ...more },
  });
const phrase = (who: Who, more: object = {}) =>
  ask(who, 'PUT', '/api/report-phrases', {
    ...{ replaces: null, level: 'OWN', siteId: null, language: 'fr', short: 'norm', text: 'Sans particularité.', ...more },
  });
const seen = async (who: Who): Promise<string[]> => {
  const { templates, phrases } = (await ask(who, 'GET', '/api/report-texts')).json;
  return [...templates, ...phrases].map((one: Json) => `${one.level} ${one.name ?? `.${one.short}`}`);
};

describe('templates and phrases of reports', () => {
  test('of a person are theirs alone; those of a site are its members’, and its administrators’ to change', async () => {
    const own = await template(awa);
    expect([own.status, own.json]).toMatchObject([200, { level: 'OWN', modality: 'US', sections: SECTIONS }]);
    expect((await phrase(awa)).status).toBe(200);
    const shared = await template(admin, { level: 'SITE', siteId: site, name: 'Thorax' });
    const everywhere = await phrase(admin, { level: 'SITE', short: 'SP' });
    expect(everywhere.json.short).toBe('sp');
    expect(await seen(awa)).toEqual(['OWN Foie', 'SITE Thorax', 'OWN .norm', 'SITE .sp']);
    expect(await seen(jean)).toEqual(['SITE .sp']);
    expect(await seen(staff)).toEqual(['SITE .sp']);
    const remove = (who: Who, { json }: { json: Json }) => ask(who, 'DELETE', `/api/report-templates/${json.id}`);
    for (const who of [jean, admin]) expect((await remove(who, own)).status).toBe(404);
    expect((await remove(awa, shared)).json.code).toBe('FORBIDDEN');
    expect((await remove(jean, shared)).status).toBe(404);
    expect((await remove(admin, shared)).status).toBe(204);
    expect((await ask(jean, 'DELETE', `/api/report-phrases/${everywhere.json.id}`)).json.code).toBe('FORBIDDEN');
    const told = await server.db.withSystem((tx) =>
      tx.rows(
        composed({
          text: "SELECT action FROM audit_events WHERE action LIKE 'report-%' AND entity_id = $1 ORDER BY id",
          values: [shared.json.id],
        }),
      ),
    );
    expect(told.map(({ action }: Json) => action)).toEqual(['report-template.saved', 'report-template.deleted']);
  });

  test('of all sites are listed for who manages them', async () => {
    await template(admin, { level: 'SITE', siteId: site, name: 'Du site' });
    const all = await ask(admin, 'GET', '/api/report-texts?ofAllSites=true');
    expect(all.json.templates).toMatchObject([{ name: 'Du site', siteId: site }]);
    expect((await ask(jean, 'GET', '/api/report-texts?ofAllSites=true')).json.code).toBe('FORBIDDEN');
  });

  test('are changed by their id, which makes nobody else’s one’s own', async () => {
    const { json } = await template(jean, { name: 'Rate' });
    expect((await template(jean, { replaces: json.id, name: 'Rate et foie' })).json).toMatchObject({
      id: json.id,
      name: 'Rate et foie',
    });
    expect((await template(awa, { replaces: json.id, name: 'Volée' })).status).toBe(404);
    expect((await template(admin, { replaces: json.id, level: 'SITE' })).status).toBe(404);
    expect((await template(jean, { name: 'Rate et foie' })).json.code).toBe('NAME_TAKEN');
    expect((await template(jean, { name: 'Rate et foie', language: 'en' })).status).toBe(200);
  });

  test('of who writes no reports, for an unknown site, of no text or too much are refused', async () => {
    for (const who of [staff, admin]) expect((await template(who)).json.code).toBe('FORBIDDEN');
    for (const who of [awa, staff]) expect((await phrase(who, { level: 'SITE' })).json.code).toBe('FORBIDDEN');
    expect((await template(admin, { level: 'SITE', siteId: '019a0000-0000-7000-8000-000000000000' })).json.code).toBe(
      'UNPROCESSABLE',
    );
    const bad = [
      template(jean, { siteId: site }),
      template(jean, { name: 'a\u0000' }),
      template(jean, { sections: { ...SECTIONS, findings: 'a\u0000' } }),
      template(jean, { sections: { ...SECTIONS, findings: 'x'.repeat(20_001) } }),
      phrase(jean, { short: 'a b' }),
      phrase(jean, { short: '1' }),
      phrase(jean, { text: '\ud800' }),
    ];
    for (const answer of bad) expect((await answer).json.code).toBe('VALIDATION_FAILED');
  });
});

describe('a template of MRRT', () => {
  const read = (who: Who, html: string) => ask(who, 'POST', '/api/report-templates/mrrt', { html });
  test('is read as text for who may keep it, and kept as any other', async () => {
    const html =
      '<html lang="fr"><meta name="dcterms.title" content="Genou"><section data-section-name="Findings"><script>x</script><p>Ménisques : <input></p></section>';
    const { status, json } = await read(jean, html);
    expect([status, json]).toMatchObject([200, { name: 'Genou', language: 'fr', leftOut: ['SCRIPTS'] }]);
    expect((await template(jean, { name: json.name, sections: json.sections })).json.sections.findings).toBe('Ménisques : […]');
    expect((await read(admin, html)).status).toBe(200);
    expect((await read(staff, html)).json.code).toBe('FORBIDDEN');
  });

  test('that can’t be read is refused with what it is', async () => {
    expect((await read(jean, 'rien')).json.code).toBe('TEMPLATE_UNREADABLE');
    expect((await read(jean, `<section>${'a'.repeat(300_000)}`)).json.code).toBe('TEMPLATE_TOO_LARGE');
    expect((await read(jean, '<section>'.repeat(100))).json.code).toBe('TEMPLATE_TOO_DEEP');
    expect((await read(jean, 'a'.repeat(5 * 1024 * 1024))).status).toBe(413);
  });
});
