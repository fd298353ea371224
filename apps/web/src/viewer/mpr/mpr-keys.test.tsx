import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Layer } from '../overlaid/layer.ts';
import { STUDY } from '../testing/pane-fixture.ts';
import { type MprSession, planeOf, ready } from '../testing/volume-fixture.ts';
import { openPlanes } from './mpr-fixture.tsx';

/** What the planes are asked for by a key that is pressed where the keyboard is. */
function pressed(
  mpr: MprSession,
  key: string,
  more: object = {},
  at: Element = document.activeElement ?? document.body,
): string[] {
  mpr.done.length = 0;
  fireEvent.keyDown(at, { key, ...more });
  return [...mpr.done];
}
const plane = (name: 'axial' | 'coronal' | 'sagittal') => screen.getByTestId(`mpr-${name}`);

describe('planes by keyboard alone', () => {
  test('each key does what it says, on the plane that was chosen last', async () => {
    const { mpr } = await openPlanes(ready());
    expect(document.activeElement).toBe(plane('axial'));
    fireEvent.focus(plane('coronal'));
    const asked = (keys: readonly string[], more: object = {}) => keys.flatMap((key) => pressed(mpr, key, more));
    expect(asked(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'])).toEqual([
      ...['moveBy coronal -1 0', 'moveBy coronal 1 0', 'moveBy coronal 0 -1', 'moveBy coronal 0 1'],
    ]);
    expect(asked(['PageUp', 'PageDown', 'Home', 'End'])).toEqual([
      ...['scrollBy coronal -1', 'scrollBy coronal 1', 'scrollBy coronal -10', 'scrollBy coronal 10'],
    ]);
    expect(asked([',', '.', ';'])).toEqual(['turn coronal -5', 'turn coronal 5', 'turn coronal 5']);
    expect(asked(['+', '=', '-'])).toEqual(['zoomBy coronal 1.25', 'zoomBy coronal 1.25', 'zoomBy coronal 0.8']);
    expect(asked(['i', 'I', 'r', 'Delete', 'Backspace'])).toEqual(['invert', 'invert', 'reset', 'remove', 'remove']);
    expect([...asked(['z'], { ctrlKey: true }), ...asked(['Z'], { metaKey: true, shiftKey: true })]).toEqual(['undo', 'redo']);
    // The browser's own.
    expect(asked(['r', 'c', '+'], { ctrlKey: true })).toEqual([]);
  });

  test('letters choose the tool, and the button of it is pressed', async () => {
    const { mpr } = await openPlanes(ready(), { locale: 'en' });
    const isPressed = (name: string) => screen.getByRole('button', { name }).getAttribute('aria-pressed');
    expect([isPressed('Crosshair'), isPressed('Length')]).toEqual(['true', 'false']);
    pressed(mpr, 'l');
    expect([isPressed('Crosshair'), isPressed('Length')]).toEqual(['false', 'true']);
  });

  test('E and Shift E change the thickness by a millimetre, from none to what the slider goes to', async () => {
    const { mpr, show } = await openPlanes(ready());
    expect([...pressed(mpr, 'e'), ...pressed(mpr, 'e'), ...pressed(mpr, 'E', { shiftKey: true })]).toEqual([
      ...['slab 1 max', 'slab 2 max', 'slab 1 max'],
    ]);
    show(ready());
    expect(pressed(mpr, 'E', { shiftKey: true })).toEqual(['slab 0 max']);
    show(ready({ slab: { thicknessMm: 60, projection: 'mean' } }));
    expect(pressed(mpr, 'e')).toEqual(['slab 60 mean']);
    expect(screen.getByRole<HTMLInputElement>('slider').value).toBe('60');
  });

  test('keys mean something else in a list, on a button, and among choices', async () => {
    const phases = [{ marks: [{ key: 'echo' as const, value: '1' }], frames: [] }];
    const { mpr } = await openPlanes(ready({ phases, phase: phases[0] }));
    expect(pressed(mpr, 'i', {}, screen.getByRole('combobox'))).toEqual([]);
    expect(pressed(mpr, 'ArrowDown', {}, screen.getByRole('slider'))).toEqual([]);
    expect(pressed(mpr, 'ArrowLeft', {}, screen.getByRole('radio', { name: 'Axial' }))).toEqual([]);
    expect(pressed(mpr, 'Enter', {}, screen.getByRole('button', { name: 'Croix' }))).toEqual([]);
    expect(pressed(mpr, 'i', {}, screen.getByRole('button', { name: 'Croix' }))).toEqual(['invert']);
  });

  test('letters still work when a layer has just been ticked', async () => {
    const layer = { study: STUDY, kind: 'structures', title: 'RT', sopInstanceUid: '1', structures: { rois: [] } };
    const items = [{ id: 'a', number: 1, name: 'PTV', color: [1, 2, 3] }];
    const layers = [{ ...layer, items } as unknown as Layer]; // Its name alone is looked at.
    const { mpr } = await openPlanes(ready(), { layers: { layers } });
    const box = screen.getByRole('checkbox', { name: 'PTV' });
    expect(pressed(mpr, 'i', {}, box)).toEqual(['invert']);
    expect(pressed(mpr, ' ', {}, box)).toEqual([]);
  });
});

