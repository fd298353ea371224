import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

/** What lies between the browser and the server; Chromium takes its time as if. */
export interface Line {
  readonly name: string;
  readonly bytesPerSecond: number;
  readonly latencyMs: number;
}

const megabits = (count: number): number => (count * 1_000_000) / 8;
export const LINES: readonly Line[] = [
  { name: '2 Mbit/s, 150 ms', bytesPerSecond: megabits(2), latencyMs: 150 },
  { name: '10 Mbit/s, 60 ms', bytesPerSecond: megabits(10), latencyMs: 60 },
  { name: '100 Mbit/s, 10 ms', bytesPerSecond: megabits(100), latencyMs: 10 },
  { name: 'not throttled', bytesPerSecond: -1, latencyMs: 0 },
];

/** What a page takes over its line, as the browser counts it: heads and bodies as they come, compressed. */
export interface Wire {
  bytes: number;
  /** Of frames alone, by whatever address. */
  frameBytes: number;
  framesFinished: number;
}

async function countOn(cdp: CDPSession): Promise<Wire> {
  const wire: Wire = { bytes: 0, frameBytes: 0, framesFinished: 0 };
  const frames = new Set<string>();
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (/\/frames\/\d/.test(request.url)) frames.add(requestId);
  });
  cdp.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    if (frames.has(requestId)) wire.frameBytes += encodedDataLength;
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    wire.bytes += encodedDataLength;
    if (frames.has(requestId)) wire.framesFinished += 1;
  });
  await cdp.send('Network.enable');
  return wire;
}

export interface Throttled {
  readonly page: Page;
  readonly wire: Wire;
}

/** A page at the end of a line. */
export async function pageOn(context: BrowserContext, line: Line): Promise<Throttled> {
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  const cdp = await context.newCDPSession(page);
  const wire = await countOn(cdp);
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: line.latencyMs,
    downloadThroughput: line.bytesPerSecond,
    uploadThroughput: line.bytesPerSecond,
  });
  return { page, wire };
}

/** A browser that has never been here, a tablet's size; `account` signs it in by one request, which loads no page. */
export async function profile(
  browser: Browser,
  baseUrl: string,
  account?: { readonly email: string; readonly password: string },
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, locale: 'fr-FR', baseURL: baseUrl });
  if (account !== undefined) {
    const answer = await context.request.post('/api/auth/login', { data: account });
    if (!answer.ok()) throw new Error(`Signing in was answered with ${answer.status()}`);
  }
  return context;
}

/** Milliseconds from the navigation to a mark of our viewer. */
export async function untilMark(page: Page, mark: string): Promise<number> {
  const handle = await page.waitForFunction((name) => performance.getEntriesByName(`negatoscope:${name}`)[0]?.startTime, mark, {
    polling: 50,
  });
  return (await handle.jsonValue()) ?? Number.NaN;
}

/** Milliseconds from the navigation until a large canvas is not black any more: what can be told of a viewer that sets no marks. */
export async function untilImage(page: Page): Promise<number> {
  const handle = await page.waitForFunction(
    () => {
      for (const canvas of document.querySelectorAll('canvas')) {
        if (canvas.width < 100 || canvas.height < 100) continue;
        const copy = new OffscreenCanvas(64, 64);
        const context = copy.getContext('2d');
        context?.drawImage(canvas, 0, 0, 64, 64);
        const { data = [] } = context?.getImageData(0, 0, 64, 64) ?? {};
        let bright = 0;
        for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 0) > 20) bright += 1;
        if (bright > 80) return performance.now();
      }
      return undefined;
    },
    undefined,
    { polling: 50 },
  );
  return (await handle.jsonValue()) ?? Number.NaN;
}
