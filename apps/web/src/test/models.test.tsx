import { BlindReading, Group, Model, ModelChoice } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal, uploadsOver } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
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
const open = async (api: FakeApi, models: () => readonly Model[], choices: readonly ModelChoice[] = []) => {
  const opened = await openPage(
    api
      .on('listModels', () => ({ items: models(), choices }))
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
    expect(builtIn?.textContent).toMatch(/fourni avec le programme.*Livré avec 8 images/);
    expect(ready?.textContent).toMatch(/Utilisable.*8 images de contrôle sur 8/);
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
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Modèle de Dakar' }), 'tb 0.2');
    await waitFor(() =>
      expect(api.of('chooseModel')[0]?.body).toEqual({
        siteId: idOf(700),
        modelName: 'tb',
        modelVersion: '0.2',
        threshold: null,
      }),
    );
    const blind = screen.getByRole('combobox', { name: 'Lecture à l’aveugle de Dakar' });
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
});
