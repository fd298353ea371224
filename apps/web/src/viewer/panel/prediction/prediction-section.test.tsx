import { Model, Prediction, Validation } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from '../../../test/fake-api.ts';
import { fr, openPart } from '../../../test/page-fixture.tsx';
import { idOf, make } from '../../../test/sample.ts';
import { ringStudy } from '../../model/study-bell.ts';
import { STUDY } from '../../testing/pane-fixture.ts';
import { PredictionSection } from './prediction-section.tsx';

const FILM = '1.2.3.1.1';
const done = (fields: Partial<Prediction> = {}): Prediction =>
  make(Prediction, {
    ...{
      id: idOf(1),
      status: 'DONE',
      state: 'DONE',
      failureCode: null,
      sopInstanceUid: FILM,
      isScoreHidden: false,
      isOpinionAsked: false,
    },
    ...{
      prediction: 1,
      probability: 0.61,
      threshold: 0.29,
      confidence: 0.9,
      confidenceLevel: 'MEDIUM',
      heatmapUrl: null,
      warnings: [],
    },
    ...{
      ownOpinion: null,
      validation: null,
      sentOn: null,
      modelName: 'tb-chest-xray',
      modelVersion: '1',
      finishedAt: '2026-03-01T08:00:00.000Z',
    },
    ...fields,
  });
const blind = done({
  ...{ isScoreHidden: true, isOpinionAsked: true, isBlind: true, prediction: null, probability: null, threshold: null },
  ...{ confidence: null, confidenceLevel: null },
});
const validation = (fields: Partial<Validation> = {}): Validation =>
  make(Validation, { id: idOf(9), status: 'REJECTED', comment: 'Artefact', by: 'Omar Diop', finalDiagnosis: null, ...fields });

const open = (items: () => readonly Prediction[], options: Parameters<typeof openPart>[2] = {}, api = new FakeApi()) =>
  openPart(
    api.on('listPredictions', () => listOf(items())),
    <PredictionSection study={STUDY} modality="DX" sopInstanceUid={FILM} />,
    { role: 'PHYSICIAN', ...options },
  );
const place = () => screen.findByTestId('prediction');

