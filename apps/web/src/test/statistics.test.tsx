import {
  Agreement,
  AgreementStatistics,
  Model,
  MonthlyTable,
  Rate,
  ScoreDrift,
  ScreeningRow,
  ScreeningStatistics,
} from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const rate = (count: number, of: number): Rate =>
  make(Rate, { count, of, rate: of === 0 ? null : { share: count / of, low: 0.25, high: 0.75 } });
const agreement = (n: number) =>
  make(Agreement, { bothSuspect: n, agreed: rate(n, n), kappa: n === 0 ? null : { value: 0.4, low: 0.1, high: 0.7 } });
const row = (key: string, screened: number, fields: Partial<ScreeningRow> = {}): ScreeningRow =>
  make(ScreeningRow, {
    ...{ key, modelAndReader: agreement(screened), modelAndBlindReader: agreement(0), readers: agreement(0) },
    counts: { ...make(ScreeningRow, {}).counts, screened, positive: Math.floor(screened / 2), waiting: 1, refused: 2 },
    accuracy: { sensitivity: rate(Math.floor(screened / 2), screened), specificity: rate(0, 0) },
    ...fields,
  });
const figures = (fields: Partial<ScreeningStatistics> = {}): ScreeningStatistics =>
  make(ScreeningStatistics, {
    ...{ from: '2026-03-01', to: '2026-03-02', step: 'DAY', reference: 'ANY', total: row('', 8) },
    periods: [row('2026-03-01', 5), row('2026-03-02', 3)],
    sites: [row(idOf(700), 6, { name: 'Kayes' }), row('none', 2)],
    models: [row('tb 0.1.0', 8)],
    ages: [row('15-24', 8)],
    sexes: [row('F', 8)],
    ...fields,
  });
const api = (of: () => ScreeningStatistics = figures): FakeApi =>
  new FakeApi()
    .on('screeningStatistics', of)
    .on('listModels', () => ({
      items: [make(Model, { name: 'tb', version: '0.1.0' })],
      choices: [],
      thresholds: [],
      recalibrations: [],
    }))
    .on('agreementStatistics', () => make(AgreementStatistics, { rows: [] }))
    .on('listGroups', () => listOf([]));

