import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pictures } from './pictures.ts';

interface Question {
  readonly address: string;
  readonly signal: AbortSignal;
  readonly answer: (status?: number) => void;
}
let asked: Question[];

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', (address: string, { signal }: { signal: AbortSignal }) => {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      asked.push({ address, signal, answer: (status = 200) => resolve(new Response(new Blob([address]), { status })) });
    });
  });
});
afterEach(() => vi.unstubAllGlobals());

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
const waiting = () => asked.filter(({ signal }) => !signal.aborted).map(({ address }) => address);
const answer = async (address: string, status?: number) => {
  asked.find((one) => one.address === address && !one.signal.aborted)?.answer(status);
  await soon();
};

it('gives up what is overtaken, and gives the newest alone', async () => {
  const pictures = new Pictures();
  const [first, second] = [pictures.want('/1', ['/2']), pictures.want('/5', ['/6'])];
  expect(waiting()).toEqual(['/5']);
  await answer('/5');
  expect([await first, await (await second)?.text()]).toEqual([undefined, '/5']);
});

it('fetches what comes next once the newest is here, two at a time, the nearest first', async () => {
  const pictures = new Pictures();
  void pictures.want('/1', ['/2', '/3', '/4']);
  expect(waiting()).toEqual(['/1']);
  await answer('/1');
  expect(waiting()).toEqual(['/1', '/2', '/3']);
  await answer('/2');
  expect(asked.map(({ address }) => address)).toEqual(['/1', '/2', '/3', '/4']);
});

it('asks once for what is on its way or was here', async () => {
  const pictures = new Pictures();
  void pictures.want('/1', ['/2']);
  await answer('/1');
  const second = pictures.want('/2', ['/1']);
  await answer('/2');
  expect(await (await second)?.text()).toBe('/2');
  expect(await (await pictures.want('/1', []))?.text()).toBe('/1');
  expect(asked).toHaveLength(2);
});

it('says what fails of the newest, and nothing of what was to come', async () => {
  const pictures = new Pictures();
  const first = pictures.want('/1', ['/2']);
  await answer('/1');
  await first;
  await answer('/2', 500);
  const failed = expect(pictures.want('/3', [])).rejects.toMatchObject({ kind: 'OVER' });
  await answer('/3', 401);
  await failed;
});

it('keeps nothing of a visit that ends', async () => {
  const pictures = new Pictures();
  const first = pictures.want('/1', []);
  await answer('/1');
  await first;
  pictures.forget();
  void pictures.want('/1', []);
  expect(asked).toHaveLength(2);
});
