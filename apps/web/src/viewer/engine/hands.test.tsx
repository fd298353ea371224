import { fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { seriesOf } from '../testing/pane-fixture.ts';
import { Cine } from './cine.ts';
import { attachScrolling, type ScrollTarget } from './pointer-scroll.ts';

describe('playing', () => {
  function film({ count = 3, ready = () => true }: { count?: number; ready?: (index: number) => boolean } = {}) {
    const gone: number[] = [];
    let index = 0;
    let changes = 0;
    const cine = new Cine({
      count: () => count,
      index: () => index,
      isReady: ready,
      goTo: (next) => {
        index = next;
        gone.push(next);
      },
      onChange: () => (changes += 1),
    });
    return { cine, gone, changes: () => changes };
  }
  const timed = (cine: object) => seriesOf({ cine: cine as ReturnType<typeof seriesOf>['cine'] }); // What an object names of its time.
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('goes round at the rate that the object names, until it is stopped', () => {
    const { cine, gone, changes } = film();
    cine.start(timed({ framesPerSecond: 10, frameTimesMs: undefined }));
    cine.toggle();
    expect([cine.isPlaying, changes()]).toEqual([true, 1]);
    vi.advanceTimersByTime(399);
    expect(gone).toEqual([1, 2, 0]);
    cine.toggle();
    vi.advanceTimersByTime(5_000);
    expect([cine.isPlaying, gone.length]).toEqual([false, 3]);
  });

  test('gives each frame the time that is named for it, until a person sets a rate', () => {
    const { cine, gone } = film();
    cine.start(timed({ framesPerSecond: 10, frameTimesMs: [100, 500, 100] }));
    cine.toggle();
    vi.advanceTimersByTime(150);
    expect(gone).toEqual([1]);
    vi.advanceTimersByTime(400);
    expect(gone).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(gone).toEqual([1, 2]);
    cine.setFramesPerSecond(50);
    vi.advanceTimersByTime(130);
    expect(gone.length).toBeGreaterThan(3);
  });

  test('waits for a frame that is on its way', () => {
    let isHere = false;
    const { cine, gone } = film({ ready: (index) => index !== 1 || isHere });
    cine.start(timed({ framesPerSecond: 10 }));
    cine.toggle();
    vi.advanceTimersByTime(1_000);
    expect(gone).toEqual([]);
    isHere = true;
    vi.advanceTimersByTime(100);
    expect(gone).toEqual([1]);
  });

  test.each([
    [0.2, 1],
    [25.4, 25],
    [500, 60],
  ])('a rate of %d is %d', (asked, rate) => {
    const { cine } = film();
    cine.setFramesPerSecond(asked);
    expect(cine.framesPerSecond).toBe(rate);
  });

  test('without a rate of its own is at a usual one; one frame stays', () => {
    const { cine, gone } = film({ count: 1 });
    cine.start(timed({}));
    expect(cine.framesPerSecond).toBe(12);
    cine.toggle();
    vi.advanceTimersByTime(2_000);
    cine.stop();
    expect(gone).toEqual([]);
  });
});

describe('scrolling', () => {
  let stop: (() => void) | undefined;
  afterEach(() => {
    stop?.();
    document.body.replaceChildren();
  });

  function surface(fields: Partial<ScrollTarget> = {}) {
    const element = document.body.appendChild(document.createElement('div'));
    Object.defineProperty(element, 'clientHeight', { value: 600 });
    const done: (string | number)[] = [];
    stop = attachScrolling(element, {
      scrollBy: (delta) => done.push(delta),
      zoomBy: (factor) => done.push(factor > 1 ? 'in' : 'out'),
      frameCount: () => 100,
      toolOf: (button) => (button === 0 ? 'scroll' : 'zoom'),
      wheel: () => 'scroll',
      ...fields,
    });
    return { element, done };
  }
  /** jsdom knows no pointer events: a mouse event of that name with the number of the pointer is what is read of one. */
  const pointer = (type: string, target: Element, pointerId: number, init: MouseEventInit = {}): void => {
    const event = new MouseEvent(type, { bubbles: true, cancelable: true, ...init });
    fireEvent(target, Object.assign(event, { pointerId }));
  };
  const drag = (element: Element, path: readonly number[], button = 0, pointerId = 1): void => {
    pointer('pointerdown', element, pointerId, { button, clientY: path[0] ?? 0 });
    for (const clientY of path.slice(1)) pointer('pointermove', document.body, pointerId, { clientY });
  };

  test('a notch of the wheel is a frame, however far the mouse says it went', () => {
    const { element, done } = surface();
    for (const deltaY of [100, -240, 53]) fireEvent.wheel(element, { deltaY });
    fireEvent.wheel(element, { deltaY: 3, deltaMode: WheelEvent.DOM_DELTA_LINE });
    expect(done).toEqual([1, -1, 1, 1]);
  });

  test('small moves of a touchpad are collected', () => {
    const { element, done } = surface();
    for (let step = 0; step < 9; step += 1) fireEvent.wheel(element, { deltaY: 10 });
    fireEvent.wheel(element, { deltaY: -40 });
    expect(done).toEqual([1, 1, 1, -1]);
  });

  test('with Ctrl the wheel zooms, or scrolls where it zooms by itself', () => {
    const { element, done } = surface();
    fireEvent.wheel(element, { deltaY: -100, ctrlKey: true });
    fireEvent.wheel(element, { deltaY: 100, metaKey: true });
    expect(done).toEqual(['in', 'out']);
    stop?.();
    const zooming = surface({ wheel: () => 'zoom' });
    fireEvent.wheel(zooming.element, { deltaY: 100 });
    fireEvent.wheel(zooming.element, { deltaY: 100, ctrlKey: true });
    expect(zooming.done).toEqual(['out', 1]);
  });

  test('the wheel never scrolls the page, nor does its button or the right one do what browsers do', () => {
    const { element } = surface();
    expect(fireEvent.wheel(element, { deltaY: 100 })).toBe(false);
    expect(fireEvent.mouseDown(element, { button: 1 })).toBe(false);
    expect(fireEvent.contextMenu(element)).toBe(false);
  });

  test('dragging goes through the series, the whole of it in the height of the pane', () => {
    const { element, done } = surface();
    drag(element, [0, 5, 13, 12, 30]);
    expect(done.reduce<number>((sum, one) => sum + Number(one), 0)).toBe(5);
    pointer('pointerup', document.body, 1);
    pointer('pointermove', document.body, 1, { clientY: 400 });
    expect(done.reduce<number>((sum, one) => sum + Number(one), 0)).toBe(5);
  });

  test('of few frames is not too slow, of many not too quick', () => {
    const few = surface({ frameCount: () => 2 });
    drag(few.element, [0, 28]);
    expect(few.done).toEqual([2]);
    stop?.();
    const many = surface({ frameCount: () => 5_000 });
    drag(many.element, [0, 28], 0, 2);
    expect(many.done).toEqual([14]);
  });

  test('by another tool, or by two fingers, is none', () => {
    const { element, done } = surface();
    drag(element, [0, 100], 2);
    pointer('pointerup', document.body, 1);
    pointer('pointerdown', element, 2);
    drag(element, [0, 100], 0, 3);
    expect(done).toEqual([]);
  });

  test('keys go to the viewer and not to the library; nothing is heard once it is stopped', () => {
    const { element, done } = surface();
    const heard = vi.fn();
    element.addEventListener('keydown', heard);
    fireEvent.keyDown(element, { key: 'r' });
    expect(heard).not.toHaveBeenCalled();
    stop?.();
    fireEvent.keyDown(element, { key: 'r' });
    fireEvent.wheel(element, { deltaY: 100 });
    expect([heard.mock.calls.length, done]).toEqual([1, []]);
  });
});
