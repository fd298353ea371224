import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ctVolume, type GeneratedInstance } from '@negatoscope/testkit';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { chromiumPath, enter, openBrowser, openTab, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { isLong, itInLongRun } from './support/long.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

/** Check C5 whole is for `npm run test:long`: 6,000 and 400 frames take minutes. */
const MIB = 1024 * 1024;

const ASSETS = fileURLToPath(new URL('../apps/web/dist/assets/', import.meta.url));
/** The worker of the built page, as it is served. */
const workerUrl = (): string => `/assets/${readdirSync(ASSETS).find((name) => /^decode\.worker-.*\.js$/.test(name))}`;

interface Encoder {
  getDecodedBuffer(size: object): Uint8Array;
  setQuality(isLossless: boolean, step: number): void;
  setDecompositions(levels: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

/** A frame of 16 bits without loss, as rough as an image of a patient: about half of its bytes are left. */
async function encoded(side: number): Promise<{ bytes: string; last: number }> {
  const silent = (): void => undefined;
  const factory = createRequire(new URL('../apps/web/package.json', import.meta.url))('@cornerstonejs/codec-openjph/wasmjs');
  const codec: { HTJ2KEncoder: new () => Encoder } = await factory({ print: silent, printErr: silent });
  const cells = Uint16Array.from({ length: side * side }, (_, at) => 1000 + ((at * 2_654_435_761) >>> 24) + (at % side));
  const encoder = new codec.HTJ2KEncoder();
  const size = { width: side, height: side, bitsPerSample: 16, componentCount: 1, isSigned: false, isUsingColorTransform: false };
  encoder.getDecodedBuffer(size).set(new Uint8Array(cells.buffer));
  encoder.setQuality(true, 0);
  encoder.setDecompositions(5);
  encoder.encode();
  const bytes = Buffer.from(encoder.getEncodedBuffer()).toString('base64');
  encoder.delete();
  return { bytes, last: cells.at(-1) ?? 0 };
}

/** In the worker, before its codec is there: names every memory of WebAssembly that is made. */
function watchMemories(): void {
  const memories: WebAssembly.Memory[] = [];
  Object.assign(self, { memories });
  const keep = (exports: WebAssembly.Exports): void => {
    for (const one of Object.values(exports)) if (one instanceof WebAssembly.Memory) memories.push(one);
  };
  const { instantiate, instantiateStreaming, Memory } = WebAssembly;
  type Made = WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance;
  const heard = (made: Made): Made => {
    keep('instance' in made ? made.instance.exports : made.exports);
    return made;
  };
  Object.assign(WebAssembly, {
    instantiate: (...given: Parameters<typeof instantiate>) => instantiate(...given).then(heard),
    instantiateStreaming: (...given: Parameters<typeof instantiateStreaming>) => instantiateStreaming(...given).then(heard),
    Memory: new Proxy(Memory, {
      construct: (target, given) => {
        const made = Reflect.construct(target, given);
        memories.push(made);
        return made;
      },
    }),
  });
}

/** In the worker: bytes of all memories of WebAssembly. */
const memoryBytes = (): number => {
  const { memories } = self as unknown as { memories: ReadonlySet<WebAssembly.Memory> }; // What `watchMemories` has put there.
  return [...new Set(memories)].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
};

interface Batch {
  readonly side: number;
  readonly count: number;
}

/** In the page: sends the frame so often, one after the other; gives the last sample of each that came back right. */
const decodeBatch = ({ side, count }: Batch): Promise<{ decoded: number; failed: string[]; last: number }> => {
  const { worker, frame } = window as unknown as { worker: Worker; frame: Uint8Array }; // What the test has put there.
  const format = {
    ...{ rows: side, columns: side, samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 16, highBit: 15 },
    ...{ pixelRepresentation: 0, photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0, isFloat: false },
    transferSyntaxUid: '1.2.840.10008.1.2.4.202',
  };
  return new Promise((resolve) => {
    const failed: string[] = [];
    let [decoded, last] = [0, -1];
    worker.onmessage = ({ data }) => {
      if (data.kind === 'decoded' && data.frame.pixels.length === side * side * 2) {
        decoded += 1;
        last = new Uint16Array(data.frame.pixels.buffer).at(-1) ?? -1;
      } else failed.push(String(data.reason));
      if (decoded + failed.length < count) worker.postMessage({ frame: { ...format, bytes: frame } });
      else resolve({ decoded, failed, last });
    };
    worker.postMessage({ frame: { ...format, bytes: frame } });
  });
};

/** Bytes of the page's JavaScript that are in use, once garbage is collected. */
async function heapOf(cdp: CDPSession): Promise<{ used: number; buffers: number }> {
  await cdp.send('HeapProfiler.collectGarbage');
  const usage: { usedSize: number; backingStorageSize?: number } = await cdp.send('Runtime.getHeapUsage');
  return { used: usage.usedSize, buffers: usage.backingStorageSize ?? 0 };
}

/** Private memory of the largest process that shows pages, in bytes; undefined where the machine does not tell. */
async function processOf(browser: Browser): Promise<number | undefined> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      try {
        const kilobytes = /Private_Dirty:\s+(\d+)/.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1];
        return Number(kilobytes) * 1024;
      } catch {
        return 0;
      }
    });
  const largest = Math.max(0, ...sizes);
  return largest > 0 ? largest : undefined;
}

