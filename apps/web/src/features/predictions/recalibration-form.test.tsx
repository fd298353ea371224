import { Model, RecalibrationPreview } from '@negatoscope/contract';
import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeApi, Refusal } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import { idOf, make } from '../../test/sample.ts';
import { type Making, RecalibrationForm } from './recalibration-form.tsx';

const MODEL = make(Model, { name: 'tb<b>', version: '0.1' });
const RATE = { share: 0.1, low: 0.05, high: 0.2 };
const previewOf = (fields: Partial<RecalibrationPreview> = {}): RecalibrationPreview =>
  make(RecalibrationPreview, {
    cases: 200,
    ill: 60,
    undiagnosed: 5,
    refusal: null,
    parts: [],
    fingerprint: 'a'.repeat(64),
    ...fields,
  });
async function open(api: FakeApi, isMade = false) {
  const saved: (Making | null)[] = [];
  const form = (
    <RecalibrationForm
      site={{ id: idOf(700), name: 'Dakar' }}
      model={MODEL}
      isMade={isMade}
      onSave={(wanted) => saved.push(wanted)}
    />
  );
  return { ...(await openPart(api, form, { role: 'ADMIN' })), saved };
}
const save = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Donner le pourcentage' });
const references = () => screen.getByRole<HTMLSelectElement>('combobox');

test('nothing is made of other diagnoses than those whose figures stand there', async () => {
  let answer: (value: RecalibrationPreview) => void = () => undefined;
  const api = new FakeApi().on('previewRecalibration', ({ query }) =>
    query.reference === 'CULTURE' ? new Promise<RecalibrationPreview>((resolve) => (answer = resolve)) : previewOf(),
  );
  const { user, saved } = await open(api);
  await waitFor(() => expect(save().disabled).toBe(false));
  await user.selectOptions(references(), 'CULTURE');
  expect(save().disabled).toBe(true);
  await user.click(save());
  expect(saved).toEqual([]);
  answer(previewOf({ fingerprint: 'b'.repeat(64) }));
  await waitFor(() => expect(save().disabled).toBe(false));
  await user.click(save());
  expect(saved).toEqual([{ reference: 'CULTURE', fingerprint: 'b'.repeat(64) }]);
});

test('what would be said stands beside what was found; a part without cases has a dash', async () => {
  const part = (count: number, of: number) => ({
    score: 0.25,
    observed: { rate: of === 0 ? null : RATE, count, of },
    said: RATE,
  });
  await open(new FakeApi().on('previewRecalibration', () => previewOf({ parts: [part(4, 40), part(0, 0)] })));
  const cells = (await screen.findAllByRole('cell')).map(({ textContent }) => textContent?.replaceAll(/\s/g, ' '));
  expect(cells).toEqual(['10 %5 %–20 %, 4/40', '10 %5 %–20 %', '–0/0', '10 %5 %–20 %']);
});

test('what can’t be made says why, and what was made can be taken back all the same', async () => {
  const { user, saved } = await open(
    new FakeApi().on('previewRecalibration', () => previewOf({ refusal: 'TOO_FEW' })),
    true,
  );
  await screen.findByText(/200/);
  expect(save().disabled).toBe(true);
  await user.click(screen.getByRole('button', { name: 'Revenir au score seul' }));
  expect(saved).toEqual([null]);
});

test('figures that can’t be had are told and asked for again; nothing is made without them', async () => {
  let isAway = true;
  const api = new FakeApi().on('previewRecalibration', () => (isAway ? new Refusal('FORBIDDEN') : previewOf()));
  const { user } = await open(api);
  await screen.findByText(fr('Votre rôle ne permet pas cette action.'));
  expect(save().disabled).toBe(true);
  isAway = false;
  await user.click(screen.getByRole('button', { name: 'Réessayer' }));
  await waitFor(() => expect(save().disabled).toBe(false));
});
