import type { Paper } from '@negatoscope/dicom';
import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import { CaliperReadout, Calipers, type Legs, useLegs } from './calipers.tsx';

const PAPER: Paper = { width: 260, height: 130, traces: [] };
const SCALE = { mmPerSecond: 25, mmPerMillivolt: 10 };

function Sheet({ isVoltage = true, onKey }: { readonly isVoltage?: boolean; readonly onKey?: (key: string) => void }) {
  const [legs, setLegs] = useLegs();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what the calipers let through.
    <div onKeyDown={({ key }) => onKey?.(key)}>
      <svg aria-hidden>
        <Calipers paper={PAPER} legs={legs} onLegs={setLegs} />
      </svg>
      <output data-testid="legs">{JSON.stringify(legs)}</output>
      <CaliperReadout legs={legs} scale={SCALE} isVoltage={isVoltage} />
    </div>
  );
}
const legs = (): Legs | undefined => {
  const text = screen.getByTestId('legs').textContent;
  return text === null || text === '' ? undefined : JSON.parse(text);
};
const readout = (): string | null => screen.getByTestId('caliper-readout').textContent;

/** Two CSS px a millimetre, from 10, 20 of the window. */
function area(): (type: string, clientX: number, clientY: number) => void {
  const rect = screen.getByTestId('calipers');
  vi.spyOn(rect, 'getBoundingClientRect').mockReturnValue({ left: 10, top: 20, width: 520, height: 260 } as DOMRect);
  return (type, clientX, clientY) => void fireEvent(rect, new MouseEvent(type, { clientX, clientY, bubbles: true }));
}
const open = (props: Parameters<typeof Sheet>[0] = {}, locale: 'fr' | 'en' = 'en') =>
  openPart(new FakeApi(), <Sheet {...props} />, { locale });

test('says what to do until something is measured', async () => {
  await open();
  expect(screen.getByText('Drag over the waveform to measure.')).toBeTruthy();
  expect(screen.queryByTestId('caliper-readout')).toBeNull();
});

test('are drawn from where the pointer went down to where it is, in millimetres of the paper, and stay when it is up', async () => {
  await open();
  const point = area();
  point('pointerdown', 110, 120);
  expect(legs()).toEqual([
    [50, 50],
    [50, 50],
  ]);
  point('pointermove', 160, 80);
  point('pointerup', 160, 80);
  point('pointermove', 400, 200);
  expect(legs()).toEqual([
    [50, 50],
    [75, 30],
  ]);
  // 25 mm at 25 mm/s; 20 mm up at 10 mm/mV.
  expect(readout()).toBe('1000 ms · 60/min · 2 mV');
});

test('end at the edge of the paper, wherever the pointer goes', async () => {
  await open();
  const point = area();
  point('pointerdown', -500, -500);
  point('pointermove', 9_000, 9_000);
  expect(legs()).toEqual([
    [0, 0],
    [260, 130],
  ]);
});

test('begin in the middle by keys: the second leg moves, with Shift the first, by half a millimetre', async () => {
  const { user } = await open();
  screen.getByRole('application', { hidden: true }).focus();
  await user.keyboard('{ArrowRight}{ArrowRight}{ArrowUp}');
  expect(legs()).toEqual([
    [130, 65],
    [131, 64.5],
  ]);
  await user.keyboard('{Shift>}{ArrowLeft}{ArrowDown}{/Shift}');
  expect(legs()).toEqual([
    [129.5, 65.5],
    [131, 64.5],
  ]);
  expect(readout()).toBe('60 ms · 0.1 mV');
});

test('keep the arrow keys for themselves, and no other key', async () => {
  const heard: string[] = [];
  const { user } = await open({ onKey: (key) => heard.push(key) });
  screen.getByRole('application', { hidden: true }).focus();
  await user.keyboard('{ArrowRight}g{Escape}');
  expect(heard).toEqual(['g', 'Escape']);
});

test('that are one upon the other are no rate, and no voltage where there is none', async () => {
  const { user } = await open({ isVoltage: false }, 'fr');
  screen.getByRole('application', { hidden: true }).focus();
  await user.keyboard('{ArrowUp}');
  expect(readout()).toBe(fr('0 ms'));
});

test('write a voltage below the first leg with its sign', async () => {
  await open({}, 'fr');
  const point = area();
  point('pointerdown', 110, 120);
  point('pointermove', 160, 145);
  expect(readout()?.replaceAll(/\s/g, ' ')).toMatch(/^1000 ms · 60\/min · [-−]1,25 mV$/);
});

test('are two lines over the whole height and one across at each leg', async () => {
  const { container } = await open();
  const point = area();
  point('pointerdown', 160, 80);
  point('pointermove', 110, 120);
  const paths = [...container.querySelectorAll('path')].map((path) => path.getAttribute('d'));
  expect(paths).toEqual(['M75 0V130M50 0V130', 'M50 30H75M50 50H75']);
});
