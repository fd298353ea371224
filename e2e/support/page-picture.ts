import { goInside, type Tab } from './browser.ts';

/** How far the page's picture of one frame is from the server's, in grey levels of 255; a size that differs is `undefined`. */
export interface Difference {
  readonly frame: number;
  /** The bytes that the page hands to its library, every pixel. */
  readonly handed: number | undefined;
  /** What stands on the screen at 1:1, as far as it fits. */
  readonly painted: number | undefined;
  /** Why there is nothing to compare: the tile of the page, or the status of the server. */
  readonly without?: string;
  /** Neither the page nor the server makes a picture. */
  readonly isRefused?: boolean;
}

interface PageProbe {
  currentIndex: number;
  renderedIndex: number;
  isWhole: boolean;
  frameCount: number;
  picture: { pixels: Uint8Array; rows: number; columns: number; channels: 1 | 3 } | undefined;
  imageIds: readonly string[];
  goTo(index: number): void;
}

/** Everything happens in the page, since pictures are large; `index` from 0. One function, because it is sent there. */
async function compareInPage(index: number): Promise<Difference> {
  const probe = (window as unknown as { __negatoscopeViewer: PageProbe }).__negatoscopeViewer;
  const frame = index + 1;
  const nextPaint = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  const until = async (isSo: () => boolean): Promise<void> => {
    for (const end = performance.now() + 60_000; !isSo() && performance.now() < end; ) await nextPaint();
  };
  const tile = (): string | undefined => document.querySelector('.ng-viewer-pane [role=alert]')?.textContent ?? undefined;
  probe.goTo(index);
  await until(() => tile() !== undefined || (probe.currentIndex === index && probe.renderedIndex === index && probe.isWhole));
  window.dispatchEvent(new KeyboardEvent('keydown', { key: '*' }));
  for (let wait = 0; wait < 4; wait += 1) await nextPaint();
  const alert = tile();
  const isDrawn = probe.currentIndex === index && probe.renderedIndex === index && probe.isWhole;
  const url = probe.imageIds[index]?.replace(/^wadors:/, '') ?? '';
  const answer = await fetch(`${url}/rendered`, { headers: { accept: 'image/png' } });
  const nothing = { frame, handed: undefined, painted: undefined, isRefused: alert !== undefined && !answer.ok };
  if (alert !== undefined) return { ...nothing, without: `${alert} (rendered ${answer.status})` };
  if (!answer.ok) return { ...nothing, without: `rendered ${answer.status}` };
  if (!isDrawn) return { ...nothing, without: 'not drawn in a minute' };
  const bitmap = await createImageBitmap(await answer.blob(), { colorSpaceConversion: 'none' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0);
  const theirs = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray();
  const ours = probe.picture;
  if (ours === undefined || ours.rows !== bitmap.height || ours.columns !== bitmap.width) {
    return {
      frame,
      handed: undefined,
      painted: undefined,
      without: `size ${ours?.columns}x${ours?.rows}, ${bitmap.width}x${bitmap.height}`,
    };
  }
  let handed = 0;
  for (let pixel = 0; pixel < ours.rows * ours.columns; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const own = ours.pixels[ours.channels === 1 ? pixel : pixel * 3 + channel] ?? 0;
      handed = Math.max(handed, Math.abs(own - (theirs[pixel * 4 + channel] ?? 0)));
    }
  }
  const screen = document.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
  const shown = screen?.getContext('2d', { willReadFrequently: true });
  if (screen === null || shown === null || shown === undefined) return { frame, handed, painted: undefined };
  const paintedAt = (pixels: Uint8ClampedArray, left: number, top: number): number => {
    let worst = 0;
    // The library leaves out half a pixel at the border of an image.
    for (let y = Math.max(0, top + 1); y < Math.min(screen.height, top + ours.rows - 1); y += 1) {
      for (let x = Math.max(0, left + 1); x < Math.min(screen.width, left + ours.columns - 1); x += 1) {
        for (let channel = 0; channel < 3; channel += 1) {
          const own = pixels[(y * screen.width + x) * 4 + channel] ?? 0;
          worst = Math.max(worst, Math.abs(own - (theirs[((y - top) * ours.columns + (x - left)) * 4 + channel] ?? 0)));
        }
      }
    }
    return worst;
  };
  // An image that differs from the pane by an odd number of pixels lies half a pixel to either side of the middle.
  const worstNow = (): number => {
    const [x, y] = [(screen.width - ours.columns) / 2, (screen.height - ours.rows) / 2];
    const places = [Math.floor(x), Math.ceil(x)].flatMap((left) =>
      [Math.floor(y), Math.ceil(y)].map((top) => [left, top] as const),
    );
    const pixels = shown.getImageData(0, 0, screen.width, screen.height).data;
    return Math.min(...places.map(([left, top]) => paintedAt(pixels, left, top)));
  };
  // What is drawn by software may stand there some paints later; a difference that stays is one.
  let painted = worstNow();
  for (let wait = 0; wait < 60 && painted > 1; wait += 1) {
    await nextPaint();
    painted = worstNow();
  }
  return { frame, handed, painted };
}

export interface Shown {
  readonly study: string;
  readonly series?: string;
}

/** Shows a study without loading the page anew, and waits until its frames are known. */
async function show({ page }: Tab, { study, series }: Shown): Promise<void> {
  // Alone: a prior that comes beside it in the middle of a comparison would take half of its pane.
  const address = `/app/studies/${study}?alone=true${series === undefined ? '' : `&series=${series}`}`;
  const isThere = new URL(page.url()).pathname.startsWith('/app/studies/') && !page.url().includes(study);
  if (isThere) await goInside(page, address);
  else await page.goto(address);
  const path = `/${study}/series/${series ?? ''}`;
  const isKnown = (part: string) => window.__negatoscopeViewer?.imageIds[0]?.includes(part) === true;
  await page.waitForFunction(isKnown, path, { timeout: 90_000 });
}

/** Compares a series with `/rendered`, at 1:1, frame by frame; at most `limit` frames, spread over the series. */
export async function compareSeries(tab: Tab, shown: Shown, limit = Number.POSITIVE_INFINITY): Promise<Difference[]> {
  await show(tab, shown);
  const { page } = tab;
  const count = await page.evaluate(() => window.__negatoscopeViewer?.frameCount ?? 0);
  const step = Math.max(1, Math.ceil(count / limit));
  const differences: Difference[] = [];
  for (let index = 0; index < count; index += step) differences.push(await page.evaluate(compareInPage, index));
  return differences;
}
