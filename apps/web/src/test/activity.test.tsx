import {
  AgreementStatistics,
  ArrivalStatistics,
  ArrivedRow,
  DelayRow,
  DelayStatistics,
  PeopleStatistics,
  StorageStatistics,
} from '@negatoscope/contract';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf } from './fake-api.ts';

import { fr, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const row = (key: string, studies: number, name: string | null = null) =>
  make(ArrivedRow, { key, name, studies, instances: studies * 2, bytes: studies * 1_000 });
const received = make(ArrivalStatistics, {
  ...{ from: '2026-03-01', to: '2026-03-02', step: 'DAY', total: { studies: 5, instances: 10, bytes: 5_000 } },
  periods: [
    { ...row('2026-03-01', 3), modalities: { CT: 2, MR: 1 } },
    { ...row('2026-03-02', 2), modalities: { CT: 2, SR: 2 } },
  ],
  modalities: [row('CT', 4), row('SR', 2), row('MR', 1)],
  groups: [row(idOf(700), 4, 'Kayes'), row('none', 1)],
  referrers: { top: [row('Traoré Ali', 3)], others: 4, othersStudies: 1, nobody: 1 },
});
const delayRow = (delay: DelayRow['delay'], by: DelayRow['by'], key: string, median: number, name: string | null = null) =>
  make(DelayRow, { delay, by, key, name, n: 7, medianSeconds: median, p90Seconds: median * 2 });
const delays = make(DelayStatistics, {
  ...{ from: '2026-03-01', to: '2026-03-02', step: 'DAY', starts: ['2026-03-01', '2026-03-02'], impossible: 2 },
  rows: [
    delayRow('ARRIVED_TO_REPORTED', 'TOTAL', '', 7_200),
    delayRow('ARRIVED_TO_REPORTED', 'PERIOD', '2026-03-01', 7_200),
    delayRow('ARRIVED_TO_REPORTED', 'MODALITY', 'CT', 3_600),
    delayRow('ARRIVED_TO_REPORTED', 'READER', idOf(1), 259_200, 'Awa Diop'),
  ],
  open: [
    { urgency: 'ROUTINE', all: 3, older: [24, 72, 168, 720].map((hours) => ({ hours, studies: 1 })) },
    { urgency: 'URGENT', all: 0, older: [24, 72, 168, 720].map((hours) => ({ hours, studies: 0 })) },
    { urgency: 'STAT', all: 0, older: [24, 72, 168, 720].map((hours) => ({ hours, studies: 0 })) },
  ],
});
const storage = make(StorageStatistics, {
  ...{ from: '2026-03-01', to: '2026-03-01', step: 'DAY', keptBytes: 9_000 },
  periods: [{ key: '2026-03-01', bytes: 1_000, studies: 1, keptBytes: 9_000 }],
  disk: {
    ...{ totalBytes: 1_000_000, freeBytes: 400_000 },
    forecasts: [
      { days: 30, observedDays: 30, verdict: 'FULL', dailyBytes: 10_000, daysLeft: 40, fullOn: '2026-04-10' },
      { days: 90, observedDays: 41, verdict: 'TOO_FEW_DAYS', dailyBytes: null, daysLeft: null, fullOn: null },
    ],
  },
});
const api = (): FakeApi =>
  new FakeApi()
    .on('arrivalStatistics', () => received)
    .on('delayStatistics', () => delays)
    .on('storageStatistics', () => storage)
    .on('peopleStatistics', () =>
      make(PeopleStatistics, {
        people: [
          {
            ...{ id: idOf(1), name: 'Awa Diop', role: 'RADIOLOGIST', opened: 9, read: 8 },
            reported: 7,
            amended: 1,
            imported: 0,
            exported: 2,
          },
        ],
      }),
    )
    .on('agreementStatistics', () => make(AgreementStatistics, { rows: [] }))
    .on('listGroups', () => listOf([]));

describe('figures of what is done', () => {
  test('tell what was received as bars, by a slider in words, and in tables', async () => {
    await openPage(api(), '/app/statistics', { role: 'ADMIN' });
    expect(
      await screen.findByRole('img', { name: fr('Du 01/03/2026 au 02/03/2026 : 5 en tout, au plus 3 à la fois.') }),
    ).toBeTruthy();
    const slider = screen.getByRole('slider', { name: 'Période montrée' });
    expect(slider.getAttribute('aria-valuetext')).toBe(fr('02/03/2026 : 2 examens · CT 2'));
    fireEvent.change(slider, { target: { value: '0' } });
    expect(slider.getAttribute('aria-valuetext')).toBe(fr('01/03/2026 : 3 examens · CT 2 · MR 1'));
    const referrers = within(screen.getByRole('table', { name: 'Par médecin demandeur' }));
    expect(referrers.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual([
      'Traoré Ali',
      '4 autres demandeurs',
      'Aucun demandeur nommé',
    ]);
    expect(within(screen.getByRole('table', { name: 'Par groupe' })).getByText('Sans groupe, ou imports propres')).toBeTruthy();
  });

  test('are asked for as the address says, and given as a file with the same', async () => {
    const opened = api();
    const { user } = await openPage(opened, '/app/statistics?range=year', { role: 'ADMIN' });
    await screen.findByRole('option', { name: 'CT' });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Modalité' }), 'CT');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Pas' }), 'WEEK');
    await waitFor(() => expect(opened.of('arrivalStatistics').at(-1)?.query).toMatchObject({ modality: 'CT', step: 'WEEK' }));
    const file = screen.getByRole('link', { name: 'Exporter en CSV' }).getAttribute('href');
    expect(file).toMatch(/^\/api\/stats\/arrivals\/csv\?.*step=WEEK.*modality=CT/);
  });

  test('tell delays by what one chooses, what waits, and clocks that are wrong', async () => {
    const { user } = await openPage(api(), '/app/statistics?view=delays', { role: 'ADMIN' });
    expect(await screen.findByText(/2 examens sont arrivés avant d’avoir été faits/)).toBeTruthy();
    expect(screen.getByRole('img', { name: /médiane 2\sh\s00\smin, 9 sur 10 en moins de 4\sh\s00\smin/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Lecteur' }));
    const readers = within(screen.getByRole('region', { name: fr('Arrivée → compte rendu signé, Lecteur') }));
    expect(readers.getByRole('rowheader', { name: 'Awa Diop' }).closest('tr')?.textContent).toMatch(/7\s?3\sj6\sj/);
    const open = within(screen.getAllByRole('region', { name: 'En attente de lecture maintenant' })[0] as HTMLElement);
    expect(open.getByRole('rowheader', { name: 'Routine' }).closest('tr')?.textContent).toBe('Routine311! 1! 1');
    await user.click(screen.getByRole('button', { name: 'Acquisition → arrivée' }));
    expect(screen.getAllByText('Rien ne s’est terminé dans cette période.').length).toBeGreaterThan(0);
  });

  test('say when the disk is full, and of too few days that they say nothing', async () => {
    await openPage(api(), '/app/statistics?view=storage', { role: 'ADMIN' });
    expect(await screen.findByText(/dans 40 jours, plein le 10\/04\/2026/)).toBeTruthy();
    expect(screen.getByText('pas assez de jours pour le dire (41 sur 90)')).toBeTruthy();
  });

  test('tell of people to who manages them alone', async () => {
    const { close } = await openPage(api(), '/app/statistics?view=people', { role: 'ADMIN' });
    expect((await screen.findByRole('rowheader', { name: 'Awa Diop' })).closest('tr')?.textContent).toBe('Awa Diop987102');
    close();
    // On a phone each person’s numbers stand below their titles, and nothing scrolls sideways.
    const phone = await openPage(api(), '/app/statistics?view=people', { role: 'ADMIN', isPhone: true });
    expect((await screen.findByText('Awa Diop')).closest('li')?.textContent).toContain('Ouverts9Validés8Signés7');
    phone.close();
    const opened = api();
    await openPage(opened, '/app/statistics?view=people', { role: 'RADIOLOGIST' });
    expect(await screen.findByRole('heading', { name: 'Par modalité' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Personnes' })).toBeNull();
    expect(opened.of('peopleStatistics')).toEqual([]);
  });
});
