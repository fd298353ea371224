import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import { pointer } from '../../test/pointer-fixture.ts';
import { type Bar, PARTS, PartLegend, PeriodChart, Ranked } from './charts.tsx';
import { useSeconds } from './durations.ts';

const HOSTILE = '<img src=x onerror="alert(1)">\u202e';
const PART = PARTS.map((part, at) => ({ ...part, name: `Partie ${at + 1}` }));
const bar = (key: string, ...values: readonly number[]): Bar => ({ key, name: key, values, said: values.join(' et ') });
const chart = (bars: readonly Bar[], isStacked = true) => (
  <PeriodChart {...{ bars, isStacked }} parts={PART} label="Examens reçus" format={(value) => `${value} ex.`} />
);
const drawn = () => screen.getByRole('img', { name: 'Examens reçus' });
/** The drawn parts of a bar, by their height. */
const heights = (at: number): number[] =>
  [...(drawn().querySelectorAll(':scope > g')[at]?.querySelectorAll('g > rect:first-child') ?? [])].map((rect) =>
    Number(rect.getAttribute('height')),
  );

describe('bars by period', () => {
  test('say the latest one first; the slider below says any other in words, by keyboard and touch', async () => {
    await openPart(new FakeApi(), chart([bar('lundi', 1, 2), bar('mardi', 3, 4), bar('mercredi', 0, 0)]));
    const slider = screen.getByRole<HTMLInputElement>('slider', { name: 'Période montrée' });
    const said = () => [slider.value, slider.getAttribute('aria-valuetext')];
    expect(said()).toEqual(['2', fr('mercredi : 0 et 0')]);
    fireEvent.change(slider, { target: { value: '1' } });
    expect(said()).toEqual(['1', fr('mardi : 3 et 4')]);
    pointer('pointerdown', drawn().querySelectorAll(':scope > g')[0] ?? document.body);
    expect(said()).toEqual(['0', fr('lundi : 1 et 2')]);
  });

  test('are as high as their values: of parts upon one another, or of each from the bottom', async () => {
    const bars = [bar('a', 10, 30), bar('b', 5, 0)];
    const { again } = await openPart(new FakeApi(), chart(bars));
    expect([heights(0), heights(1)]).toEqual([[36, 108], [18]]);
    expect(screen.getByText('40 ex.')).toBeTruthy();
    again(chart(bars, false));
    expect([heights(0), heights(1)]).toEqual([[48, 144], [24]]);
    expect(screen.getByText('30 ex.')).toBeTruthy();
  });

  test('of nothing draw nothing, and no number that is none', async () => {
    const { again, container } = await openPart(new FakeApi(), chart([bar('a', 0, 0)]));
    expect(heights(0)).toEqual([]);
    // One alone is not chosen among.
    expect(screen.queryByRole('slider')).toBeNull();
    again(chart([]));
    expect(container.innerHTML).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('that become fewer show the last that is there', async () => {
    const { again } = await openPart(new FakeApi(), chart([bar('a', 1), bar('b', 2), bar('c', 3)]));
    again(chart([bar('a', 1), bar('b', 2)]));
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toBe(fr('b : 2'));
  });

  test('have names as text', async () => {
    await openPart(new FakeApi(), chart([bar(HOSTILE, 1), bar('b', 2)]));
    expect(drawn().querySelector('title')?.textContent).toBe(`${HOSTILE}\u00a0: 1`);
    expect(document.querySelector('img')).toBeNull();
  });

  test('are told apart without their colours: every part but the first and the last has a hatch of its own', async () => {
    const { container } = await openPart(new FakeApi(), <PartLegend parts={PART} />);
    const hatches = [...container.querySelectorAll('li')].map((line) =>
      line.querySelector('pattern')?.id.replace(/^.*(?=lines|dots)/, ''),
    );
    expect(hatches).toEqual([undefined, 'lines', 'dots', undefined]);
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(PART.map(({ name }) => name));
  });
});

describe('a ranked table', () => {
  test('says its numbers in words beside the bars, also where there is nothing; names are text', async () => {
    const rows = [
      { key: 'a', name: 'CT', value: 40 },
      { key: 'b', name: HOSTILE, value: 10 },
      { key: 'c', name: 'Autres', value: 0, isRest: true },
    ];
    const table = (of: typeof rows) => (
      <Ranked rows={of} format={(value) => `${value} %`} label="Par modalité" head={['Modalité', 'Part']} />
    );
    const { again } = await openPart(new FakeApi(), table(rows));
    const shown = within(screen.getByRole('table', { name: 'Par modalité' }));
    expect(shown.getAllByRole('rowheader').map(({ textContent }) => textContent)).toEqual(['CT', HOSTILE, 'Autres']);
    const said = () => shown.getAllByRole('cell').map(({ textContent }) => textContent);
    expect(said()).toEqual(['40 %', '10 %', '0 %']);
    again(table(rows.map((row) => ({ ...row, value: 0 }))));
    expect(said()).toEqual(['0 %', '0 %', '0 %']);
  });
});

function Durations({ of }: { readonly of: readonly (number | null)[] }) {
  const say = useSeconds();
  return <output>{of.map(say).join(' | ')}</output>;
}

test.each([
  ['fr', '– | 1 s | 47 h 59 min | 2 j | 2,5 j | 9,9 j | 12 j'],
  ['en', '– | 1 s | 47 h 59 min | 2 d | 2.5 d | 9.9 d | 12 d'],
] as const)('a delay is told by hours below two days, then by days (%s)', async (locale, text) => {
  const HOUR = 3_600;
  await openPart(new FakeApi(), <Durations of={[null, 0, 48 * HOUR - 60, 48 * HOUR, 60 * HOUR, 238 * HOUR, 290 * HOUR]} />, {
    locale,
  });
  expect(screen.getByRole('status').textContent?.replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(text);
});
