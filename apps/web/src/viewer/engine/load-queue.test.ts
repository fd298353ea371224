import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Lane, LoadQueue } from './load-queue.ts';

/** A pane of `count` frames that are asked for from the first on; what is started is noted. */
function makeLane(name: string, count: number, log: string[]) {
  const active = new Set<number>();
  const loaded = new Set<number>();
  const lane: Lane & { asked: number; finish(index: number): void } = {
    asked: 0,
    finish: (index: number) => {
      active.delete(index);
      loaded.add(index);
    },
    isWaiting: () => !loaded.has(lane.asked),
    loadAsked: () => {
      if (active.has(lane.asked)) return;
      active.add(lane.asked);
      log.push(`${name}${lane.asked}`);
    },
    loadAhead: () => {
      const next = Array.from({ length: count }, (_, index) => index).find((index) => !active.has(index) && !loaded.has(index));
      if (next === undefined) return false;
      active.add(next);
      log.push(`${name}${next}`);
      return true;
    },
    abortAhead: () => {
      for (const index of active) {
        if (index === lane.asked) continue;
        active.delete(index);
        log.push(`-${name}${index}`);
      }
    },
    activeCount: () => active.size,
  };
  return lane;
}

describe('the queue of frames', () => {
  let log: string[];
  let queue: LoadQueue;
  beforeEach(() => {
    vi.useFakeTimers();
    log = [];
    queue = new LoadQueue();
  });
  afterEach(() => vi.useRealTimers());

  it('loads the first image alone, then ten at once', () => {
    const lane = makeLane('a', 30, log);
    queue.add(lane);
    expect(log).toEqual(['a0']);
    lane.finish(0);
    queue.update();
    expect(lane.activeCount()).toBe(10);
  });

  it('is done when there are panes, and all of theirs is here', () => {
    expect(queue.isDone).toBe(false);
    const lane = makeLane('a', 2, log);
    queue.add(lane);
    expect(queue.isDone).toBe(false);
    for (const index of [0, 1]) {
      expect(queue.isDone).toBe(false);
      lane.finish(index);
      queue.update();
    }
    expect(queue.isDone).toBe(true);
  });

  it('has five at once on a slow line, so that one connection of the browser is free for what is asked for', () => {
    const slow = new LoadQueue(() => true);
    const lane = makeLane('a', 30, log);
    slow.add(lane);
    lane.finish(0);
    slow.update();
    expect(lane.activeCount()).toBe(5);
  });

  it('starts what is asked for at once, beyond the limit, and aborts what was fetched ahead unless it is here quickly', () => {
    const lane = makeLane('a', 30, log);
    queue.add(lane);
    lane.finish(0);
    queue.update();
    log.length = 0;
    lane.asked = 29;
    queue.update();
    expect(log).toEqual(['a29']);
    vi.advanceTimersByTime(1000);
    expect(lane.activeCount()).toBe(1);
    expect(log.filter((line) => line.startsWith('-'))).toHaveLength(10);
  });

  it('aborts nothing when the frame comes quickly', () => {
    const lane = makeLane('a', 30, log);
    queue.add(lane);
    lane.finish(0);
    queue.update();
    lane.asked = 29;
    queue.update();
    lane.finish(29);
    queue.update();
    vi.advanceTimersByTime(1000);
    expect(log.filter((line) => line.startsWith('-'))).toEqual([]);
  });

  it('stops the frames ahead of every pane while one waits, and goes on with all in turn', () => {
    const [one, two] = [makeLane('a', 30, log), makeLane('b', 30, log)];
    queue.add(one);
    one.finish(0);
    queue.update();
    queue.add(two);
    vi.advanceTimersByTime(1000);
    expect([one.activeCount(), two.activeCount()]).toEqual([0, 1]);
    two.finish(0);
    queue.update();
    expect([one.activeCount(), two.activeCount()]).toEqual([5, 5]);
  });
});