describe('what the model says of a film', () => {
  test('is no result until somebody has decided, and says so', async () => {
    await open(() => [done()]);
    expect((await screen.findByTestId('standing')).textContent).toBe(fr('Pas encore validé : ce score n’est pas un résultat.'));
    expect((await place()).textContent).toMatch(/Score 0,61.*pas un diagnostic/s);
    // No per cent of a score.
    expect((await place()).textContent).not.toContain('%');
  });

  test('is a percentage too where the model was recalibrated at the site: with its interval, and on how many cases', async () => {
    const recalibrated = { share: 0.234, low: 0.15, high: 0.342, cases: 212, at: '2026-02-01T08:00:00.000Z' };
    await open(() => [done({ recalibrated })]);
    expect(await screen.findByText('Probabilité 23 % (15 % à 34 %), recalibrée sur 212 cas de ce site')).toBeTruthy();
    expect((await place()).textContent).toMatch(/Score 0,61/);
  });

  test('is hidden from who has not said what they see: the opinion goes out, by keys alone, and the score comes', async () => {
    let items = [blind];
    const api = new FakeApi().on('giveOpinion', () => {
      items = [done({ state: 'READ', ownOpinion: { id: idOf(5), opinion: 'SUSPECTED' } })];
      return items[0];
    });
    const { user } = await open(() => items, {}, api);
    const form = await screen.findByTestId('opinion');
    expect((await place()).textContent).not.toMatch(/0,61|seuil/);
    const keep = within(form).getByRole('button', { name: 'Noter mon avis' });
    expect(keep.hasAttribute('disabled')).toBe(true);
    await user.tab();
    await user.keyboard(' ');
    expect(within(form).getByRole('radio', { name: 'Tuberculose suspectée' })).toHaveProperty('checked', true);
    keep.focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByText(/Score 0,61/)).toBeTruthy();
    expect(api.of('giveOpinion')[0]?.body).toEqual({ opinion: 'SUSPECTED', comment: '', amends: null });
    expect(screen.getByText(/^Votre avis.*Tuberculose suspectée$/)).toBeTruthy();
  });

  test('that can’t be read needs a comment', async () => {
    const { user } = await open(() => [blind]);
    const form = await screen.findByTestId('opinion');
    await user.click(within(form).getByRole('radio', { name: 'Illisible' }));
    const keep = within(form).getByRole('button', { name: 'Noter mon avis' });
    expect(keep.hasAttribute('disabled')).toBe(true);
    await user.type(within(form).getByRole('textbox'), 'Flou');
    expect(keep.hasAttribute('disabled')).toBe(false);
  });

  test('is decided with a diagnosis and its source; who comes second is told, sees it, and decides after it', async () => {
    let items = [done()];
    const api = new FakeApi().on('validatePrediction', ({ body }) => {
      const { after } = body as { after: string | null }; // As the contract has read it.
      if (after !== null) return done({ validation: validation({ status: 'VALIDATED' }) });
      items = [done({ state: 'REJECTED', validation: validation() })];
      return new Refusal('VALIDATED_MEANWHILE');
    });
    const { user } = await open(() => items, {}, api);
    await user.click(await screen.findByRole('button', { name: 'Se prononcer' }));
    const form = await screen.findByTestId('decision');
    await user.click(within(form).getByRole('radio', { name: 'Valider' }));
    await user.click(within(form).getByRole('radio', { name: 'Tuberculose' }));
    const keep = within(form).getByRole('button', { name: 'Enregistrer' });
    expect(keep.hasAttribute('disabled')).toBe(true);
    await user.click(within(form).getByRole('radio', { name: 'Xpert' }));
    await user.click(keep);
    expect((await screen.findByRole('alert')).textContent).toMatch(/Quelqu’un d’autre s’est prononcé/);
    await waitFor(() => expect(screen.getByTestId('standing').dataset.status).toBe('REJECTED'));
    expect(screen.getByTestId('standing').textContent).toContain('Omar Diop');
    await user.click(within(form).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(screen.queryByTestId('decision')).toBeNull());
    const diagnosis = { finding: 'TUBERCULOSIS', source: 'XPERT' };
    expect(api.of('validatePrediction').map(({ body }) => body)).toEqual([
      { status: 'VALIDATED', comment: '', finalDiagnosis: diagnosis, after: null },
      { status: 'VALIDATED', comment: '', finalDiagnosis: diagnosis, after: idOf(9) },
    ]);
  });

  test.each(['STAFF', 'ADMIN'] as const)('offers %s no decision', async (role) => {
    await open(() => [done({ validation: validation({ status: 'VALIDATED' }), state: 'VALIDATED' })], { role });
    expect((await screen.findByTestId('standing')).dataset.status).toBe('VALIDATED');
    expect(screen.queryByRole('button', { name: /Se prononcer/ })).toBeNull();
  });

  test('is the newest of the film that is looked at, older ones are behind; what a colleague does comes by itself', async () => {
    const other = done({ id: idOf(3), sopInstanceUid: '9.9', probability: 0.99 });
    let items = [other, done(), done({ id: idOf(2), probability: 0.12 })];
    const { user } = await open(() => items);
    expect(await screen.findByText(/Score 0,61/)).toBeTruthy();
    expect(screen.queryByText(/0,99|0,12/)).toBeNull();
    await user.click(screen.getByText('Lectures précédentes (1)'));
    expect(await screen.findByText(/0,12/)).toBeTruthy();
    items = [other, done({ validation: validation({ status: 'VALIDATED' }) })];
    ringStudy(STUDY);
    await waitFor(() => expect(screen.getByTestId('standing').dataset.status).toBe('VALIDATED'));
  });

  test('is asked of the film that is looked at', async () => {
    const api = new FakeApi();
    const { user } = await open(() => [], {}, api);
    await user.click(await screen.findByRole('button', { name: 'Faire lire par le modèle' }));
    await waitFor(() => expect(api.of('predictStudy')[0]?.body).toEqual({ sopInstanceUid: FILM }));
  });

  test('has its history and its card behind it, whatever stands in them', async () => {
    const hostile = '<img src=x onerror="alert(1)">';
    const api = new FakeApi()
      .on('listSaid', () => ({
        items: [validation({ comment: hostile })],
        opinions: [
          {
            id: idOf(7),
            opinion: 'SUSPECTED',
            comment: 'Apex',
            isBlind: true,
            isAmendment: false,
            by: 'Awa Diop',
            at: '2026-03-01T08:00:00.000Z',
          },
        ],
      }))
      .on('listModels', () => ({
        items: [make(Model, { name: 'tb-chest-xray', version: '1', card: `# Card ${hostile}` })],
        choices: [],
        thresholds: [],
        recalibrations: [],
      }));
    const { user } = await open(() => [done()], {}, api);
    await user.click(await screen.findByText('Historique'));
    const said = await screen.findByTestId('said');
    expect(said.textContent).toContain(hostile);
    expect(said.textContent).toMatch(/Awa Diop.*à l’aveugle/s);
    await user.click(screen.getByText('Fiche du modèle'));
    expect(await screen.findByText(/# Card <img/)).toBeTruthy();
  });
});
