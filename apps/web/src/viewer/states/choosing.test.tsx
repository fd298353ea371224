import { type PresentationState, parsePart10, presentationStateOf } from '@negatoscope/dicom';
import { presentationState } from '@negatoscope/testkit';
import { act, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { FakePane, frameOf, STUDY, seriesOf } from '../testing/pane-fixture.ts';
import { NO_STATES } from './offered.ts';
import { StatesSection } from './states-section.tsx';

/** A state by its name, for one image of a series. */
function stateFor(description: string, number: number, sopInstanceUid: string, seriesInstanceUid: string): PresentationState {
  const made = presentationState({ seed: 'choosing', number, description, images: [{ sopInstanceUid, seriesInstanceUid }] });
  const state = presentationStateOf(parsePart10(made.bytes).json);
  if (state === undefined) throw new TypeError('That is no presentation state.');
  return state;
}
const HERE = stateFor('Ici', 1, frameOf(1).sopInstanceUid, '1.2.3.1');
const FAR = stateFor('Ailleurs', 2, '9.9.9', '9.9');

test('a state whose images did not come is not applied later by itself, once another was chosen meanwhile', async () => {
  const shownStates: (string | undefined)[] = [];
  const pane = Object.assign(new FakePane(), {
    showState: (state: PresentationState | undefined) => void shownStates.push(state?.description),
  });
  const offer = { ...NO_STATES, states: [HERE, FAR].map((state) => ({ study: STUDY, state })) };
  const jumps: string[] = [];
  const part = <StatesSection offer={offer} pane={pane.pane} study={STUDY} onJump={(to) => jumps.push(to.seriesInstanceUid)} />;
  const { user } = await openPart(new FakeApi(), part);
  await user.click(screen.getByRole('button', { name: /^Ailleurs/ }));
  await user.click(screen.getByRole('button', { name: /^Ici/ }));
  const frames = [frameOf(1, { sopInstanceUid: '9.9.9' })];
  act(() => pane.show({ series: seriesOf({ seriesInstanceUid: '9.9', frames }) }));
  expect([jumps, shownStates]).toEqual([['9.9'], ['Ici']]);
});
