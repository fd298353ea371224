import { Annotation } from '@negatoscope/contract';
import { act, fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeApi, Refusal } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { idOf, make } from '../../test/sample.ts';
import { onStudyRung } from '../model/study-bell.ts';
import { STUDY } from '../testing/pane-fixture.ts';
import { LiveAnnotations } from './live.ts';

/** A line of events, as the server keeps it open. */
class Events {
  static readonly all: Events[] = [];
  readonly url: URL;
  isOpen = true;
  readonly #listeners = new Map<string, (event: { data: string }) => void>();

  constructor(address: string) {
    this.url = new URL(address, 'http://localhost');
    Events.all.push(this);
  }
  addEventListener(type: string, listener: (event: { data: string }) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.isOpen = false;
  }
  tell(type: string, data: unknown = {}): void {
    this.#listeners.get(type)?.({ data: JSON.stringify(data) });
  }
}
const open = (): Events[] => Events.all.filter(({ isOpen }) => isOpen);
const settle = (ms = 0): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
const drawn = (number: number) => make(Annotation, { id: idOf(number), kind: 'LENGTH' });

let isHidden = false;
let live: LiveAnnotations | undefined;
beforeEach(() => {
  Events.all.length = 0;
  isHidden = false;
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
});
afterEach(() => {
  live?.close();
  vi.useRealTimers();
});

async function listen(api: FakeApi) {
  await openPart(api, null);
  vi.stubGlobal('EventSource', Events);
  vi.useFakeTimers();
  const received: string[][] = [];
  live = new LiveAnnotations(STUDY, (items) => received.push(items.map(({ id }) => id)));
  await settle();
  return { received, live };
}
const list = (seq: number, ...numbers: number[]) => ({ items: numbers.map(drawn), seq });
const lineOf = (): Events => {
  const [first] = open();
  if (first === undefined) throw new TypeError('Nothing listens.');
  return first;
};

describe('what is drawn on a study, as it is drawn', () => {
  test('is listed first, then listened to from there', async () => {
    const { received } = await listen(new FakeApi().on('listAnnotations', () => list(7, 1)));
    expect(received).toEqual([[idOf(1)]]);
    const { url } = lineOf();
    expect([url.pathname, url.searchParams.get('after'), url.searchParams.get('groupId')]).toEqual([
      '/api/studies/1.2.3/annotations/events',
      '7',
      'none',
    ]);
    lineOf().tell('changed', list(8, 2));
    expect(received).toEqual([[idOf(1)], [idOf(2)]]);
  });

  test('is asked for again from the last that came, after a line that broke', async () => {
    const api = new FakeApi().on('listAnnotations', () => list(7));
    await listen(api);
    lineOf().tell('changed', list(9, 2));
    lineOf().tell('error');
    expect(open()).toEqual([]);
    await settle(2_000);
    expect(api.of('listAnnotations').map(({ query }) => query.after)).toEqual([0, 9]);
    expect(open()).toHaveLength(1);
  });

  test('of a line that says nothing for long is a line that is dead', async () => {
    const api = new FakeApi().on('listAnnotations', () => list(7));
    await listen(api);
    await settle(30_000);
    lineOf().tell('alive');
    await settle(30_000);
    expect(api.of('listAnnotations')).toHaveLength(1);
    await settle(8_000);
    expect(api.of('listAnnotations')).toHaveLength(2);
    expect(open()).toHaveLength(1);
  });

  test('is let go while nobody looks, since a browser has few lines, and asked for when somebody does', async () => {
    const api = new FakeApi().on('listAnnotations', () => list(7));
    await listen(api);
    isHidden = true;
    fireEvent(document, new Event('visibilitychange'));
    await settle(60_000);
    expect([open().length, api.of('listAnnotations').length]).toEqual([0, 1]);
    isHidden = false;
    fireEvent(document, new Event('visibilitychange'));
    await settle();
    expect([open().length, api.of('listAnnotations').length]).toEqual([1, 2]);
  });

  test('is tried again while the server is away', async () => {
    let isDown = true;
    const api = new FakeApi().on('listAnnotations', () => (isDown ? new Refusal('UNAVAILABLE') : list(1, 1)));
    const { received } = await listen(api);
    await settle(6_000);
    expect([open().length, api.of('listAnnotations').length]).toEqual([0, 4]);
    isDown = false;
    await settle(2_000);
    expect([open().length, received]).toEqual([1, [[idOf(1)]]]);
  });

  test('rings when who reads has changed', async () => {
    await listen(new FakeApi().on('listAnnotations', () => list(1)));
    const rung = vi.fn();
    const stop = onStudyRung(STUDY, rung);
    lineOf().tell('reading');
    stop();
    expect(rung).toHaveBeenCalledOnce();
  });

  test('is nobody’s any more once it is closed, even what was on its way', async () => {
    let answer: (list: unknown) => void = () => undefined;
    const api = new FakeApi().on('listAnnotations', () => new Promise((resolve) => (answer = resolve)));
    const { received, live: one } = await listen(api);
    one.close();
    answer(list(1, 1));
    await settle(60_000);
    expect([received, open().length, api.of('listAnnotations').length]).toEqual([[], 0, 1]);
  });
});
