import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { OPERATIONS, type Operation } from '@negatoscope/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findWebFolder } from '../../src/http/static.ts';
import { type DicomwebServer, openDicomweb } from '../dicomweb/support.ts';
import {
  isOfSomebody,
  type MatrixActor,
  makeActors,
  makeTarget,
  NOBODY,
  type Place,
  placesOf,
  type Route,
  requestOf,
  routesOf,
  type Target,
} from '../support/access-matrix.ts';
import { isLong } from '../support/sample.ts';

/**
 * The reviewed table stands in access-matrix.txt: a line for each route and whose it is, a sign for each who asks: `y` let through (whatever is answered then), `-` unknown (404), `x` refused (403), `.` not
 * signed in (401). A route that is not in it fails; NEGATOSCOPE_WRITE_MATRIX=1 with the long tests writes it anew, and the change is what is reviewed.
 */
const FILE = fileURLToPath(new URL('./access-matrix.txt', import.meta.url));
const isWritten = process.env.NEGATOSCOPE_WRITE_MATRIX === '1' && isLong;
/** In the short run: who may all, who sees one group, who sees pseudonyms, a token that sees no identity, and who is nobody any more. */
const SHORT = ['ADMIN:ADMIN', 'PHYSICIAN:WRITE', 'RESEARCHER:WRITE', 'token-without-identity', 'ADMIN-suspended'];
/** They end the very session that asks, or begin what costs minutes. */
const NOT_ASKED = new Set(['logout', 'loadDemo', 'createImport']);

const SIGNS: Readonly<Record<number, string>> = { 401: '.', 403: 'x', 404: '-' };

let server: DicomwebServer;
let actors: readonly MatrixActor[];
let targets: Readonly<Record<Place, Target>>;
beforeAll(async () => {
  server = await openDicomweb();
  const [own, other] = [await server.makeGroup(), await server.makeGroup()];
  targets = {
    own: await makeTarget(server, { uid: '2.25.1001', group: own }),
    other: await makeTarget(server, { uid: '2.25.1002', group: other }),
    none: await makeTarget(server, { uid: '2.25.1003', group: null }),
    unknown: NOBODY,
  };
  actors = await makeActors(server, own);
}, 120_000);
afterAll(() => server.close());

const operations: readonly Operation[] = OPERATIONS;
const isPublic = ({ id }: Route): boolean => operations.some((one) => one.id === id && one.permission === 'public');

/** Events begin when something happens, and nothing does: who is refused is told so before. */
const isLive = ({ operation }: Route): boolean =>
  Object.values(operation?.responses ?? {}).some((one) => one !== null && 'stream' in one && one.stream === 'text/event-stream');
const silence = (): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), 5_000));

/** What one who asks is told; events without an end are left once they begin. */
async function signOf(route: Route, place: Place, { headers }: MatrixActor): Promise<string> {
  const request = { ...requestOf(route, targets[place]), headers: { ...headers }, payloadAsStream: true } as const;
  const answer = await (isLive(route) ? Promise.race([server.app.inject(request), silence()]) : server.app.inject(request));
  if (answer === undefined) return 'y';
  answer.stream().destroy();
  if (answer.statusCode >= 500 && answer.statusCode !== 501 && answer.statusCode !== 503) return '!';
  return SIGNS[answer.statusCode] ?? 'y';
}

interface Line {
  readonly address: string;
  readonly route: Route;
  /** Undefined where nobody is asked. */
  readonly place: Place | undefined;
}

const linesOf = (): Line[] =>
  routesOf(server)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((route): Line[] => {
      const address = `${route.id} ${route.method} ${route.path}`;
      if (isPublic(route) || NOT_ASKED.has(route.id)) return [{ address, route, place: undefined }];
      return placesOf(route).map((place) => ({ address: `${address} ${isOfSomebody(route) ? place : 'any'}`, route, place }));
    });

/** Lines `<route> <whose>` with signs in the order of who asks. */
async function answersOf(asking: readonly MatrixActor[]): Promise<Map<string, string>> {
  const lines = linesOf();
  const signs = new Map<string, string[]>();
  const ask = async ({ address, route, place }: Line, at: number, actor: MatrixActor): Promise<void> => {
    const row = signs.get(address) ?? [];
    // Before anything is waited for: others of the same line are asked meanwhile.
    signs.set(address, row);
    if (place !== undefined) row[at] = await signOf(route, place, actor);
  };
  // Those who are silent are waited for together, and the others asked meanwhile.
  const silent = Promise.all(
    lines.filter(({ route }) => isLive(route)).map((line) => Promise.all(asking.map((actor, at) => ask(line, at, actor)))),
  );
  for (const line of lines.filter(({ route }) => !isLive(route)))
    for (const [at, actor] of asking.entries()) await ask(line, at, actor);
  await silent;
  return new Map(
    lines.map(({ address, route, place }) => {
      if (place === undefined) return [address, isPublic(route) ? 'public' : 'not-asked'];
      return [address, (signs.get(address) ?? []).join(' ')];
    }),
  );
}

