import { type PresentationState, parsePart10, presentationStateOf } from '@negatoscope/dicom';
import { type PresentationStateOptions, presentationState } from '@negatoscope/testkit';
import { act, cleanup, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import type { Pane } from '../engine/index.ts';
import { FakePane, frameOf, STUDY, seriesOf, shown } from '../testing/pane-fixture.ts';
import { changedSince } from './changed.ts';
import { firstIndexOf, NO_STATES, notesOn, type StatesOffer, stateAfter, statesOn } from './offered.ts';
import { StateChip } from './state-chip.tsx';
import { StateOver } from './state-over.tsx';
import { StatesSection } from './states-section.tsx';

const HOSTILE = '<img src=x onerror="alert(1)">';
const imageAt = (number: number) => ({ sopInstanceUid: frameOf(number).sopInstanceUid, seriesInstanceUid: '1.2.3.1' });

function stateOf(number: number, options: Partial<PresentationStateOptions> = {}): PresentationState {
  const made = presentationState({ seed: 'states', number, images: [imageAt(1)], ...options });
  const state = presentationStateOf(parsePart10(made.bytes).json);
  if (state === undefined) throw new TypeError('That is no presentation state.');
  return state;
}
const FIRST = stateOf(1, { description: 'Nodule' });
const SECOND = stateOf(2, { description: HOSTILE, label: 'RELECTURE', area: [1, 1, 4, 4], sizing: 'TRUE SIZE' });
const OTHER = stateOf(3, { description: 'Ailleurs', images: [{ sopInstanceUid: '9.9.9', seriesInstanceUid: '9.9' }] });
const BLEND = { ...stateOf(4, { description: 'Fusion' }), kind: 'other', notes: ['kind'] } as const;
const offerOf = (...states: PresentationState[]): StatesOffer => ({
  ...NO_STATES,
  states: states.map((state) => ({ study: STUDY, state })),
});

/** A pane that shows what a state is for. */
class StatePane extends FakePane {
  readonly showState = (state: PresentationState | undefined): void => {
    this.done.push(`state ${state?.description ?? 'none'}`);
    this.show({ state, stateStanding: state && 'applied' });
  };
}
const asPane = (pane: StatePane): Pane => pane as unknown as Pane; // All that the panel asks of one.

describe('which states are for a frame', () => {
  test('those that name it and can be applied, one after the other and then none', () => {
    const offer = offerOf(FIRST, SECOND, OTHER, BLEND);
    const at = (state?: PresentationState) => stateAfter(offer, shown({ state }));
    expect(statesOn(offer, shown())).toEqual([FIRST, SECOND]);
    expect([at(), at(FIRST), at(SECOND), at(OTHER)]).toEqual([FIRST, SECOND, undefined, undefined]);
    expect(statesOn(offer, shown({ frame: frameOf(2) }))).toEqual([]);
    expect([firstIndexOf(FIRST, seriesOf()), firstIndexOf(OTHER, seriesOf())]).toEqual([0, -1]);
  });
});

test('proportions that are not the image’s are told of, for they are not followed', () => {
  const wide = frameOf(1, { drawingSpacing: { rowMm: 2, columnMm: 1 } });
  const square = frameOf(1, { drawingSpacing: { rowMm: 1, columnMm: 1 } });
  expect([notesOn(SECOND, wide), notesOn(SECOND, square), notesOn(SECOND, undefined)]).toEqual([
    ...[['trueSize', 'aspect'], ['trueSize'], ['trueSize']],
  ]);
});

describe('in the panel', () => {
  const open = async (offer: StatesOffer, pane = new StatePane()) => {
    const jumps: string[] = [];
    const part = (
      <StatesSection offer={offer} pane={asPane(pane)} study={STUDY} onJump={(to) => jumps.push(JSON.stringify(to))} />
    );
    return { pane, jumps, ...(await openPart(new FakeApi(), part, { locale: 'en' })) };
  };

  test('each has its name, maker and date, none is applied by itself; one press applies it, the next is the image as it was', async () => {
    const { pane, user } = await open(offerOf(FIRST, SECOND));
    expect(pane.done).toEqual([]);
    const row = screen.getByRole('button', { name: /^Nodule/ });
    expect(row.textContent).toContain('LECTURE · MARTIN Zoé');
    await user.click(row);
    expect(screen.getByRole('button', { name: /^Nodule/, pressed: true })).toBeTruthy();
    await user.click(row);
    expect(pane.done).toEqual(['state Nodule', 'state none']);
  });

  test('what of one is not followed is said by name, and nothing of it is markup', async () => {
    const { user, pane } = await open(offerOf(SECOND, BLEND));
    expect(screen.getByText(/True size depends on the screen/)).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
    expect(screen.getByText(/This kind of presentation is not supported/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: /^Fusion/ }));
    expect(pane.done).toEqual([]);
  });

  test('one that is for other images goes to them first, and is applied when they are here', async () => {
    const { pane, jumps, user } = await open(offerOf(OTHER));
    await user.click(screen.getByRole('button', { name: /^Ailleurs/ }));
    expect([pane.done, jumps]).toEqual([[], ['{"seriesInstanceUid":"9.9","sopInstanceUid":"9.9.9","frame":1}']]);
    act(() => pane.show({ series: seriesOf({ seriesInstanceUid: '9.9', frames: [frameOf(1, { sopInstanceUid: '9.9.9' })] }) }));
    expect(pane.done).toEqual(['state Ailleurs']);
  });

  test('nothing is there where there are none', async () => {
    await open(NO_STATES);
    expect(screen.queryByTestId('states')).toBeNull();
  });
});

