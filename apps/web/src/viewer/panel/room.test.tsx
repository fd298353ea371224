import { setTimeout as sleep } from 'node:timers/promises';
import { Reading } from '@negatoscope/contract';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../api/error.ts';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { make } from '../../test/sample.ts';
import type { AnnotationsSnapshot, ShownAnnotation, StudyAnnotations } from '../annotations/study-annotations.ts';
import { useAnnotationsState } from '../parts/use-annotations.ts';
import { FakePane, frameOf, STUDY, seriesOf, shown } from '../testing/pane-fixture.ts';
import { Panel } from './panel.tsx';
import { PanelToggle } from './panel-toggle.tsx';
import type { ReadingPorts } from './ports.ts';
import { useReadingRoom } from './use-reading-room.ts';

const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';

/** What is drawn, without a server: what is drawn here is one's own. */
class Drawn {
  readonly canWrite = true;
  readonly #listeners = new Set<() => void>();
  #snapshot: AnnotationsSnapshot;

  constructor(items: readonly ShownAnnotation[] = []) {
    this.#snapshot = { items, isKnown: true, waiting: 0, conflicts: [], refused: undefined };
  }
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getSnapshot = (): AnnotationsSnapshot => this.#snapshot;
  #show(items: readonly ShownAnnotation[]): void {
    this.#snapshot = { ...this.#snapshot, items };
    for (const listener of this.#listeners) listener();
  }
  draw(id: string, target: object, content: object): void {
    this.#show([...this.#snapshot.items, { id, mayChange: true, ...target, ...content } as ShownAnnotation]); // What a pane gives.
  }
  remove(id: string): void {
    this.#show(this.#snapshot.items.filter((item) => item.id !== id));
  }
  get all(): StudyAnnotations {
    return this as unknown as StudyAnnotations; // As far as the panel uses it.
  }
}

interface RoomProps {
  readonly pane: FakePane;
  readonly drawn: Drawn;
  readonly ports?: ReadingPorts;
  readonly onShow?: (seriesInstanceUid: string) => void;
}
function Room({ pane, drawn, ports, onShow = () => undefined }: RoomProps) {
  const annotations = useAnnotationsState(drawn.all);
  const room = useReadingRoom({ study: STUDY, annotations, annotationsOf: () => drawn.all, pane: pane.pane, ports });
  return (
    <>
      <PanelToggle room={room} />
      <input aria-label="field" />
      <Panel
        study={STUDY}
        {...{ room, annotations, onShow }}
        pane={pane.pane}
        linesOf={() => ['12,5 mm']}
        placeOf={() => ({ index: 1, count: 1 })}
        documents={[]}
      />
    </>
  );
}

const portsOf = (done: string[], next?: string): ReadingPorts => ({
  findNext: async () => (next === undefined ? undefined : { studyInstanceUid: next }),
  prefetch: ({ studyInstanceUid }) => done.push(`prefetch ${studyInstanceUid}`),
  markRead: async () => {
    done.push('read');
    return !done.includes('refuse');
  },
  open: ({ studyInstanceUid }) => done.push(`open ${studyInstanceUid}`),
  openNext: ({ studyInstanceUid }) => done.push(`next ${studyInstanceUid}`),
  onNothingLeft: () => done.push('nothing left'),
  onFailed: (error) => done.push(String(error)),
});
const server = (): FakeApi => new FakeApi().on('getReading', () => make(Reading, { status: 'VALIDATED' }));
const panel = () => screen.queryByRole('complementary', { name: 'Lecture' });
const open = (props: Partial<RoomProps> = {}, options: Parameters<typeof openPart>[2] = {}) =>
  openPart(server(), <Room pane={new FakePane()} drawn={new Drawn()} {...props} />, options);

describe('the panel beside the images', () => {
  test('is shown and hidden by its button, its cross and G, and stays as it was left', async () => {
    const { user } = await open();
    expect(panel()).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Masquer le volet' }));
    expect([panel(), localStorage.getItem('ng.panel')]).toEqual([null, 'closed']);
    await user.click(screen.getByRole('button', { name: 'Montrer le volet de lecture' }));
    expect(panel()).toBeTruthy();
    await user.keyboard('g');
    expect(panel()).toBeNull();
  });

  test('is closed at first where images need the room, and where it was closed before', async () => {
    const { close } = await open({}, { isPhone: true });
    expect(panel()).toBeNull();
    close();
    localStorage.setItem('ng.panel', 'closed');
    // Opening a part empties nothing.
    await open();
    expect(panel()).toBeNull();
  });

  test('has its parts under their own headings', async () => {
    await open();
    const headings = within(panel() as HTMLElement).getAllByRole('heading', { level: 2 });
    const names = headings.map(({ textContent }) => textContent);
    for (const name of ['Interprétation', 'Antérieurs', 'Mesures', 'Images clés', 'Compte rendu', 'Dossier'])
      expect(names).toContain(name);
  });

  test('keys of a field, and keys held down, are none of its own', async () => {
    const { user } = await open();
    await user.type(screen.getByLabelText('field'), 'gg');
    fireEvent.keyDown(document.body, { key: 'g', repeat: true });
    fireEvent.keyDown(document.body, { key: 'g', ctrlKey: true });
    expect(panel()).toBeTruthy();
  });
});