describe('the figures of the screening', () => {
  test('are counts, agreement and accuracy with their intervals; of nothing there is a dash', async () => {
    await openPage(api(), '/app/statistics?view=screening', { role: 'RESEARCHER' });
    const accuracy = within(await screen.findByRole('region', { name: 'Modèle face au diagnostic final' }));
    expect(accuracy.getByText('50 % (25 % à 75 %), 4 sur 8')).toBeTruthy();
    expect(accuracy.getByText('– (rien à compter)')).toBeTruthy();
    expect(screen.getByText(/Accord 100\s%.* n = 8 · κ de Cohen 0,40 \(0,10 à 0,70\)/)).toBeTruthy();
    expect(screen.getByText(/pas un diagnostic/)).toBeTruthy();
    expect(document.body.textContent).not.toMatch(/NaN|Infinity/);
    const chart = screen.getByRole('img', {
      name: /^Du 01\/03\/2026 au 02\/03\/2026\s: examens lus 8, dont au-dessus du seuil 4/,
    });
    expect(chart.querySelectorAll('g')).toHaveLength(2);
    expect(screen.getAllByText('En tableau').length).toBeGreaterThan(0);
  });

  test('offer ages to who may see identities alone', async () => {
    const opened = api();
    for (const [role, count] of [
      ['RESEARCHER', 0],
      ['PHYSICIAN', 1],
    ] as const) {
      const { close } = await openPage(opened, '/app/statistics?view=screening', { role });
      expect(await screen.findByRole('combobox', { name: 'Sexe' })).toBeTruthy();
      await screen.findByRole('region', { name: 'Modèle face au diagnostic final' });
      expect(screen.queryAllByRole('combobox', { name: 'Âge' })).toHaveLength(count);
      close();
    }
  });

  test('are asked for with the filters of the address, and given as a file with the same', async () => {
    const opened = api();
    const { user } = await openPage(opened, '/app/statistics?view=screening', { role: 'ADMIN' });
    await screen.findByRole('option', { name: 'tb 0.1.0' });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Modèle' }), 'tb 0.1.0');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Diagnostic de référence' }), 'CULTURE');
    await user.click(screen.getByRole('button', { name: '12 mois' }));
    await waitFor(() =>
      expect(opened.of('screeningStatistics').at(-1)?.query).toMatchObject({
        modelName: 'tb',
        modelVersion: '0.1.0',
        reference: 'CULTURE',
      }),
    );
    const address = screen.getByRole('link', { name: 'Exporter en CSV' }).getAttribute('href') ?? '';
    expect(address).toMatch(/^\/api\/stats\/screening\/csv\?from=.*modelVersion=0\.1\.0.*reference=CULTURE/);
    await user.click(screen.getByRole('button', { name: 'Âge' }));
    expect(await screen.findByRole('rowheader', { name: '15–24 ans' })).toBeTruthy();
  });

  test('say how many scores are hidden', async () => {
    const hidden = figures({ total: row('', 3, { counts: { ...row('', 3).counts, hidden: 2 } }) });
    await openPage(
      api(() => hidden),
      '/app/statistics?view=screening',
      { role: 'STAFF' },
    );
    expect(await screen.findByText(/2 scores vous sont masqués/)).toBeTruthy();
  });

  test('say what to do where nobody was screened', async () => {
    await openPage(
      api(() => make(ScreeningStatistics, {})),
      '/app/statistics?view=screening',
      { role: 'STAFF' },
    );
    expect(await screen.findByText('Aucun examen dépisté sur cette période')).toBeTruthy();
  });

  test('tell in plain words whether scores have changed, with a histogram; and not with too few', async () => {
    const shares = [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0];
    const measured = { baselineShares: shares, currentShares: shares, psi: 0.41, psiByChance: 0.2, ks: 0.3, p: 0.0004 };
    let drift = make(ScoreDrift, { verdict: 'CHANGED', baseline: 200, current: 60, measured });
    const opened = api().on('scoreDrift', () => drift);
    await openPage(opened, '/app/statistics?view=screening', { role: 'ADMIN' });
    expect(await screen.findByText(/Les scores ont changé/)).toBeTruthy();
    expect(screen.getByRole('img', { name: /^Part des scores par dixième/ })).toBeTruthy();
    expect(opened.of('scoreDrift')[0]?.query).toMatchObject({ modelName: 'tb', modelVersion: '0.1.0' });
    drift = make(ScoreDrift, { verdict: 'TOO_FEW', firstFilms: 200, baselineFilms: 12 });
    await openPage(opened, '/app/statistics?view=screening&site=none', { role: 'ADMIN' });
    expect(await screen.findByText(/Il faut les 200 premiers clichés \(il y en a 12\)/)).toBeTruthy();
    expect(screen.queryByRole('img', { name: /^Part des scores/ })).toBeNull();
  });

  test('hold the monthly table: its sums by site, and its files in both languages', async () => {
    const table = make(MonthlyTable, {
      month: '2026-03',
      sites: [
        { siteId: idOf(700), name: 'Kayes', cells: [{ measure: 'SCREENED', sex: 'M', ageBand: '15-24', n: 3 }] },
        { siteId: null, name: null, cells: [{ measure: 'SCREENED', sex: 'F', ageBand: '65+', n: 4 }] },
      ],
    });
    await openPage(
      api().on('monthlyTable', () => table),
      '/app/statistics?view=screening&month=2026-03',
      { role: 'PHYSICIAN' },
    );
    const section = within(await screen.findByRole('region', { name: 'Tableau mensuel du programme' }));
    const all = within((await section.findByRole('rowheader', { name: 'Tous les sites' })).closest('tr') as HTMLElement);
    expect(all.getAllByRole('cell')[0]?.textContent).toBe('7');
    for (const name of ['PDF (français)', 'PDF (anglais)', 'CSV (français)', 'CSV (anglais)'])
      expect(section.getByRole('link', { name }).getAttribute('href')).toContain('month=2026-03');
  });
});

test('the dashboard has the last 30 days of the screening', async () => {
  await openPage(
    api().on('overview', () => ({ ...OVERVIEW })),
    '/app',
    { role: 'STAFF' },
  );
  await screen.findByText('Lus par le modèle');
  const card = within(screen.getByRole('region', { name: 'Dépistage, 30 derniers jours' }));
  expect(card.getByText('Lus par le modèle').closest('div')?.textContent).toMatch(/8/);
  expect(card.getByRole('link', { name: 'Toutes les statistiques' }).getAttribute('href')).toBe('/app/statistics?view=screening');
});

test('the dashboard has nothing of a screening where nobody was screened, which this browser was told before', async () => {
  localStorage.setItem('ng.screening', 'none');
  await openPage(
    api(() => make(ScreeningStatistics, {})).on('overview', () => ({ ...OVERVIEW })),
    '/app',
    { role: 'STAFF' },
  );
  await screen.findAllByText('Patients');
  expect(screen.queryByText('Dépistage, 30 derniers jours')).toBeNull();
  localStorage.removeItem('ng.screening');
});
const OVERVIEW = {
  ...{ patients: 3, studies: 4, instances: 9, sizeBytes: 9, toRead: 1, inProgress: 0 },
  ...{ openConflicts: 0, identityReviews: 0, receivedToday: 1 },
};