describe('on the image', () => {
  const place = { origin: [0, 0], i: [10, 0], j: [0, 10] } as const;
  const DRAWN = stateOf(5, {
    layers: [['L', 1, 65_535]],
    annotations: [{ layer: 'L', graphics: [{ type: 'CIRCLE', data: [2, 2, 3, 2] }], texts: [{ text: HOSTILE, anchor: [1, 1] }] }],
  });
  const over = async (fields: Parameters<typeof shown>[0]) =>
    openPart(new FakeApi(), <StateOver snapshot={shown({ place, ...fields })} />, { locale: 'en' });

  test('what it has drawn is over the frames that it is for, and over no other', async () => {
    await over({ state: DRAWN, stateStanding: 'applied' });
    expect(screen.getByTestId('state-over').textContent).toBe(HOSTILE);
    expect(document.querySelector('img')).toBeNull();
  });

  test('lines as far as they go two thousand times across it; what is beyond is left out and told', async () => {
    const across = (times: number) =>
      stateOf(9, {
        layers: [['L', 1, 0xffff]],
        annotations: [
          {
            layer: 'L',
            graphics: [{ type: 'POLYLINE', data: Array.from({ length: times + 1 }, (_, at) => [(at % 2) * 1e6, 1]).flat() }],
          },
        ],
      });
    const paths = (): Element[] => [...screen.getByTestId('state-over').querySelectorAll('path')];
    await over({ state: across(1999), stateStanding: 'applied' });
    const drawn = paths()
      .map((path) => path.getAttribute('d'))
      .join('');
    expect(drawn.match(/L/g)).toHaveLength(2 * 1999);
    expect([notesOn(across(1999), frameOf(1)), notesOn(across(2001), frameOf(1))]).toEqual([[], ['tooMany']]);
    cleanup();
    await over({ state: across(2001), stateStanding: 'applied' });
    expect(paths()).toEqual([]);
  });

  test.each(['elsewhere', 'failed', undefined] as const)('nothing of it where it stands as %s', async (stateStanding) => {
    await over({ state: DRAWN, stateStanding });
    expect(screen.queryByTestId('state-over')).toBeNull();
  });

  test('the chip offers what there is, says what is shown, and takes it back', async () => {
    const pane = new StatePane();
    const chip = (fields: Parameters<typeof shown>[0] = {}) => (
      <StateChip offer={offerOf(FIRST, SECOND)} pane={asPane(pane)} snapshot={shown(fields)} />
    );
    const { user, again } = await openPart(new FakeApi(), chip(), { locale: 'en' });
    await user.click(screen.getByRole('button', { name: /2 saved presentations/ }));
    again(chip({ state: SECOND, stateStanding: 'applied' }));
    expect(screen.getByRole('status').textContent).toContain('1 item is not applied');
    await user.click(screen.getByRole('button', { name: 'Back to the image as it is' }));
    expect(pane.done).toEqual(['state Nodule', 'state none']);
    again(chip({ state: FIRST, stateStanding: 'applied', place }));
    expect(screen.queryByRole('button', { name: /Modified/ })).toBeNull();
    for (const changed of [{ isOwnWindow: true }, { place: { origin: [0, 0], i: [0, 9], j: [-9, 0] } as const }]) {
      again(chip({ state: FIRST, stateStanding: 'applied', place, ...changed }));
      await user.click(screen.getByRole('button', { name: 'Modified: restore' }));
    }
    expect(pane.done.slice(2)).toEqual(['reset', 'reset']);
    again(chip({ state: FIRST, stateStanding: 'elsewhere' }));
    expect(screen.getByRole('status').textContent).toBe('NoduleIs not for this image');
    // Nearer and moved is how one looks at it.
    const nearer = { origin: [-50, 3], i: [20, 0], j: [0, 20] } as const;
    expect(changedSince(shown({ state: FIRST, stateStanding: 'applied', place: nearer }))).toBe(false);
    again(chip({ frame: frameOf(2) }));
    expect(screen.queryByRole('button')).toBeNull();
  });
});
