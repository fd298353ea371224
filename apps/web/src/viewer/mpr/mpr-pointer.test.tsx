import { screen, within } from '@testing-library/react';
import { beforeAll, describe, expect, test } from 'vitest';
import { holdPointers, pointer } from '../../test/pointer-fixture.ts';
import { axial } from '../testing/volume-fixture.ts';
import { openPlanes } from './mpr-fixture.tsx';

const marks = () => within(screen.getByTestId('mpr-marks-axial'));

beforeAll(holdPointers);

describe('by the pointer', () => {
  const traces = [{ view: 'coronal' as const, direction: [1, 0] as const }];
  const at = (clientX: number, clientY: number) => ({ clientX, clientY, pointerId: 1, button: 0 });

  test('handles of the crosshair tilt the others, on the plane that is active alone; a handle that is let go tilts no more', async () => {
    const { mpr } = await openPlanes(axial({ traces, point: [50, 50] }));
    const [handle] = marks().getAllByTestId('mpr-handle-axial');
    if (handle === undefined) throw new TypeError('No handle.');
    expect(screen.queryByTestId('mpr-handle-coronal')).toBeNull();
    expect(handle.textContent).toBe('Incliner les autres plans (Axial)');
    pointer('pointermove', handle, at(90, 50));
    pointer('pointerdown', handle, at(90, 50));
    pointer('pointermove', handle, at(50, 90));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      pointer(end, handle, at(50, 90));
      pointer('pointermove', handle, at(10, 50));
      pointer('pointerdown', handle, at(50, 90));
    }
    // Nor does the crosshair go where one has hold of them.
    expect(mpr.done).toEqual(['turn axial 90']);
  });

  test('a length is drawn from where it began to where it ends, in the patient', async () => {
    const { user, mpr } = await openPlanes(axial({}));
    await user.keyboard('l');
    const plane = screen.getByTestId('mpr-axial');
    pointer('pointerdown', plane, at(10, 10));
    pointer('pointermove', plane, at(40, 50));
    expect(marks().getByTestId('mpr-draft')).toBeTruthy();
    pointer('pointerup', plane, at(40, 50));
    expect(mpr.done).toContain('draw LENGTH [[10,10,0],[40,50,0]]');
    expect(marks().queryByTestId('mpr-draft')).toBeNull();
  });
});