describe('drawing by keyboard', () => {
  let planes: Awaited<ReturnType<typeof openPlanes>>;
  beforeEach(async () => {
    planes = await openPlanes(ready());
  });
  const draft = () => screen.queryAllByTestId('mpr-draft').length;

  test('Enter begins a length at the crosshair and ends it there once that has moved', () => {
    const { mpr, show } = planes;
    pressed(mpr, 'l');
    expect(pressed(mpr, 'Enter')).toEqual([]);
    show({ ...mpr.getSnapshot(), views: { ...mpr.getSnapshot().views, axial: planeOf({ point: [80, 50] }) } });
    expect(draft()).toBe(1);
    mpr.crosshair = [9, 2, 3];
    expect(pressed(mpr, 'Enter')).toEqual(['draw LENGTH [[1,2,3],[9,2,3]]']);
    expect(draft()).toBe(0);
  });

  test('Escape gives up what was begun, and closes the planes when nothing was', () => {
    const { mpr } = planes;
    pressed(mpr, 'l');
    pressed(mpr, 'Enter');
    expect(draft()).toBe(1);
    expect(pressed(mpr, 'Escape')).toEqual([]);
    expect([draft(), screen.queryByRole('dialog')]).toEqual([0, planes.dialog]);
    expect(pressed(mpr, 'Escape')).toEqual(['close']);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('what was begun on one plane is not ended on another', () => {
    const { mpr } = planes;
    pressed(mpr, 'l');
    pressed(mpr, 'Enter');
    fireEvent.focus(plane('sagittal'));
    expect(draft()).toBe(0);
    expect(pressed(mpr, 'Enter')).toEqual([]);
    expect(draft()).toBe(1);
  });

  test('an end under the crosshair is taken hold of, and set where the crosshair is then', () => {
    const { mpr } = planes;
    mpr.endUnder = { other: [5, 5, 5], otherAt: [10, 10] };
    pressed(mpr, 'l');
    pressed(mpr, 'Enter');
    mpr.crosshair = [6, 6, 6];
    expect(pressed(mpr, 'Enter')).toEqual([`setEnd ${JSON.stringify(mpr.endUnder)} [6,6,6]`]);
  });

  test('a value is asked for at once; tools that set no point leave Enter alone', () => {
    const { mpr } = planes;
    expect(pressed(mpr, 'Enter')).toEqual([]);
    pressed(mpr, 'd');
    expect(pressed(mpr, 'Enter')).toEqual(['draw PROBE [[1,2,3]]']);
  });
});
