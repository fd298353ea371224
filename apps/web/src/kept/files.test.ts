import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKeptFiles, type KeptFiles } from './files.ts';

const ORIGIN = 'https://images.hospital.test';
const at = (path: string): URL => new URL(path, ORIGIN);
const digestOf = (text: string): string => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64');
const FILES = { '/assets/a-1.js': digestOf('a'), '/assets/b-1.js': digestOf('b') };

/** A cache of the browser's kind, in memory. */
class MemoryCache {
  readonly rows = new Map<string, Response>();
  isBroken = false;
  #path(request: RequestInfo | URL): string {
    if (this.isBroken) throw new DOMException('The disk is full.', 'QuotaExceededError');
    return new URL(request instanceof Request ? request.url : request, ORIGIN).pathname;
  }
  async match(request: RequestInfo | URL): Promise<Response | undefined> {
    return this.rows.get(this.#path(request))?.clone();
  }
  async put(request: RequestInfo | URL, response: Response): Promise<void> {
    this.rows.set(this.#path(request), response);
  }
  async delete(request: RequestInfo | URL): Promise<boolean> {
    return this.rows.delete(this.#path(request));
  }
  async keys(): Promise<Request[]> {
    return [...this.rows.keys()].map((path) => new Request(at(path)));
  }
}

describe('the files that a browser keeps', () => {
  let cache: MemoryCache;
  let asked: string[];
  let served: Record<string, string>;
  let kept: KeptFiles;
  const worker = (files: Readonly<Record<string, string>> = FILES): KeptFiles =>
    createKeptFiles(files, {
      open: async () => cache as unknown as Cache, // What is used of one.
      fetch: async (request) => {
        const { pathname } = new URL(request instanceof Request ? request.url : request, ORIGIN);
        asked.push(pathname);
        const text = served[pathname];
        return text === undefined ? new Response('gone', { status: 404 }) : new Response(text);
      },
      digest: (bytes) => crypto.subtle.digest('SHA-256', bytes),
    });
  const get = async (path: string): Promise<string> => (await kept.answer(new Request(at(path)), at(path))).text();
  /** What is kept beside the answer: the text under an address, once it is there. */
  const settled = (path: string) => expect.poll(async () => (await cache.match(path))?.text());
  /** Long enough for what must not happen. */
  const aWhile = () => new Promise((resolve) => setTimeout(resolve, 100));

  beforeEach(() => {
    cache = new MemoryCache();
    asked = [];
    served = { '/assets/a-1.js': 'a', '/assets/b-1.js': 'b' };
    kept = worker();
  });

  it.each([
    ['/assets/a-1.js', true],
    ['/assets/a-1.js?x=1', false],
    ['/assets/other.js', false],
    ['/assets/__proto__', false],
    ['/constructor', false],
    ['/api/patients', false],
    ['/dicom-web/studies/1/series/2/instances/3/frames/1', false],
    ['/app', false],
    ['/theme.js', false],
  ])('%s is one of them: %s', (path, isOne) => expect(kept.isOurs(at(path), ORIGIN)).toBe(isOne));

  it('are none of another origin', () =>
    expect(kept.isOurs(new URL('https://elsewhere.test/assets/a-1.js'), ORIGIN)).toBe(false));

  it('are fetched once', async () => {
    expect(await get('/assets/a-1.js')).toBe('a');
    await settled('/assets/a-1.js').toBe('a');
    expect([await get('/assets/a-1.js'), asked]).toEqual(['a', ['/assets/a-1.js']]);
    kept = worker();
    expect([await get('/assets/a-1.js'), asked]).toEqual(['a', ['/assets/a-1.js']]);
  });

  it.each([
    ['other bytes', new Response('alert(1)')],
    ['a refusal', new Response('a', { status: 503 })],
    ['nothing', new Response('')],
  ])('that hold %s are fetched again, and replaced', async (_what, poison) => {
    cache.rows.set('/assets/a-1.js', poison);
    expect(await get('/assets/a-1.js')).toBe('a');
    await settled('/assets/a-1.js').toBe('a');
  });

  it('that the server answers otherwise are given on, and not kept', async () => {
    served['/assets/a-1.js'] = 'what a proxy says instead';
    expect(await get('/assets/a-1.js')).toBe('what a proxy says instead');
    await aWhile();
    expect(cache.rows.size).toBe(0);
    served = {};
    expect(await get('/assets/b-1.js')).toBe('gone');
    await aWhile();
    expect(cache.rows.size).toBe(0);
  });

  it('come all the same where nothing can be kept', async () => {
    cache.isBroken = true;
    expect([await get('/assets/a-1.js'), await get('/assets/a-1.js')]).toEqual(['a', 'a']);
    await kept.keep(['/assets/a-1.js']);
    await aWhile();
  });

  it('are kept when a page names them, and nothing else that it names', async () => {
    await kept.keep(['/assets/a-1.js', '/api/patients', '/assets/a-1.js', 'https://elsewhere.test/x', '/app']);
    expect([[...cache.rows.keys()], asked]).toEqual([['/assets/a-1.js'], ['/assets/a-1.js']]);
  });

  it('of a build before go when its last page is closed; what both have stays, and is not fetched again', async () => {
    await kept.keep(Object.keys(FILES));
    asked = [];
    served['/assets/c-2.js'] = 'c';
    kept = worker({ '/assets/b-1.js': digestOf('b'), '/assets/c-2.js': digestOf('c') });
    await kept.dropOthers();
    expect([...cache.rows.keys()]).toEqual(['/assets/b-1.js']);
    expect([await get('/assets/b-1.js'), await get('/assets/c-2.js'), asked]).toEqual(['b', 'c', ['/assets/c-2.js']]);
  });
});