const FRAMES: readonly Batch[] = isLong
  ? [
      { side: 512, count: 6_000 },
      { side: 2048, count: 400 },
    ]
  : [{ side: 512, count: 120 }];

/** Who may mark studies as read. */
const READER = {
  ...{ email: 'lecture@example.org', password: 'Lanterne-Marbre-42-Voilier' },
  ...{ firstName: 'Awa', lastName: 'Diop', role: 'RADIOLOGIST' },
};

const STUDIES = 20;
/** What is made once for a page is there by then. */
const WARM = 2;
/** After so many the page is looked at. */
const LOOKS: readonly number[] = [WARM, STUDIES / 2, STUDIES];
/** What was fetched for a study is kept for a minute, should it be opened again. */
const KEPT_MS = 65_000;
const SLICES = 12;
const studies = (): readonly (readonly GeneratedInstance[])[] =>
  Array.from({ length: STUDIES + 1 }, (_, index) => {
    const day = String(index + 1).padStart(2, '0');
    const person = { PatientName: `Memoire^Nr${day}`, PatientID: `MEMORY-${day}`, StudyDate: `202603${day}` };
    return [...ctVolume({ seed: `memory-${index}`, slices: SLICES, rows: 256, columns: 256, dataset: person })];
  });

/** Notes textures of WebGL. They go when they are given back, or with the garbage: the library drops one of some kilobytes with every picture. */
function noteTextures(): void {
  const textures = new Set<WeakRef<WebGLTexture>>();
  const of = new WeakMap<WebGLTexture, WeakRef<WebGLTexture>>();
  Object.assign(window, { textures });
  const { createTexture, deleteTexture } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.createTexture = function () {
    const texture = createTexture.call(this);
    const reference = new WeakRef(texture);
    textures.add(reference);
    of.set(texture, reference);
    return texture;
  };
  WebGL2RenderingContext.prototype.deleteTexture = function (texture) {
    const reference = texture === null ? undefined : of.get(texture);
    if (reference !== undefined) textures.delete(reference);
    deleteTexture.call(this, texture);
  };
}

/**
 * Bytes of what the page's JavaScript holds, without the code that the browser has compiled and what it notes itself: both grow with
 * the time a page is in use, whatever it holds.
 */
async function ownBytes(cdp: CDPSession): Promise<number> {
  const chunks: string[] = [];
  const hear = ({ chunk }: { chunk: string }): void => void chunks.push(chunk);
  cdp.on('HeapProfiler.addHeapSnapshotChunk', hear);
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  cdp.off('HeapProfiler.addHeapSnapshotChunk', hear);
  const { snapshot, nodes }: { snapshot: { meta: { node_fields: string[]; node_types: [string[]] } }; nodes: number[] } =
    JSON.parse(chunks.join(''));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  let sum = 0;
  for (let at = 0; at < nodes.length; at += fields.length)
    if (!['code', 'native', 'synthetic'].includes(types[0][nodes[at + type] ?? 0] ?? '')) sum += nodes[at + size] ?? 0;
  return sum;
}

