import type { HangingLayout, HangingRule } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';

let server: DicomwebServer;
let admin: Browser;
let groupId: string;
let member: Browser;
let colleague: Browser;
let ungrouped: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  groupId = await server.makeGroup();
  admin = await server.login('ADMIN');
  member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
  colleague = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
  ungrouped = await server.login('STAFF');
});
afterAll(() => server.close());

const LAYOUT: HangingLayout = {
  rows: 1,
  columns: 2,
  panes: [
    { of: 'CURRENT', like: { modality: 'CT', plane: 'axial', kernel: 'lung' } },
    { of: 'PRIOR', pairOf: 0 },
  ],
  isLinked: true,
};
const OTHER: HangingLayout = { rows: 1, columns: 1, panes: [null], isLinked: false };
const own = (change: object = {}) => ({ level: 'OWN', siteId: null, modality: 'CT', region: 'CHEST', layout: LAYOUT, ...change });
const site = (siteId: string | null, change: object = {}) => own({ level: 'SITE', siteId, ...change });

async function ask(who: Browser, method: 'GET' | 'PUT' | 'DELETE', url: string, body?: object) {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
}
const save = (who: Browser, body: object) => ask(who, 'PUT', '/api/hanging-rules', body);
const remove = (who: Browser, id: string) => ask(who, 'DELETE', `/api/hanging-rules/${id}`);
const seen = async (who: Browser): Promise<HangingRule[]> => (await ask(who, 'GET', '/api/hanging-rules')).json.items;
const idsOf = async (who: Browser): Promise<string[]> => (await seen(who)).map(({ id }) => id);
const eventsOf = async (id: string): Promise<string[]> =>
  (
    await server.db.withSystem((tx) =>
      tx.rows(composed({ text: 'SELECT action FROM audit_events WHERE entity_id = $1 ORDER BY id', values: [id] })),
    )
  ).map(({ action }: Json) => action);

describe('rules of hanging', () => {
  test('a person’s own is theirs alone, in place of the one before for the same studies', async () => {
    const { status, json } = await save(member, own());
    expect([status, json]).toMatchObject([200, own()]);
    const again = await save(member, own({ layout: OTHER }));
    expect(again.json).toMatchObject({ id: json.id, layout: OTHER });
    const anywhere = await save(member, own({ region: null }));
    expect(anywhere.json.id).not.toBe(json.id);
    expect(await idsOf(member)).toEqual([anywhere.json.id, json.id]);
    for (const other of [colleague, ungrouped, admin]) expect(await seen(other)).toEqual([]);
    for (const other of [colleague, admin]) expect((await remove(other, json.id)).status).toBe(404);
    expect((await remove(member, json.id)).status).toBe(204);
    expect(await idsOf(member)).toEqual([anywhere.json.id]);
    expect(await eventsOf(json.id)).toEqual(['hanging-rule.saved', 'hanging-rule.saved', 'hanging-rule.deleted']);
    await remove(member, anywhere.json.id);
  });

  test('a site’s is kept by an administrator, and seen by its members', async () => {
    for (const other of [member, ungrouped]) {
      expect((await save(other, site(groupId))).json.code).toBe('FORBIDDEN');
      expect((await save(other, site(null))).json.code).toBe('FORBIDDEN');
    }
    const ofGroup = (await save(admin, site(groupId))).json;
    const ofAll = (await save(admin, site(null, { modality: 'MR' }))).json;
    expect(await idsOf(member)).toEqual([ofGroup.id, ofAll.id]);
    expect(await idsOf(ungrouped)).toEqual([ofAll.id]);
    expect(ofGroup).toMatchObject({ level: 'SITE', siteId: groupId });
    expect((await remove(member, ofGroup.id)).json.code).toBe('FORBIDDEN');
    expect((await remove(ungrouped, ofGroup.id)).status).toBe(404);
    expect((await remove(admin, ofGroup.id)).status).toBe(204);
    expect((await remove(admin, ofAll.id)).status).toBe(204);
    expect(await idsOf(member)).toEqual([]);
  });

  test('a person’s own is changed through a session only, whatever a token may read; a site’s by a token that manages groups', async () => {
    const tokenOf = async (who: Browser, permissions: readonly string[]) => {
      const made = await server.app.inject({
        ...{ method: 'POST', url: '/api/tokens', headers: who.headers },
        payload: { name: 'script', permissions, expiresInDays: 1 },
      });
      return { ...who, headers: { authorization: `Bearer ${made.json<{ secret: string }>().secret}` } };
    };
    const reads = await tokenOf(member, ['studies.read']);
    const kept = (await save(member, own())).json;
    const refused = [await save(reads, own({ layout: OTHER })), await remove(reads, kept.id)];
    expect(refused.map(({ json }) => json.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(await seen(reads)).toMatchObject([{ id: kept.id, layout: LAYOUT }]);
    expect((await remove(member, kept.id)).status).toBe(204);
    const manages = await tokenOf(admin, ['studies.read', 'groups.manage']);
    const { status, json } = await save(manages, site(groupId));
    expect(status).toBe(200);
    expect((await remove(manages, json.id)).status).toBe(204);
  });

  test('of a group that is none, or of what does not fit, is refused', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    expect((await save(admin, site(nobody))).json.code).toBe('UNPROCESSABLE');
    const wrong = [
      own({ siteId: groupId }),
      own({ modality: 'ct' }),
      own({ region: 'KNEE' }),
      own({ layout: { ...LAYOUT, rows: 5 } }),
      own({ layout: { ...LAYOUT, rows: 2 } }),
      own({ layout: { ...OTHER, panes: [{ of: 'PRIOR', pairOf: 16 }] } }),
      // Words of a description may name anybody.
      own({ layout: { ...OTHER, panes: [{ of: 'CURRENT', like: { modality: 'CT', text: 'Martin Anna' } }] } }),
    ];
    for (const body of wrong) expect((await save(member, body)).json.code).toBe('VALIDATION_FAILED');
    expect(await seen(member)).toEqual([]);
    expect((await remove(member, nobody)).status).toBe(404);
  });

  test('saved by many at once there is one', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => save(colleague, own())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await seen(colleague)).toHaveLength(1);
  });
});
