import { ConsultationLine } from '@negatoscope/contract';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { make } from '../../test/sample.ts';
import { Trends } from './trend.tsx';

const NO_SIGNS = make(ConsultationLine, {}).vitalSigns;
const line = (date: string, signs: Partial<typeof NO_SIGNS>, fields: Partial<ConsultationLine> = {}): ConsultationLine =>
  make(ConsultationLine, { date, arrivedAt: `${date}T08:00:00.000Z`, vitalSigns: { ...NO_SIGNS, ...signs }, ...fields });
const open = (lines: readonly ConsultationLine[], locale: 'fr' | 'en' = 'fr') =>
  openPart(new FakeApi(), <Trends lines={lines} />, { locale });
const points = () => [...document.querySelectorAll('circle')].map((one) => [one.getAttribute('cx'), one.getAttribute('fill')]);

test('fever and weight are lines over days, in words for who does not see them; fever is marked', async () => {
  await open([line('2026-03-03', { temperatureC: 39.2, weightKg: 54 }), line('2026-03-01', { temperatureC: 37, weightKg: 60 })]);
  expect(screen.getByRole('img', { name: /37 °C, 03\/03\/2026 39,2 °C$/ })).toBeTruthy();
  expect(screen.getByText(/^Température\s: 39,2\s°C$/)).toBeTruthy();
  expect(screen.getByText(/^−10\s% depuis le 01\/03\/2026$/)).toBeTruthy();
  expect(points().map(([, fill]) => fill)).toEqual([
    ...['var(--ng-accent)', 'var(--ng-amber)', 'var(--ng-accent)', 'var(--ng-accent)'],
  ]);
});

test('days are as far apart as they are, and a weight that stays is a flat line', async () => {
  await open(
    [line('2026-03-01', { weightKg: 60 }), line('2026-03-02', { weightKg: 60 }), line('2026-03-05', { weightKg: 60 })],
    'en',
  );
  expect(points().map(([x]) => Number(x))).toEqual([12, 81, 288]);
  expect(screen.getByText(/^0% since 1 Mar 2026$/)).toBeTruthy();
  expect(document.body.innerHTML).not.toMatch(/NaN|Infinity/);
});

test('one day is no line, nor is what was cancelled or not measured', async () => {
  const { container } = await open([
    ...[line('2026-03-01', { weightKg: 60 }), line('2026-03-01', { weightKg: 61 }), line('2026-03-02', {})],
    line('2026-03-03', { weightKg: 50 }, { status: 'CANCELLED' }),
  ]);
  expect(container.textContent).toBe('');
});
