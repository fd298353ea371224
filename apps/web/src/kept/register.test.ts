import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepFilesLater } from './register.ts';

const ORIGIN = 'https://images.hospital.test';
const registered: unknown[][] = [];
const sent: unknown[] = [];

interface Browser {
  readonly isSecure?: boolean;
  readonly register?: (...given: unknown[]) => Promise<unknown>;
  readonly active?: object | null;
  readonly worker?: boolean;
  readonly loaded?: readonly string[];
}

/** A browser that has loaded these files, by its own list. */
function browser({ isSecure = true, register, active, worker = true, loaded = [] }: Browser = {}): void {
  const postMessage = (message: unknown): void => void sent.push(message);
  const serviceWorker = {
    register: async (...given: unknown[]) => {
      registered.push(given);
      await register?.(...given);
    },
    ready: Promise.resolve({ active: active === undefined ? { postMessage } : active }),
  };
  vi.stubGlobal('window', { isSecureContext: isSecure, location: { origin: ORIGIN } });
  vi.stubGlobal('navigator', worker ? { serviceWorker } : {});
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue(loaded.map((name) => ({ name }) as PerformanceEntry)); // What is read of them.
}
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('PROD', true);
  for (const list of [registered, sent]) list.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the files of the application are kept', () => {
  it('once the page stands, and never by a worker that the browser has from before', async () => {
    browser();
    keepFilesLater();
    await after(4_900);
    expect(registered).toEqual([]);
    await after(100);
    expect(registered).toEqual([['/sw.js', { updateViaCache: 'none' }]]);
  });

  it('those that are here already too: the page names its own files, and nothing that was asked of a patient', async () => {
    browser({
      loaded: [
        `${ORIGIN}/assets/app-1.js?v=1`,
        `${ORIGIN}/api/patients?q=DIALLO`,
        `${ORIGIN}/dicom-web/studies/1.2`,
        'https://elsewhere.test/assets/app-1.js',
      ],
    });
    keepFilesLater();
    await after(5_000);
    expect(sent).toEqual([['/assets/app-1.js']]);
  });

  it.each([
    ['over plain http to another machine', { isSecure: false }],
    ['in a browser without workers', { worker: false }],
  ] as const)('not %s, where the page goes on without', async (_where, of) => {
    browser(of);
    keepFilesLater();
    await after(5_000);
    expect([registered, sent]).toEqual([[], []]);
  });

  it('not where the browser forbids it, which is no failure of the page', async () => {
    browser({ register: () => Promise.reject(new DOMException('No.', 'SecurityError')) });
    keepFilesLater();
    await after(5_000);
    expect([registered.length, sent]).toEqual([1, []]);
  });

  it('later where the worker has not begun', async () => {
    browser({ active: null });
    keepFilesLater();
    await after(5_000);
    expect([registered.length, sent]).toEqual([1, []]);
  });

  it('never while developing', async () => {
    vi.stubEnv('PROD', false);
    browser();
    keepFilesLater();
    await after(60_000);
    expect(registered).toEqual([]);
  });
});