const read = (): { names: string[]; lines: Map<string, string> } => {
  const [head = '', ...rest] = readFileSync(FILE, 'utf8').trimEnd().split('\n');
  return { names: head.split(' ').slice(1), lines: new Map(rest.map((line) => line.split(' | ') as [string, string])) };
};

test('every operation, DICOMweb, viewer, download, event and FHIR route answers everybody as the reviewed table says', async () => {
  const names = actors.map(({ name }) => name);
  const asked = isLong ? names : names.filter((name) => SHORT.includes(name));
  const lines = await answersOf(actors.filter(({ name }) => asked.includes(name)));
  expect([...lines].filter(([, signs]) => signs.includes('!'))).toEqual([]);
  if (isWritten)
    writeFileSync(FILE, `${[`route ${names.join(' ')}`, ...[...lines].map((line) => line.join(' | '))].join('\n')}\n`);
  const table = read();
  expect(table.names).toEqual(names);
  const wanted = new Map(
    [...table.lines].map(([address, signs]) => {
      const all = signs.split(' ');
      return [address, all.length === 1 ? signs : asked.map((name) => all[names.indexOf(name)]).join(' ')];
    }),
  );
  expect([...lines].map((line) => line.join(' | '))).toEqual([...wanted].map((line) => line.join(' | ')));
  expect(lines.size).toBeGreaterThan(300);
}, 600_000);

test('who belongs to two groups is answered in each as who belongs to that one alone', async () => {
  const user = await server.makeUser({ role: 'PHYSICIAN', groupId: targets.own.group, groupIds: [targets.other.group] });
  const both = { name: 'both', headers: (await server.login(user)).headers };
  const one = actors.find(({ name }) => name === 'PHYSICIAN:WRITE');
  if (one === undefined) throw new Error('Nobody of one group asks.');
  const routes = routesOf(server).filter(
    (route) => placesOf(route).includes('other') && !NOT_ASKED.has(route.id) && !isLive(route),
  );
  const others: string[] = [];
  for (const route of routes) {
    const wanted = await signOf(route, 'own', one);
    for (const place of ['own', 'other'] as const)
      if ((await signOf(route, place, both)) !== wanted) others.push(`${route.id} ${place}`);
  }
  expect(others).toEqual([]);
  expect(routes.length).toBeGreaterThan(60);
}, 120_000);

/** What answers beside the routes of the table: what DICOMweb can do, the page of whoever has a link, and OHIF's files, which are shown to who is signed in. */
const BESIDE: readonly string[] = [
  'GET /dicom-web',
  'GET /dicom-web/groups/{}',
  'GET /s',
  'GET /viewer',
  'GET /viewer*',
  'GET /viewer/app-config.js',
];

/** Every `METHOD /path` that Fastify knows but those of OPTIONS and HEAD, with every parameter alike. */
function runningRoutes(): Set<string> {
  const routes = new Set<string>();
  const parents: string[] = [];
  for (const line of server.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', path = '', methods = ''] = /^([│ ]*(?:├── |└── ))(.+?) \(([A-Z, ]+)\)/.exec(line) ?? [];
    if (indent === '') continue;
    parents.length = indent.length / 4 - 1;
    parents.push(path);
    for (const method of methods.split(', '))
      if (!['HEAD', 'OPTIONS'].includes(method)) routes.add(`${method} ${plainPath(parents.join(''))}`);
  }
  return routes;
}
/** The page's own files and addresses, the same for everyone, where it is built. */
const webFolder = findWebFolder();
const isPage = (route: string): boolean => {
  const [, address = ''] = route.split(' ');
  if (webFolder === undefined || !route.startsWith('GET ')) return false;
  return ['/', '/login', '/app', '/app*', '/app/*'].includes(address) || existsSync(path.join(webFolder, address));
};
const plainPath = (path: string): string => path.replaceAll(/\{\w+\}|:\w+(\([^)]*\))?/g, '{}');

test('nothing answers that is not in the table, by whichever way it was joined to the server', () => {
  const known = new Set(routesOf(server).map(({ method, path }) => `${method} ${plainPath(path)}`));
  expect([...runningRoutes()].filter((route) => !known.has(route) && !isPage(route)).sort()).toEqual(BESIDE);
});

test('the routes of the table are those of the running server, each of the contract among them', () => {
  const known = new Set(routesOf(server).map(({ id }) => id));
  expect(operations.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual([]);
});
