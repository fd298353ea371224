import {
  BlindReading,
  Group,
  Model,
  ModelChoice,
  ModelThreshold,
  Recalibration,
  RecalibrationPreview,
  ThresholdPreview,
} from '@negatoscope/contract';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal, uploadsOver } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const modelOf = (version: string, fields: Partial<Model> = {}): Model =>
  make(Model, {
    ...{
      id: idOf(1),
      name: 'tb',
      version,
      state: 'READY',
      reason: null,
      checkPictures: 8,
      checkedAt: '2026-03-01T08:00:00.000Z',
    },
    title: { fr: `Modèle ${version}`, en: `Model ${version}` },
    card: '<b>card</b>',
    ...fields,
  });
const BUILT_IN = modelOf('0.1', { id: null, checkedAt: null });
const open = async (
  api: FakeApi,
  models: () => readonly Model[],
  choices: readonly ModelChoice[] = [],
  thresholds: () => readonly ModelThreshold[] = () => [],
  recalibrations: () => readonly Recalibration[] = () => [],
) => {
  const opened = await openPage(
    api
      .on('listModels', () => ({ items: models(), choices, thresholds: thresholds(), recalibrations: recalibrations() }))
      .on('listGroups', () => listOf([make(Group, { id: idOf(700), name: 'Dakar' })])),
    '/app/admin/models',
    { role: 'ADMIN' },
  );
  vi.stubGlobal('XMLHttpRequest', uploadsOver(api));
  await screen.findByText('Modèle 0.1');
  return opened;
};

