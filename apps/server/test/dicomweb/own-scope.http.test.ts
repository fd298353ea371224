import { setTimeout as sleep } from 'node:timers/promises';
import { ctVolume } from '@negatoscope/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { NOTHING, ofGroup, ownOf, UNGROUPED } from '../../src/access/scope.ts';
import { RESTLESS_MS } from '../../src/archive/notify.ts';
import { scopeSetting } from '../../src/platform/db/row-scope.ts';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

let server: DicomwebServer;
let member: Browser;
let groupId: string;
const sent: string[] = [];
const slices = [...ctVolume({ seed: 'own scope', slices: 3, rows: 8, columns: 8 })];
const [first, second] = slices;
const series = `/studies/${first?.studyInstanceUid}/series/${first?.seriesInstanceUid}`;
const instance = `${series}/instances/${first?.sopInstanceUid}`;

beforeAll(async () => {
  server = await openDicomweb();
  groupId = await server.makeGroup();
  member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
  expect(
    (
      await server.store(
        member,
        slices.map(({ bytes }) => Buffer.from(bytes)),
      )
    ).statusCode,
  ).toBe(200);
  const query = pg.Client.prototype.query as (...values: unknown[]) => unknown; // Every form of it is passed on as it is.
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...values: unknown[]) {
    const [asked] = values;
    sent.push(typeof asked === 'string' ? asked : String((asked as { text?: unknown } | undefined)?.text));
    return query.apply(this, values);
  } as typeof pg.Client.prototype.query);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await server.close();
});

interface Told {
  readonly status: number;
  /** Statements of transactions that read the archive, beside BEGIN and COMMIT. */
  readonly statements: number;
  /** How the transactions that read began. */
  readonly begun: readonly string[];
}

async function ask(url: string, accept = '*/*'): Promise<Told> {
  sent.length = 0;
  const { statusCode } = await server.get(member, url, { accept });
  // What is nobody's (the list of damaged objects) is read in the empty scope.
  const begun = sent.filter((text) => text.startsWith('BEGIN READ ONLY') && !text.includes(scopeSetting(NOTHING)));
  const statements = sent.filter((text) => /^\s*(SELECT|WITH)\b/.test(text)).length;
  return { status: statusCode, statements, begun };
}

test('everything that a person reads through DICOMweb is read in their own scope, in the database too', async () => {
  const own = `BEGIN READ ONLY;${scopeSetting([ownOf(member.user.id), ofGroup(groupId), UNGROUPED])}`;
  const addresses: readonly (readonly [string, string?])[] = [
    ['/studies?limit=5'],
    [`/studies/${first?.studyInstanceUid}/series`],
    [`${series}/instances?includefield=all`],
    [`${series}/metadata`, 'application/dicom+json'],
    [`${instance}/metadata`, 'application/dicom+json'],
    [`${instance}/frames/1`],
    [`${instance}/rendered`, 'image/png'],
    [`${series}/thumbnail`],
    [`/studies/${first?.studyInstanceUid}/rendered`, 'image/jpeg'],
    [`${instance}/bulkdata/7FE00010`],
    [`${instance}/pixeldata`],
    [instance],
    [`/studies/${first?.studyInstanceUid}`, 'application/zip'],
  ];
  let transactions = 0;
  for (const [url, accept] of addresses) {
    const { status, begun } = await ask(url, accept);
    expect([200, 404], url).toContain(status);
    expect(
      begun.filter((text) => text !== own && !text.startsWith(`${own};SET LOCAL plan_cache_mode`)),
      url,
    ).toEqual([]);
    transactions += begun.length;
  }
  expect(transactions).toBeGreaterThan(10);
});

test('a decision is kept for the session and series: frames ask the database nothing, whichever of the series', async () => {
  const fresh = await server.login(member.user);
  const before = member;
  member = fresh;
  // A process that has just begun keeps nothing of a series so long.
  await sleep(RESTLESS_MS);
  const cold = await ask(`${instance}/frames/1`);
  expect(cold.statements).toBeGreaterThan(0);
  expect((await ask(`${instance}/frames/1`)).statements).toBe(0);
  expect(await ask(`${series}/instances/${second?.sopInstanceUid}/frames/1`)).toEqual({ status: 200, statements: 0, begun: [] });
  expect(sent).toEqual([]);
  member = before;
});
