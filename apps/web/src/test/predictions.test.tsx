import { Group, Model, Prediction } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { stepsOf } from '../entities/prediction/steps.ts';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const predictionOf = (number: number, fields: Partial<Prediction> = {}): Prediction =>
  make(Prediction, {
    ...{ id: idOf(number), status: 'DONE', state: 'DONE', failureCode: null, isScoreHidden: false, isOpinionAsked: false },
    ...{
      prediction: 1,
      probability: 0.61,
      threshold: 0.29,
      modelName: 'tb-chest-xray',
      modelVersion: '1',
      validation: null,
      sentOn: null,
    },
    study: {
      ...{ id: idOf(300 + number), studyInstanceUid: `2.25.${number}`, groupId: idOf(700), patientId: idOf(400 + number) },
      ...{ recordNumber: `NG-${number}`, lastName: 'MARTIN', firstName: 'Anna' },
    },
    ...fields,
  });
const HIDDEN = { isScoreHidden: true, probability: null, prediction: null, threshold: null } as const;
const rows = async (): Promise<HTMLElement[]> =>
  within(await screen.findByRole('grid', { name: 'Tuberculose' }))
    .getAllByRole('row')
    .filter((row) => row.dataset.row !== undefined);

describe('the line of a state', () => {
  test.each<[Prediction['state'], string]>([
    ['QUEUED', 'received [queued] done read validated'],
    ['FAILED', 'received [failed]'],
    ['DONE', 'received [done] read validated'],
    ['READ', 'received done [read] validated'],
    ['VALIDATED', 'received done read [validated]'],
    ['REJECTED', 'received done read [rejected]'],
  ])('%s', (state, line) => {
    expect(
      stepsOf({ state })
        .map(({ step, at }) => (at === 'now' ? `[${step}]` : step))
        .join(' '),
    ).toBe(line);
  });
});

describe('the list of what the model has read', () => {
  test('says of each how far it is, and of a score that nobody stands for that it is none', async () => {
    const api = new FakeApi().on('listPredictions', () =>
      listOf([
        predictionOf(1),
        predictionOf(2, { ...HIDDEN, isOpinionAsked: true }),
        predictionOf(3, { ...HIDDEN, status: 'FAILED', state: 'FAILED', failureCode: 'LATERAL', isScoreHidden: false }),
        predictionOf(4, { state: 'VALIDATED' }),
      ]),
    );
    await openPage(api, '/app/predictions', { role: 'PHYSICIAN' });
    const [first, second, third, fourth] = await waitFor(async () => {
      const all = await rows();
      expect(all).toHaveLength(4);
      return all;
    });
    expect(first?.textContent).toMatch(/MARTIN Anna NG-1.*● Répondu.*0,61 au-dessus du seuil · non validé.*tb-chest-xray 1/);
    expect(second?.textContent).toContain('votre avis d’abord');
    expect(second?.textContent).not.toContain('seuil');
    expect(third?.textContent).toMatch(/● Refusé.*profil/);
    expect(fourth?.textContent).not.toContain('non validé');
    expect(screen.getByText(/pas un diagnostic/)).toBeTruthy();
    expect(api.of('listPredictions')[0]?.query).toMatchObject({ uploads: 'false' });
  });

  test('is filtered by state, site and days, which its address keeps', async () => {
    const api = new FakeApi()
      .on('listPredictions', ({ query }) => listOf(query.state === undefined ? [predictionOf(1)] : []))
      .on('listGroups', () => listOf([make(Group, { id: idOf(700), name: 'Dakar' })]));
    const { user, address } = await openPage(api, '/app/predictions', { role: 'PHYSICIAN' });
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Site' }), 'Dakar');
    await user.selectOptions(screen.getByRole('combobox', { name: 'État' }), 'À valider');
    expect(await screen.findByText('Aucune lecture ne correspond')).toBeTruthy();
    expect(address()).toBe(`/app/predictions?site=${idOf(700)}&state=READ`);
    expect(api.of('listPredictions').at(-1)?.query).toMatchObject({ state: 'READ', groupId: idOf(700) });
    await user.click(screen.getByRole('button', { name: 'Effacer les filtres' }));
    await waitFor(async () => expect(await rows()).toHaveLength(1));
  });

  test('opens the study with what stands beside its images, by keys alone', async () => {
    const api = new FakeApi().on('listPredictions', () => listOf([predictionOf(1), predictionOf(2)]));
    const { user, address } = await openPage(api, '/app/predictions', { role: 'PHYSICIAN' });
    await waitFor(async () => expect(await rows()).toHaveLength(2));
    (await screen.findByRole('grid')).focus();
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(address()).toMatch(/^\/app\/studies\/2\.25\.\d\?groupId=.*panel=true/));
  });

  test('is read again when a film changes', async () => {
    const [heard, broken]: [((event: { data: string }) => void)[], (() => void)[]] = [[], []];
    vi.stubGlobal(
      'EventSource',
      class {
        addEventListener(kind: string, listener: () => void): void {
          if (kind === 'changed') heard.push(listener);
          if (kind === 'error') broken.push(listener);
        }
        close(): void {}
      },
    );
    let state: Prediction['state'] = 'DONE';
    const api = new FakeApi().on('listPredictions', () => listOf([predictionOf(1, { state })]));
    await openPage(api, '/app/predictions', { role: 'STAFF' });
    await waitFor(async () => expect((await rows())[0]?.querySelector('[aria-current]')?.textContent).toMatch(/Répondu$/));
    state = 'VALIDATED';
    for (const tell of heard) tell({ data: '{}' });
    await waitFor(async () => expect((await rows())[0]?.querySelector('[aria-current]')?.textContent).toMatch(/Validé$/));
    // What happened while the line was broken is asked for.
    state = 'REJECTED';
    for (const tell of broken) tell();
    // By itself it is taken up in two seconds (live-events), and at once where the line is back.
    window.dispatchEvent(new Event('online'));
    const isRejected = async () => expect((await rows())[0]?.querySelector('[aria-current]')?.textContent).toMatch(/Rejeté$/);
    await waitFor(isRejected, { timeout: 8_000 });
    vi.stubGlobal('EventSource', undefined);
  });

  test('that can’t be read says why; the card of its model is at hand', async () => {
    let isDown = true;
    const api = new FakeApi()
      .on('listPredictions', () => (isDown ? new Refusal('UNAVAILABLE') : listOf([predictionOf(1)])))
      .on('listModels', () => ({
        items: [make(Model, { name: 'tb-chest-xray', version: '1', card: 'What it can’t do' })],
        choices: [],
        thresholds: [],
        recalibrations: [],
      }));
    const { user } = await openPage(api, '/app/predictions', { role: 'PHYSICIAN' });
    const alert = await screen.findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    await waitFor(async () => expect(await rows()).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: 'Fiche du modèle' }));
    expect(await screen.findByText('What it can’t do')).toBeTruthy();
  });
});
