import { slidesOf } from '@negatoscope/dicom';
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import { holdPointers, pointer } from '../../test/pointer-fixture.ts';
import { bannerOf, seriesOf } from '../testing/pane-fixture.ts';
import { slideDatasets } from '../testing/slide-fixture.ts';
import { SlideView } from './slide-view.tsx';
import type { LoadTile } from './tile-store.ts';

const HOSTILE = '<img src=x onerror="alert(1)">';
const load: LoadTile = async () => ({ source: {} as CanvasImageSource, close: () => undefined });
/** Where the slide and its map lie, as the browser would say. */
const PLACE = { left: 0, top: 0, width: 1440, height: 900 } as DOMRect; // What is read of it.

beforeEach(() => {
  holdPointers();
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(PLACE);
});

async function open(slides = slidesOf(slideDatasets()), series = seriesOf({ description: 'Lame HE' })) {
  const part = await openPart(new FakeApi(), <SlideView {...{ series, slides, load }} />);
  return { ...part, slide: await screen.findByTestId('slide') };
}
/** The part of the slide that is seen, in its own pixels, as the map frames it. */
function seen(): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const frame = document.querySelector('svg[viewBox="0 0 1200 800"] rect');
  const of = (name: string): number => Math.round(Number(frame?.getAttribute(name)));
  return { x: of('x'), y: of('y'), width: of('width'), height: of('height') };
}
const at = (clientX: number, clientY: number, pointerId = 1) => ({ clientX, clientY, pointerId, buttons: 1 });

describe('a slide is looked at by hand', () => {
  test('it follows the pointer that holds it, and no other; once let go it stays', async () => {
    const { slide } = await open();
    fireEvent.doubleClick(slide);
    const before = seen();
    pointer('pointermove', slide, at(900, 500));
    expect(seen()).toEqual(before);
    pointer('pointerdown', slide, at(700, 400));
    pointer('pointermove', slide, at(800, 400));
    const moved = seen();
    expect([moved.x < before.x, moved.y, moved.width]).toEqual([true, before.y, before.width]);
    pointer('pointerup', slide, at(800, 400));
    pointer('pointermove', slide, at(200, 100));
    expect(seen()).toEqual(moved);
  });

  test('two fingers that part come nearer, and go back when they close', async () => {
    const { slide } = await open();
    const whole = seen();
    pointer('pointerdown', slide, at(700, 450, 1));
    pointer('pointerdown', slide, at(740, 450, 2));
    pointer('pointermove', slide, at(780, 450, 2));
    const near = seen();
    expect(near.width).toBeLessThan(whole.width);
    pointer('pointermove', slide, at(740, 450, 2));
    expect(seen().width).toBeGreaterThan(near.width);
  });

  test('the wheel comes nearer where the pointer is, by notches and by a touch pad alike, and does not scroll the page', async () => {
    const { slide } = await open();
    const wheel = (fields: WheelEventInit): boolean => {
      const event = new WheelEvent('wheel', { clientX: 1300, clientY: 450, bubbles: true, cancelable: true, ...fields });
      act(() => void slide.dispatchEvent(event));
      return event.defaultPrevented;
    };
    const whole = seen();
    expect(wheel({ deltaY: -300 })).toBe(true);
    const near = seen();
    expect(near.width).toBeLessThan(whole.width);
    // To the right of the middle.
    expect(near.x + near.width / 2).toBeGreaterThan(whole.x + whole.width / 2);
    wheel({ deltaY: 300 });
    wheel({ deltaY: -300 / 33, deltaMode: WheelEvent.DOM_DELTA_LINE });
    expect(seen().width).toBe(near.width);
  });

  test('a press on the map goes there; the pointer over it alone does not', async () => {
    await open();
    const map = screen.getByRole('img', { name: /^La lame entière/ });
    fireEvent.doubleClick(screen.getByTestId('slide'));
    fireEvent.doubleClick(screen.getByTestId('slide'));
    const before = seen();
    pointer('pointermove', map, { ...at(1000, 600), buttons: 0 });
    expect(seen()).toEqual(before);
    pointer('pointerdown', map, at(360, 225));
    const { x, y, width, height } = seen();
    expect([Math.round(x + width / 2), Math.round(y + height / 2)]).toEqual([300, 200]);
  });
});

describe('a slide by keyboard', () => {
  test('arrows go over it, plus and minus nearer and back; keys with Control are the browser’s', async () => {
    const { slide } = await open();
    const press = (key: string, more: object = {}) => {
      fireEvent.keyDown(slide, { key, ...more });
      return seen();
    };
    const whole = seen();
    expect(press('+', { ctrlKey: true })).toEqual(whole);
    const near = press('+');
    expect(near.width).toBeLessThan(whole.width);
    expect(press('=').width).toBeLessThan(near.width);
    expect(press('-')).toEqual(near);
    const right = press('ArrowRight');
    expect([right.x > near.x, right.y]).toEqual([true, near.y]);
    expect(press('ArrowLeft')).toEqual(near);
    expect(press('ArrowDown').y).toBeGreaterThan(near.y);
    expect(press('Home')).toEqual(whole);
  });
});

test('whose it is stands above it as text; several slides of a series are chosen among, each from its whole', async () => {
  const other = slideDatasets({ '0020000D': { vr: 'UI', Value: ['1'] } }).map((dataset, at) => ({
    ...dataset,
    '00080018': { vr: 'UI', Value: [`1.2.9.${at}`] },
  }));
  const slides = [...slidesOf(slideDatasets()), ...slidesOf(other)];
  const series = seriesOf({ description: HOSTILE, banner: bannerOf({ name: `${HOSTILE}^АННА` }) });
  const { user } = await open(slides, series);
  expect(screen.getByText(HOSTILE)).toBeTruthy();
  expect(screen.getByText(fr(`${HOSTILE.toUpperCase()} АННА · 03/02/1970 · 01/03/2026`))).toBeTruthy();
  expect(document.querySelector('img')).toBeNull();
  const whole = seen();
  fireEvent.doubleClick(screen.getByTestId('slide'));
  expect(seen().width).toBeLessThan(whole.width);
  await user.selectOptions(screen.getByRole('combobox', { name: 'Lame' }), 'Lame 2');
  expect(seen()).toEqual(whole);
});
