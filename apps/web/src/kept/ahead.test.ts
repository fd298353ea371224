import { expect, test, vi } from 'vitest';
import { fetchAhead, firstFiles } from './ahead.ts';

const PAGE = `<!doctype html><link rel="icon" href="/icon.svg"><link rel="stylesheet" crossorigin href="/assets/main-a1.css">
<script type="module" crossorigin src="/assets/main-b2.js"></script><link rel="modulepreload" href="/assets/shared-c3.js">
<script src="https://evil.example/assets/x.js"></script><link rel="stylesheet" href="/assets/main-a1.css">`;

test('what the application starts with is named by its page: each file once, and nothing of another server', () => {
  expect(firstFiles(PAGE)).toEqual(['/assets/main-a1.css', '/assets/main-b2.js', '/assets/shared-c3.js']);
  expect(firstFiles('')).toEqual([]);
});

test('it is fetched behind everything else, and a line that is away is no failure', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', async (address: string, init?: RequestInit) => {
    asked.push([address, init?.priority]);
    return new Response(PAGE);
  });
  await fetchAhead('/index.html');
  expect(asked).toEqual([
    ['/index.html', undefined],
    ['/assets/main-a1.css', 'low'],
    ['/assets/main-b2.js', 'low'],
    ['/assets/shared-c3.js', 'low'],
  ]);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(fetchAhead('/login.html')).resolves.toBeUndefined();
});