interface Held {
  readonly own: number;
  readonly heap: number;
  readonly buffers: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly documents: number;
  readonly workers: number;
  readonly canvases: number;
  readonly textures: number;
  readonly frames: number;
  readonly bytes: number;
}

async function held(page: Page, cdp: CDPSession): Promise<Held> {
  // Twice: what was waited for by what went is garbage then, too.
  await heapOf(cdp);
  const { used, buffers } = await heapOf(cdp);
  const { nodes, jsEventListeners, documents } = await cdp.send('Memory.getDOMCounters');
  const seen = await page.evaluate(() => {
    const { textures: noted, __negatoscopeViewer: probe } = window as unknown as {
      textures: ReadonlySet<WeakRef<WebGLTexture>>;
      __negatoscopeViewer?: { kept: { frames: number; bytes: number } };
    };
    const textures = [...noted].filter((one) => one.deref() !== undefined).length;
    return { canvases: document.querySelectorAll('canvas').length, textures, ...(probe?.kept ?? { frames: 0, bytes: 0 }) };
  });
  return {
    own: await ownBytes(cdp),
    heap: used,
    buffers,
    nodes,
    listeners: jsEventListeners,
    documents,
    workers: page.workers().length,
    ...seen,
  };
}

const untilComplete = (page: Page, uid: string): Promise<unknown> =>
  page.waitForFunction(
    ([study, count]) => {
      const probe = window.__negatoscopeViewer;
      return probe?.imageIds[0]?.includes(study) === true && probe.framesLoaded === count && probe.renderedIndex >= 0;
    },
    [uid, SLICES] as const,
    { timeout: 60_000 },
  );

