import { readFileSync } from 'node:fs';
import type { Permission } from '@negatoscope/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Actor, Scope } from '../../src/access/index.ts';
import { type DicomwebServer, openDicomweb } from '../dicomweb/support.ts';
import {
  type MatrixActor,
  makeActors,
  makeTarget,
  placesOf,
  type Route,
  requestOf,
  routesOf,
  type Target,
} from '../support/access-matrix.ts';

/** What is wrong with the checks: a permission that everybody has, or that nobody has, or queries that ask for everything. */
const mutation = vi.hoisted(() => ({ granted: '', taken: '', isScopeOpen: false, opened: 0 }));
vi.mock('../../src/access/permissions.ts', async (importOriginal) => {
  const as = await importOriginal<typeof import('../../src/access/permissions.ts')>();
  const { Failure } = await import('../../src/kernel/failure.ts');
  const can = (actor: Actor, permission: Permission): boolean =>
    permission === mutation.granted || (permission !== mutation.taken && as.can(actor, permission));
  const requirePermission = (actor: Actor, permission: Permission): void => {
    if (!can(actor, permission)) throw new Failure('FORBIDDEN');
  };
  return { ...as, can, requirePermission, seesIdentity: (actor: Actor) => can(actor, 'patients.identity') };
});

vi.mock('../../src/archive/in-scope.ts', async (importOriginal) => {
  const as = await importOriginal<typeof import('../../src/archive/in-scope.ts')>();
  return {
    ...as,
    partitionValues: (scope: Scope) => (mutation.isScopeOpen ? [true, [], true] : as.partitionValues(scope)),
    scopeValues: (scope: Scope) => {
      if (!mutation.isScopeOpen) return as.scopeValues(scope);
      mutation.opened += 1;
      return [true, [], true, null];
    },
  };
});

/** They end the very session that asks, begin what costs minutes, or answer for ever. */
const NOT_ASKED = new Set(['logout', 'loadDemo', 'createImport']);
const NOTHING_WRONG = { granted: '', taken: '', isScopeOpen: false };
const TABLE = new URL('./access-matrix.txt', import.meta.url);

let server: DicomwebServer;
let target: Target;
let other: Target;
let actors: readonly MatrixActor[];
let admin: MatrixActor;
beforeAll(async () => {
  server = await openDicomweb();
  const group = await server.makeGroup();
  target = await makeTarget(server, { uid: '2.25.2001', group });
  other = await makeTarget(server, { uid: '2.25.2002', group: await server.makeGroup() });
  actors = await makeActors(server, group);
  const found = actors.find(({ name }) => name === 'ADMIN:ADMIN');
  if (found === undefined) throw new Error('No administrator.');
  admin = found;
}, 120_000);
afterAll(() => server.close());

interface Checked {
  readonly route: Route;
  readonly permission: string;
}
/** Every route that asks for a permission. */
const checked = (): Checked[] =>
  routesOf(server).flatMap((route) => {
    const joined = server.routes.get(route.id) as { readonly permission?: string } | undefined; // Operations and raw routes name theirs.
    const permission = joined?.permission ?? 'public';
    return ['public', 'signed-in'].includes(permission) || NOT_ASKED.has(route.id) ? [] : [{ route, permission }];
  });

const isLive = ({ operation }: Route): boolean =>
  Object.values(operation?.responses ?? {}).some((one) => one !== null && 'stream' in one && one.stream === 'text/event-stream');

/** The status of an answer; undefined for events, which are left once they begin. */
async function statusOf(
  route: Route,
  { headers }: MatrixActor,
  { of = target, ...wrong }: Partial<typeof mutation> & { readonly of?: Target },
): Promise<number | undefined> {
  Object.assign(mutation, NOTHING_WRONG, wrong);
  try {
    const asked = server.app.inject({ ...requestOf(route, of), headers: { ...headers }, payloadAsStream: true });
    const silence = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 2_000));
    const answer = await (isLive(route) ? Promise.race([asked, silence]) : asked);
    answer?.stream().destroy();
    return answer?.statusCode;
  } finally {
    Object.assign(mutation, NOTHING_WRONG);
  }
}

/** Whether who asks is refused for want of a right. */
const isRefused = async (route: Route, actor: MatrixActor, wrong: Partial<typeof mutation>): Promise<boolean> =>
  (await statusOf(route, actor, wrong)) === 403;

test('each route refuses who has every right but its own: no check is missing', async () => {
  const missing: string[] = [];
  for (const { route, permission } of checked()) {
    if (await isRefused(route, admin, { taken: permission })) continue;
    missing.push(`${route.id} ${permission}`);
  }
  expect(missing).toEqual([]);
  expect(checked().length).toBeGreaterThan(200);
}, 600_000);

test('a right that everybody has changes what the reviewed table says of each route that somebody is refused', async () => {
  const [head = '', ...rows] = readFileSync(TABLE, 'utf8').trimEnd().split('\n');
  const names = head.split(' ').slice(1);
  /** Of a route those whom the table refuses, where its first place is asked for. */
  const refusedBy = new Map(
    rows.map((row) => {
      const [address = '', signs = ''] = row.split(' | ');
      const [id = '', , , place = ''] = address.split(' ');
      return [`${id} ${place}`, names.filter((_, at) => signs.split(' ')[at] === 'x')] as const;
    }),
  );
  const survivors: string[] = [];
  let noticed = 0;
  for (const { route, permission } of checked()) {
    const [place = 'unknown'] = placesOf(route);
    const refused = new Set(refusedBy.get(`${route.id} ${place}`) ?? refusedBy.get(`${route.id} any`) ?? []);
    const asking = actors.filter(({ name }) => refused.has(name) && !name.startsWith('token'));
    let isNoticed = false;
    for (const actor of asking) {
      isNoticed = !(await isRefused(route, actor, { granted: permission }));
      if (isNoticed) break;
    }
    if (isNoticed) noticed += 1;
    else survivors.push(`${route.id} ${permission} ${asking.length === 0 ? 'nobody is refused' : 'refused all the same'}`);
  }
  // Those that remain ask for what everybody has, or refuse for another reason as well: that their own check stands is what the first test shows.
  expect([noticed > 180, survivors.filter((one) => !/all the same|nobody/.test(one))]).toEqual([true, []]);
}, 600_000);

test('with the scope taken out of every query the database alone keeps what is of another group from who asks', async () => {
  const asking = actors.filter(({ name }) => ['PHYSICIAN:WRITE', 'STAFF:WRITE', 'RESEARCHER:READ', 'token'].includes(name));
  const routes = routesOf(server).filter((route) => placesOf(route).includes('other') && !NOT_ASKED.has(route.id));
  const open: string[] = [];
  for (const route of routes)
    for (const actor of asking) {
      const [closed, mutated] = [
        await statusOf(route, actor, { of: other }),
        await statusOf(route, actor, { of: other, isScopeOpen: true }),
      ];
      if (closed !== mutated) open.push(`${route.id} ${actor.name} ${closed} ${mutated}`);
    }
  expect(open).toEqual([]);
  // That queries did ask for everything.
  expect(mutation.opened).toBeGreaterThan(50);
  expect(routes.length).toBeGreaterThan(60);
}, 600_000);
