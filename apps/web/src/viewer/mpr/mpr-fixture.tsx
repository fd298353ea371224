import { act, screen } from '@testing-library/react';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import type { MprSnapshot } from '../engine/volume/mpr-snapshot.ts';
import type { LayersState } from '../overlaid/layer.ts';
import { FakePane } from '../testing/pane-fixture.ts';
import { MprSession } from '../testing/volume-fixture.ts';
import { useMprDoor } from './mpr-door.tsx';

const NO_LAYERS: LayersState = {
  ...{ layers: [], failed: [], isLoading: false, shown: new Set(), opacity: 0.45 },
  ...{ toggle: () => undefined, setShown: () => undefined, setOpacity: () => undefined },
};

function Door({ pane, layers }: { readonly pane: FakePane; readonly layers: LayersState }) {
  const { onMpr, room } = useMprDoor(pane.pane, () => undefined, layers);
  return (
    <>
      <button type="button" disabled={onMpr === undefined} onClick={onMpr}>
        planes
      </button>
      {room}
    </>
  );
}

interface Given {
  readonly pane?: FakePane;
  readonly layers?: Partial<LayersState>;
  readonly locale?: 'fr' | 'en';
}

/** The door to the planes, before anybody has gone through it. */
export const openDoor = ({ pane = new FakePane(), layers = {}, locale = 'fr' }: Given = {}) =>
  openPart(new FakeApi(), <Door pane={pane} layers={{ ...NO_LAYERS, ...layers }} />, { locale });

/** The planes of what a pane shows, as the reader finds them: the session is a stand-in, and shows what it is told. */
export async function openPlanes(snapshot?: MprSnapshot, given: Given = {}) {
  const part = await openDoor(given);
  await part.user.click(screen.getByRole('button', { name: 'planes' }));
  const dialog = await screen.findByRole('dialog');
  const mpr = MprSession.latest;
  if (mpr === undefined) throw new TypeError('No planes were opened.');
  const show = (next: MprSnapshot): void => act(() => mpr.show(next));
  if (snapshot !== undefined) show(snapshot);
  return { ...part, dialog, mpr, show };
}