describe('the models of a server', () => {
  test('each says whether it can be used, what its own pictures said, and what its maker says of it', async () => {
    const refused = modelOf('0.3', { id: idOf(3), state: 'REFUSED', reason: 'CHECK_FAILED' });
    const { user } = await open(new FakeApi(), () => [
      BUILT_IN,
      modelOf('0.2'),
      refused,
      modelOf('0.4', { id: idOf(4), state: 'CHECKING', checkedAt: null }),
    ]);
    const [builtIn, ready, third, fourth] = screen.getAllByRole('listitem').filter((item) => item.dataset.state !== undefined);
    expect(builtIn?.textContent).toMatch(/fourni avec le programme.*Livré avec ses images de contrôle \(8\)/);
    expect(ready?.textContent).toMatch(/Utilisable.*valeurs annoncées.*8 sur 8/);
    expect(third?.textContent).toMatch(/Refusé.*ne donne pas les valeurs de ses propres vérifications/);
    expect(fourth?.textContent).toMatch(/Contrôle en cours/);
    expect(within(builtIn as HTMLElement).queryByRole('button', { name: /Retirer/ })).toBeNull();
    await user.click(within(ready as HTMLElement).getByText('Fiche du modèle'));
    expect(within(ready as HTMLElement).getByText('<b>card</b>')).toBeTruthy();
    expect(screen.getByText(/pas un diagnostic/)).toBeTruthy();
  });

  test('take one more as a ZIP; one that is refused says why and what of it', async () => {
    let refusal: Refusal | undefined = new Refusal('MODEL_REFUSED', { detail: 'WRONG_HASH: model.onnx' });
    let models = [BUILT_IN];
    const api = new FakeApi().on('installModel', () => {
      if (refusal !== undefined) return refusal;
      models = [BUILT_IN, modelOf('0.2')];
      return models[1];
    });
    const { user } = await open(api, () => models);
    const zip = new File(['PK'], 'model.zip', { type: 'application/x-zip-compressed' });
    await user.upload(screen.getByLabelText('Installer un modèle (ZIP)', { selector: 'input' }), zip);
    expect((await screen.findByRole('alert')).textContent).toMatch(/un fichier n’a pas l’empreinte annoncée \(model\.onnx\)/);
    refusal = undefined;
    await user.upload(screen.getByLabelText('Installer un modèle (ZIP)', { selector: 'input' }), zip);
    expect(await screen.findByText('Modèle 0.2')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(api.of('installModel')[0]?.body).toMatchObject({ type: 'application/zip' });
  });

  test('are chosen by site, and a site is had read blind', async () => {
    let rules: BlindReading[] = [];
    const api = new FakeApi()
      .on('listBlindReading', () => ({ items: rules }))
      .on('saveBlindReading', () => {
        rules = [make(BlindReading, { siteId: idOf(700), isOn: true })];
        return { items: rules };
      });
    const { user } = await open(api, () => [BUILT_IN, modelOf('0.2')], [
      make(ModelChoice, { siteId: null, modelName: 'tb', modelVersion: '0.1' }),
    ]);
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Modèle, Dakar' }), 'tb 0.2');
    await waitFor(() =>
      expect(api.of('chooseModel')[0]?.body).toEqual({
        siteId: idOf(700),
        modelName: 'tb',
        modelVersion: '0.2',
      }),
    );
    const blind = screen.getByRole('combobox', { name: 'Lecture du score, Dakar' });
    await user.selectOptions(blind, 'on');
    await waitFor(() => expect((blind as HTMLSelectElement).value).toBe('on'));
    expect(api.of('saveBlindReading')[0]?.body).toEqual({ siteId: idOf(700), isOn: true });
  });

  test('one that a site has chosen stays, and says so', async () => {
    const api = new FakeApi().on('removeModel', () => new Refusal('CONFLICT'));
    const { user } = await open(api, () => [BUILT_IN, modelOf('0.2')]);
    await user.click(screen.getByRole('button', { name: 'Retirer tb 0.2' }));
    await user.click(await screen.findByRole('button', { name: 'Supprimer' }));
    expect(await screen.findByText(/L’état actuel ne permet pas cette action/)).toBeTruthy();
  });

  test('a site that has chosen goes back to the choice of the installation', async () => {
    const api = new FakeApi();
    const { user } = await open(api, () => [BUILT_IN, modelOf('0.2')], [
      make(ModelChoice, { siteId: idOf(700), modelName: 'tb', modelVersion: '0.2' }),
    ]);
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Modèle, Dakar' }), '');
    await waitFor(() => expect(api.of('unchooseModel')[0]?.query).toMatchObject({ siteId: idOf(700) }));
    expect(api.of('chooseModel')).toEqual([]);
  });

  test('the threshold of a site is moved by keyboard, kept once one has seen what it would have changed, and taken back', async () => {
    const rate = (count: number, of: number) => ({ count, of, rate: { share: count / of, low: 0.3, high: 0.9 } });
    const nothing = { count: 0, of: 0, rate: null };
    let thresholds: ModelThreshold[] = [];
    const api = new FakeApi()
      .on('previewThreshold', () =>
        make(ThresholdPreview, {
          ...{ cases: 40, hidden: 1, newlyPositive: 0, newlyNegative: 7 },
          before: { positive: 20, accuracy: { sensitivity: rate(9, 10), specificity: nothing } },
          after: { positive: 13, accuracy: { sensitivity: rate(6, 10), specificity: nothing } },
        }),
      )
      .on('setThreshold', ({ body }) => {
        const { threshold } = body as { threshold: number | null }; // The contract has read it.
        thresholds =
          threshold === null
            ? []
            : [make(ModelThreshold, { siteId: idOf(700), modelName: 'tb', modelVersion: '0.1', threshold })];
        return { thresholds };
      });
    const built = { ...BUILT_IN, threshold: { probability: 0.2906, name: 'T90' } };
    const { user } = await open(
      api,
      () => [built],
      [],
      () => thresholds,
    );
    await user.click(await screen.findByRole('button', { name: /^Seuil, Dakar/ }));
    const slider = await screen.findByRole('slider', { name: 'Seuil' });
    fireEvent.change(slider, { target: { value: '0.4' } });
    const dialog = within(screen.getByRole('dialog'));
    expect(await dialog.findByText(/Examens passés.*40.*au-dessus du seuil.*0.*au-dessous.*7.*1 score masqué/)).toBeTruthy();
    await waitFor(() => expect(api.of('previewThreshold').at(-1)?.query).toMatchObject({ site: idOf(700), threshold: 0.4 }));
    expect(dialog.getByRole('rowheader', { name: 'Sensibilité' }).closest('tr')?.textContent).toMatch(
      /90\s%.*9\/10.*60\s%.*6\/10/,
    );
    expect(dialog.getByRole('rowheader', { name: 'Spécificité' }).closest('tr')?.textContent).toMatch(/– \(n = 0\)/);
    await user.click(dialog.getByRole('button', { name: 'Enregistrer 0,4' }));
    await waitFor(() =>
      expect(api.of('setThreshold')[0]?.body).toMatchObject({ siteId: idOf(700), threshold: 0.4, before: null }),
    );
    expect(await screen.findByRole('button', { name: /Seuil, Dakar.*0,4/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(api.of('setThreshold')[1]?.body).toMatchObject({ threshold: null, before: 0.4 }));
  });

  test('a site says percentages once one has seen of which cases, how they fit, and what they are not; and goes back to scores', async () => {
    let recalibrations: Recalibration[] = [];
    const rate = (count: number, of: number) => ({ count, of, rate: { share: count / of, low: 0.1, high: 0.4 } });
    const part = (score: number, ill: number) => ({
      ...{ score, observed: rate(ill, 40) },
      said: { share: ill / 40, low: 0.12, high: 0.31 },
    });
    const api = new FakeApi()
      .on('previewRecalibration', ({ query }) =>
        query.reference === 'CULTURE'
          ? make(RecalibrationPreview, { cases: 60, ill: 20, undiagnosed: 220, refusal: 'TOO_FEW', parts: [], fingerprint: 'b' })
          : make(RecalibrationPreview, {
              ...{ cases: 200, ill: 61, undiagnosed: 80, refusal: null },
              ...{ parts: [part(0.08, 2), part(0.91, 30)], fingerprint: 'a'.repeat(64) },
            }),
      )
      .on('recalibrateModel', () => {
        recalibrations = [make(Recalibration, { siteId: idOf(700), modelName: 'tb', modelVersion: '0.1', cases: 200, ill: 61 })];
        return { recalibrations };
      })
      .on('unrecalibrateModel', () => {
        recalibrations = [];
        return undefined;
      });
    const { user } = await open(
      api,
      () => [BUILT_IN],
      [],
      () => [],
      () => recalibrations,
    );
    await user.click(await screen.findByRole('button', { name: fr('Recalibrage, Dakar : Score seul') }));
    const dialog = within(screen.getByRole('dialog'));
    expect(await dialog.findByText(/connu.*200.*malades.*61.*80/)).toBeTruthy();
    expect(dialog.getByRole('rowheader', { name: '0,91' }).closest('tr')?.textContent).toMatch(/75\s%.*30\/40.*75\s%/);
    await user.selectOptions(dialog.getByRole('combobox'), 'CULTURE');
    expect(await dialog.findByText('Trop peu de cas pour en tirer un pourcentage.')).toBeTruthy();
    expect(dialog.getByRole('button', { name: 'Donner le pourcentage' })).toHaveProperty('disabled', true);
    await user.selectOptions(dialog.getByRole('combobox'), 'BACTERIOLOGICAL');
    const give = dialog.getByRole('button', { name: 'Donner le pourcentage' });
    await waitFor(() => expect(give).toHaveProperty('disabled', false));
    await user.click(give);
    await waitFor(() =>
      expect(api.of('recalibrateModel')[0]?.body).toMatchObject({
        siteId: idOf(700),
        reference: 'BACTERIOLOGICAL',
        fingerprint: 'a'.repeat(64),
      }),
    );
    await user.click(await screen.findByRole('button', { name: fr('Recalibrage, Dakar : Pourcentage (200 cas)') }));
    await user.click(await screen.findByRole('button', { name: 'Revenir au score seul' }));
    await waitFor(() => expect(api.of('unrecalibrateModel')[0]?.query).toMatchObject({ site: idOf(700) }));
    expect(await screen.findByRole('button', { name: fr('Recalibrage, Dakar : Score seul') })).toBeTruthy();
  });
});
