import { describe, expect, it } from 'vitest';
import type { SeriesModel } from '../model/study-model.ts';
import { LinkedPanes, type Scrolled } from './linked-panes.ts';

interface SeriesOptions {
  readonly space: string;
  readonly count: number;
  readonly stepMm: number;
  readonly isCoronal?: boolean;
}

/** Slices one behind the other, from 0 mm on. */
function series({ space, count, stepMm, isCoronal = false }: SeriesOptions): SeriesModel {
  const orientation = isCoronal ? { row: [1, 0, 0], column: [0, 0, -1] } : { row: [1, 0, 0], column: [0, 1, 0] };
  const frames = Array.from({ length: count }, (_, index) => ({
    position: isCoronal ? [0, index * stepMm, 0] : [0, 0, index * stepMm],
    orientation,
    frameNumber: 1,
    sopInstanceUid: `${space}.${index}`,
    frameOfReferenceUid: space,
  }));
  const firstIndex = Math.floor((count - 1) / 2);
  return {
    modality: 'CT',
    isSpatial: true,
    seriesInstanceUid: `${space}.${count}`,
    frames,
    firstIndex,
  } as unknown as SeriesModel;
}

/** A pane as far as scrolling goes. */
class Fake implements Scrolled {
  readonly id: string;
  readonly #listeners = new Set<() => void>();
  #series: SeriesModel | undefined;
  index = 0;
  constructor(id: string) {
    this.id = id;
  }
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getSnapshot = () => ({ series: this.#series, askedIndex: this.index, frameCount: this.#series?.frames.length ?? 0 });
  show(shown: SeriesModel | undefined): void {
    this.#series = shown;
    this.index = shown?.firstIndex ?? 0;
    this.#tell();
  }
  goTo(index: number): void {
    const count = this.#series?.frames.length ?? 0;
    const target = Math.min(Math.max(0, index), count - 1);
    if (count === 0 || target === this.index) return;
    this.index = target;
    this.#tell();
  }
  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function desk(count: number) {
  const links = new LinkedPanes();
  const panes = Array.from({ length: count }, (_, number) => new Fake(`pane-${number}`));
  const stops = panes.map((pane) => links.watch(pane));
  const indexes = () => panes.map(({ index }) => index);
  const [a, b, c] = panes;
  if (a === undefined || b === undefined) throw new Error('two at least');
  return { links, panes, stops, indexes, a, b, c: c ?? b };
}
const CURRENT = series({ space: '1.1', count: 120, stepMm: 2.5 });
const PRIOR = series({ space: '1.2', count: 60, stepMm: 5 });

describe('linked panes', () => {
  it('ten slices on are five in the prior, by either; a coronal pane stays; a third series keeps the link', () => {
    const { links, a, b, c, indexes } = desk(3);
    a.show(CURRENT);
    b.show(PRIOR);
    c.show(series({ space: '1.1', count: 40, stepMm: 4, isCoronal: true }));
    expect(indexes()).toEqual([59, 29, 19]);
    a.goTo(69);
    expect(indexes()).toEqual([69, 34, 19]);
    expect([...links.getSnapshot().panes.keys()]).toEqual(['pane-0', 'pane-1']);
    b.goTo(29);
    expect(c.index).toBe(19);
    a.goTo(69);
    c.show(series({ space: '1.1', count: 300, stepMm: 1 }));
    // 172.5 mm: of two slices as near the first.
    expect(indexes()).toEqual([69, 34, 172]);
    a.goTo(79);
    expect(indexes().slice(0, 2)).toEqual([79, 39]);
  });

  it('stops at the end of a series, says which, and goes on from there', () => {
    const { links, a, b } = desk(2);
    a.show(CURRENT);
    b.show(series({ space: '1.2', count: 10, stepMm: 5 }));
    a.goTo(119);
    expect([b.index, links.getSnapshot().panes.get('pane-1')]).toEqual([9, 'last']);
    a.goTo(0);
    expect([b.index, links.getSnapshot().panes.get('pane-1')]).toEqual([0, 'first']);
    a.goTo(60);
    expect([b.index, links.getSnapshot().panes.get('pane-1')]).toEqual([5, 'linked']);
  });

  it('unlinked, each goes its own way; linked again, as they stand', () => {
    const { links, a, b, indexes } = desk(2);
    a.show(CURRENT);
    b.show(PRIOR);
    links.setLinked(false);
    b.goTo(10);
    expect([indexes(), links.getSnapshot()]).toEqual([[59, 10], { isOn: false, panes: new Map() }]);
    links.setLinked(true);
    a.goTo(69);
    expect(indexes()).toEqual([69, 15]);
  });

  it('a pane that is gone, or shows nothing, leads nobody and is led by nobody', () => {
    const { links, a, b, stops } = desk(2);
    a.show(CURRENT);
    b.show(PRIOR);
    b.show(undefined);
    a.goTo(80);
    expect([b.index, links.getSnapshot().panes.size]).toEqual([0, 0]);
    b.show(PRIOR);
    // It goes to where the other is.
    expect(b.index).toBe(40);
    stops[1]?.();
    a.goTo(10);
    expect([b.index, links.getSnapshot().panes.size]).toEqual([40, 0]);
  });

  it('another study begins without the offsets of the one before', () => {
    const { links, a, b, indexes } = desk(2);
    a.show(CURRENT);
    b.show(PRIOR);
    links.setLinked(false);
    b.goTo(0);
    links.setLinked(true);
    links.forget();
    a.show(series({ space: '1.1', count: 120, stepMm: 2.5 }));
    b.show(series({ space: '1.2', count: 60, stepMm: 5 }));
    expect(indexes()).toEqual([59, 29]);
  });

  it('tiles show one series slice after slice, whichever is scrolled', () => {
    const { links, panes, a, b, indexes } = desk(4);
    for (const pane of panes) pane.show(CURRENT);
    a.goTo(50);
    links.setTiles(panes.map(({ id }) => id));
    expect(indexes()).toEqual([50, 51, 52, 53]);
    b.goTo(52);
    expect(indexes()).toEqual([51, 52, 53, 54]);
    a.goTo(119);
    expect(indexes()).toEqual([116, 117, 118, 119]);
  });
});
