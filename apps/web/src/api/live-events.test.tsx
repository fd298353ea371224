import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LiveEvents } from './live-events.ts';

/** A line that a test speaks on. */
class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  readonly url: string;
  isClosed = false;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.all.push(this);
  }
  close(): void {
    this.isClosed = true;
  }
  say(name: string, data = ''): void {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
}

let isHidden = false;
const see = (hidden: boolean): void => {
  isHidden = hidden;
  document.dispatchEvent(new Event('visibilitychange'));
};
const open = (): FakeSource[] => FakeSource.all.filter(({ isClosed }) => !isClosed);
const settled = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

let caughtUp = vi.fn(async () => undefined as unknown);
let lines: boolean[] = [];
let heard: string[] = [];
let events: LiveEvents | undefined;
const follow = (more: Partial<ConstructorParameters<typeof LiveEvents>[0]> = {}): LiveEvents => {
  events = new LiveEvents({
    ...{ address: () => `/events?after=${heard.length}`, catchUp: caughtUp, onLine: (isHeard) => lines.push(isHeard) },
    on: { changed: (data) => heard.push(data) },
    ...more,
  });
  return events;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
  [FakeSource.all, lines, heard, isHidden] = [[], [], [], false];
  caughtUp = vi.fn(async () => undefined as unknown);
});
afterEach(() => {
  events?.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('events of the server', () => {
  test('are followed once what was missed is here', async () => {
    follow();
    expect(open()).toEqual([]);
    await settled();
    expect(caughtUp).toHaveBeenCalledTimes(1);
    open()[0]?.say('changed', 'a');
    expect([heard, lines]).toEqual([['a'], [true]]);
  });

  test('are followed at once where somebody else has asked for what there is', async () => {
    follow({ isCaughtUp: true });
    await settled();
    expect(caughtUp).not.toHaveBeenCalled();
    expect(open()).toHaveLength(1);
  });

  test('that break off are taken up again from where they were, and the loss is told', async () => {
    follow();
    await settled();
    open()[0]?.say('changed', 'a');
    open()[0]?.say('error');
    expect(lines).toEqual([true, false]);
    expect(open()).toEqual([]);
    await settled(2000);
    expect(caughtUp).toHaveBeenCalledTimes(2);
    expect(open().map(({ url }) => url)).toEqual(['/events?after=1']);
  });

  test('of a line that says nothing for 35 seconds are a loss; a sign of life each ten seconds is none', async () => {
    follow();
    await settled();
    for (let times = 0; times < 6; times += 1) {
      open()[0]?.say('alive');
      await settled(10_000);
    }
    expect(lines.includes(false)).toBe(false);
    await settled(36_000);
    expect(lines.at(-1)).toBe(false);
  });

  test('cost no line while nobody looks at the page, and are caught up with when somebody does', async () => {
    follow();
    await settled();
    see(true);
    expect(open()).toEqual([]);
    await settled(60_000);
    expect([open(), lines.includes(false)]).toEqual([[], false]);
    see(false);
    await settled();
    expect(caughtUp).toHaveBeenCalledTimes(2);
    expect(open()).toHaveLength(1);
  });

  test('are asked for again where what was missed can’t be had yet', async () => {
    caughtUp.mockRejectedValueOnce(new Error('away'));
    follow();
    await settled();
    expect([open(), lines]).toEqual([[], [false]]);
    await settled(2000);
    expect(open()).toHaveLength(1);
  });

  test('end when they are closed, whatever comes after', async () => {
    const live = follow();
    await settled();
    const [line] = open();
    live.close();
    expect([live.isClosed, line?.isClosed]).toEqual([true, true]);
    see(false);
    window.dispatchEvent(new Event('online'));
    await settled(60_000);
    expect(open()).toEqual([]);
  });
});