describe('a key image', () => {
  test('is marked by Shift and M, and no more by the same', async () => {
    const drawn = new Drawn();
    await open({ drawn });
    fireEvent.keyDown(document.body, { key: 'M', shiftKey: true });
    expect(await screen.findByRole('button', { name: 'Image clé, Im. 1/1' })).toBeTruthy();
    expect(drawn.getSnapshot().items).toMatchObject([
      { kind: 'KEY_IMAGE', sopInstanceUid: '1.2.3.1.1', frame: 1, seriesInstanceUid: '1.2.3.1' },
    ]);
    fireEvent.keyDown(document.body, { key: 'M', shiftKey: true });
    await waitFor(() => expect(drawn.getSnapshot().items).toEqual([]));
  });

  test('of nothing that is shown is none', async () => {
    const drawn = new Drawn();
    await open({ drawn, pane: new FakePane(shown({ frame: undefined })) });
    fireEvent.keyDown(document.body, { key: 'M', shiftKey: true });
    expect(drawn.getSnapshot().items).toEqual([]);
  });
});

describe('a press on what is drawn', () => {
  const length = (seriesInstanceUid: string): ShownAnnotation => ({
    id: 'a',
    kind: 'LENGTH',
    seriesInstanceUid,
    sopInstanceUid: '1.2.3.1.3',
    frame: 1,
    label: null,
    mayChange: false,
    geometry: { space: 'PIXEL', points: [] },
  });

  test('goes to its frame in the active pane', async () => {
    const pane = new FakePane();
    const { user } = await open({ pane, drawn: new Drawn([length('1.2.3.1')]) });
    await user.click(screen.getByRole('button', { name: /Distance/ }));
    await waitFor(() => expect(pane.done).toEqual(['goTo 2']));
  });

  test('gives the pane its series first, and goes there once it has come', async () => {
    const pane = new FakePane(shown({ series: seriesOf({ seriesInstanceUid: '9', frames: [frameOf(1)] }) }));
    const asked: string[] = [];
    const { user } = await open({ pane, drawn: new Drawn([length('1.2.3.1')]), onShow: (uid) => asked.push(uid) });
    await user.click(screen.getByRole('button', { name: /Distance/ }));
    expect([asked, pane.done]).toEqual([['1.2.3.1'], []]);
    pane.show({ series: seriesOf() });
    await waitFor(() => expect(pane.done).toEqual(['goTo 2']));
  });
});

describe('the next study', () => {
  test('is opened by N, and by Shift and N once this one is marked as read', async () => {
    const done: string[] = [];
    const { user } = await open({ ports: portsOf(done, '2.2') });
    await user.keyboard('n');
    await waitFor(() => expect(done).toEqual(['next 2.2']));
    fireEvent.keyDown(document.body, { key: 'N', shiftKey: true });
    await waitFor(() => expect(done).toEqual(['next 2.2', 'read', 'next 2.2']));
  });

  test('is not opened where marking was refused, and none is told', async () => {
    const done = ['refuse'];
    const { user, close } = await open({ ports: portsOf(done, '2.2') });
    await user.click(screen.getByRole('button', { name: /^Lu, suivant/ }));
    await waitFor(() => expect(done).toEqual(['refuse', 'read']));
    close();
    const none: string[] = [];
    await (await open({ ports: portsOf(none) })).user.keyboard('n');
    await waitFor(() => expect(none).toEqual(['nothing left']));
  });

  test('that can’t be asked for is told, not passed over in silence, and may be asked for again', async () => {
    const done: string[] = [];
    let isAway = true;
    const findNext = async () => {
      if (isAway) throw new ApiError('OFFLINE', 0);
      return { studyInstanceUid: '2.2' };
    };
    const { user } = await open({ ports: { ...portsOf(done), findNext } });
    await user.keyboard('n');
    await waitFor(() => expect(done).toEqual(['ApiError: OFFLINE']));
    isAway = false;
    await user.keyboard('n');
    await waitFor(() => expect(done.at(-1)).toBe('next 2.2'));
  });

  test('is not marked by who may not, whose key for it does nothing', async () => {
    const done: string[] = [];
    await open({ ports: portsOf(done, '2.2') }, { role: 'STAFF' });
    fireEvent.keyDown(document.body, { key: 'N', shiftKey: true });
    expect(screen.queryByRole('button', { name: /^Lu, suivant/ })).toBeNull();
    expect(done).toEqual([]);
  });

  // Four seconds of waiting for what must not come.
  if (isLong)
    test('is fetched ahead once, and not while the reader waits for a frame of this one', async () => {
      const done: string[] = [];
      const pane = new FakePane(shown({ shownIndex: 0, askedIndex: 1, frameState: 'loading' }));
      await open({ pane, ports: portsOf(done, '2.2') });
      await sleep(2_300);
      expect(done).toEqual([]);
      pane.show({ shownIndex: 1 });
      await waitFor(() => expect(done).toEqual(['prefetch 2.2']), { timeout: 4_000 });
      pane.show({ askedIndex: 0 });
      pane.show({ shownIndex: 0 });
      await sleep(2_300);
      expect(done).toEqual(['prefetch 2.2']);
    }, 20_000);
});
