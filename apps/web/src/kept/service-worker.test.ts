import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const ORIGIN = 'https://images.hospital.test';
const digestOf = (text: string): string => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64');

type Listener = (event: object) => void;
/** What the browser tells the worker, and what the worker does for it. */
const listeners = new Map<string, Listener>();
const claimed: string[] = [];
const asked: string[] = [];
const rows = new Map<string, Response>();
let isServerAway = false;

const pathOf = (request: RequestInfo | URL): string =>
  new URL(request instanceof Request ? request.url : request, ORIGIN).pathname;
const cache = {
  match: async (request: RequestInfo | URL) => rows.get(pathOf(request))?.clone(),
  put: async (request: RequestInfo | URL, response: Response) => void rows.set(pathOf(request), response),
  delete: async (request: RequestInfo | URL) => rows.delete(pathOf(request)),
  keys: async () => [...rows.keys()].map((path) => new Request(new URL(path, ORIGIN))),
};

/** An event of the browser: what it waits for, and what it is answered with. */
async function told(kind: string, fields: object = {}): Promise<Response | undefined> {
  const waits: Promise<unknown>[] = [];
  let answer: Promise<Response> | undefined;
  listeners.get(kind)?.({
    ...fields,
    waitUntil: (work: Promise<unknown>) => waits.push(work),
    respondWith: (response: Promise<Response>) => {
      answer = response;
    },
  });
  await Promise.all(waits);
  return answer;
}
const request = (path: string, init: RequestInit = {}) => told('fetch', { request: new Request(new URL(path, ORIGIN), init) });

beforeAll(async () => {
  vi.stubGlobal('NEGATOSCOPE_FILES', { '/assets/a-1.js': digestOf('a'), '/assets/b-1.js': digestOf('b') });
  vi.stubGlobal('self', {
    location: { origin: ORIGIN },
    clients: { claim: async () => void claimed.push('all') },
    addEventListener: (kind: string, listener: Listener) => void listeners.set(kind, listener),
  });
  await import('./service-worker.ts');
});
beforeEach(() => {
  vi.stubGlobal('caches', { open: async () => cache });
  vi.stubGlobal('fetch', async (input: RequestInfo | URL) => {
    asked.push(pathOf(input));
    if (isServerAway) throw new TypeError('Failed to fetch');
    return new Response(pathOf(input).at(8));
  });
  for (const list of [claimed, asked]) list.length = 0;
  rows.clear();
  isServerAway = false;
});

describe('the worker between the pages and the server', () => {
  it.each([
    ['/api/patients', {}],
    ['/dicom-web/studies/1.2/series/3/instances/4/frames/1', {}],
    ['/app/worklist', {}],
    ['/assets/unknown-9.js', {}],
    ['/assets/a-1.js', { method: 'POST', body: 'x' }],
  ])('leaves %s to the browser: nothing of a patient goes through it', async (path, init) => {
    expect(await request(path, init)).toBeUndefined();
    expect([asked, rows.size]).toEqual([[], 0]);
  });

  it('leaves files of that name of another origin alone', async () => {
    expect(await told('fetch', { request: new Request('https://elsewhere.test/assets/a-1.js') })).toBeUndefined();
  });

  it('answers files of its build, the second time without the server', async () => {
    expect(await (await request('/assets/a-1.js'))?.text()).toBe('a');
    await expect.poll(() => rows.has('/assets/a-1.js')).toBe(true);
    isServerAway = true;
    expect(await (await request('/assets/a-1.js'))?.text()).toBe('a');
    expect(asked).toEqual(['/assets/a-1.js']);
  });

  it('fails as the browser would where a file is not kept and the server is away', async () => {
    isServerAway = true;
    await expect(request('/assets/b-1.js')).rejects.toThrow('Failed to fetch');
  });

  it('keeps what a page says that it has loaded, and only of that what is the build’s', async () => {
    await told('message', { data: ['/assets/b-1.js', '/api/patients', 7, null, '/assets/../api/me'] });
    expect([asked, [...rows.keys()]]).toEqual([['/assets/b-1.js'], ['/assets/b-1.js']]);
  });

  it.each(['keep', { files: ['/assets/a-1.js'] }, null, undefined])(
    'passes over a message that is none of a page: %o',
    async (data) => {
      await told('message', { data });
      expect(asked).toEqual([]);
    },
  );

  it('takes the pages over once what it does not know is gone', async () => {
    rows.set('/assets/old-0.js', new Response('old'));
    rows.set('/assets/a-1.js', new Response('a'));
    await told('activate');
    expect([[...rows.keys()], claimed]).toEqual([['/assets/a-1.js'], ['all']]);
  });

  it('tells a browser that can be told what is none of its business; one that can’t, or refuses, is no failure', async () => {
    const rules: { condition: { urlPattern: string }; source: string }[] = [];
    await told('install', { addRoutes: async (given: typeof rules) => void rules.push(...given) });
    expect(rules.map(({ condition, source }) => [condition.urlPattern, source])).toEqual([
      ...['/api/*', '/dicom-web/*', '/fhir/*', '/viewer/*'].map((path) => [path, 'network']),
    ]);
    await told('install');
    await told('install', { addRoutes: () => Promise.reject(new TypeError('No.')) });
  });
});