describe.skipIf(chromiumPath === undefined)('memory of the page', () => {
  let browser: Browser | undefined;
  let server: Served;
  let admin: Tab;
  setStage(
    async (stage) => {
      admin = stage.tab;
      ({ server } = stage);
      const headers = { 'x-csrf-token': await csrfOf(admin) };
      expect((await admin.page.request.post('/api/users', { headers, data: READER })).status()).toBe(201);
      // Of its own: its processes are measured, and no other page lives in them.
      browser = await openBrowser('webgl');
    },
    { drawnBy: 'processor' },
  );
  afterAll(() => browser?.close());
  const openOwn = async (): Promise<Tab> => {
    if (browser === undefined) throw new Error('There is no browser.');
    return openTab(browser, server);
  };

  it.each(FRAMES)(
    'one worker of the page decodes $count frames of $side pixels a side: none fails, and its memory stands',
    async ({ side, count }) => {
      const { page, context } = await openOwn();
      await page.goto('/login');
      const { bytes, last } = await encoded(side);
      const [worker] = await Promise.all([
        page.waitForEvent('worker'),
        page.evaluate(
          ([url, base64]) => {
            const frame = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
            Object.assign(window, { worker: new Worker(url, { type: 'module' }), frame });
          },
          [workerUrl(), bytes] as const,
        ),
      ]);
      await worker.evaluate(watchMemories);
      const cdp = await context.newCDPSession(page);
      const first = await page.evaluate(decodeBatch, { side, count: 3 });
      expect(first).toEqual({ decoded: 3, failed: [], last });
      const after3 = await worker.evaluate(memoryBytes);
      expect(after3).toBeGreaterThan(side * side * 2);
      const before = browser && (await processOf(browser));
      const PARTS = isLong ? 6 : 2;
      let most = after3;
      for (let part = 0; part < PARTS; part += 1) {
        const answer = await page.evaluate(decodeBatch, { side, count: (count - 3) / PARTS + 3 });
        expect(answer).toMatchObject({ failed: [], last });
        most = Math.max(most, await worker.evaluate(memoryBytes));
      }
      const heap = await heapOf(cdp);
      const after = browser && (await processOf(browser));
      const figures = { side, count, wasm: most / MIB, page: heap.used / MIB, buffers: heap.buffers / MIB };
      console.log(JSON.stringify({ ...figures, process: [before, after].map((one) => (one ?? 0) / MIB) }));
      // A decoder that is not deleted leaves 0.7 MB of a frame of 512², 12 MB of one of 2048².
      expect(most).toBe(after3);
      expect(most + heap.used + heap.buffers).toBeLessThan(200 * MIB);
      await context.close();
    },
    isLong ? 1_500_000 : 120_000,
  );

  itInLongRun(
    `${STUDIES} studies opened one after the other by "next", scrolled and measured: the page holds no more than after the second`,
    async () => {
      for (const study of studies()) expect(await storeInstances(admin, study)).toBe(200);
      const { page, context, problems } = await openOwn();
      await enter(context, { ...server, email: READER.email, password: READER.password });
      await page.addInitScript(noteTextures);
      await page.goto('/app/worklist?q=memoire');
      const cdp = await context.newCDPSession(page);
      await page.getByText('MEMOIRE Nr', { exact: false }).first().waitFor();
      const list = await held(page, cdp);
      await page.locator('[data-row], [role=row]').filter({ hasText: 'MEMOIRE' }).first().click();
      const seen: Held[] = [];
      const opened = new Set<string>();
      for (let number = 0; number < STUDIES; number += 1) {
        await page.waitForURL(
          ({ pathname }) => /\/studies\/[^/]+$/.test(pathname) && !opened.has(pathname.split('/').at(-1) ?? ''),
        );
        const uid = new URL(page.url()).pathname.split('/').at(-1) ?? '';
        opened.add(uid);
        await untilComplete(page, uid);
        for (const key of ['ArrowDown', 'ArrowDown', 'Digit2', 'l']) await page.keyboard.press(key);
        const {
          x = 0,
          y = 0,
          width = 0,
          height = 0,
        } = (await page.locator('canvas.cornerstone-canvas').first().boundingBox()) ?? {};
        await page.mouse.move(x + width / 2 - 40, y + height / 2);
        await page.mouse.down();
        await page.mouse.move(x + width / 2 + 40, y + height / 2, { steps: 3 });
        await page.mouse.up();
        await page.locator('.ng-viewer-canvas svg text').filter({ hasText: ' mm' }).first().waitFor();
        await expect.poll(() => page.getByTestId('annotation-status').getAttribute('data-waiting')).toBe('0');
        // A snapshot of the heap takes as long as the studies between two of them.
        if (LOOKS.includes(number + 1)) {
          await page.waitForTimeout(KEPT_MS);
          seen.push(await held(page, cdp));
        }
        await page.keyboard.press('Shift+N');
      }
      console.log(JSON.stringify({ list, seen }));
      const [warm, end] = [seen[0], seen.at(-1)];
      if (warm === undefined || end === undefined) throw new Error('Nothing was opened.');
      const grown = (of: keyof Held): number => end[of] - warm[of];
      expect([end.workers, end.canvases, end.frames, end.bytes]).toEqual([
        warm.workers,
        warm.canvases,
        SLICES,
        SLICES * 256 * 256 * 2,
      ]);
      expect(grown('textures')).toBeLessThanOrEqual(0);
      expect(grown('documents')).toBeLessThanOrEqual(0);
      expect(grown('nodes')).toBeLessThan(200);
      expect(grown('listeners')).toBeLessThan(40);
      // A study that stays weighs 1.5 MB of pixels and 100 kB of what is known of its slices.
      expect(grown('buffers')).toBeLessThan(3 * MIB);
      expect(grown('own')).toBeLessThan(0.5 * MIB);
      expect(grown('heap')).toBeLessThan(5 * MIB);
      expect(opened.size).toBe(STUDIES);
      expect(problems).toEqual([]);
      await context.close();
    },
    1_800_000,
  );
});
