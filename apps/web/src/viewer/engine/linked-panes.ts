import {
  firstOfTiles,
  follow,
  join,
  type LinkedStack,
  type Links,
  leave,
  linkAsTheyStand,
  NO_LINKS,
  type Standing,
  stackOf,
} from '../model/linked-scroll.ts';
import type { SeriesModel } from '../model/study-model.ts';
import type { PaneSnapshot } from './snapshot.ts';

/** What is led and leads: a pane, as far as scrolling goes. */
export interface Scrolled {
  readonly id: string;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => Pick<PaneSnapshot, 'series' | 'askedIndex' | 'frameCount'>;
  goTo(index: number): void;
}

/** How a pane is linked: with others, or stopped at an end of its series while they have gone on. */
export type LinkState = 'linked' | 'first' | 'last';

export interface LinksSnapshot {
  readonly isOn: boolean;
  /** Panes that scroll with others, by their id. */
  readonly panes: ReadonlyMap<string, LinkState>;
}

interface Watched {
  readonly pane: Scrolled;
  series: SeriesModel | undefined;
  stack: LinkedStack | undefined;
  index: number;
}

/**
 * Panes that scroll together. The library's own synchronizers know neither studies nor distances; here a pane that is asked for a slice leads the others
 * of its plane to the same place, and tiles of one series to the slices after it.
 */
export class LinkedPanes {
  readonly #watched = new Map<string, Watched>();
  readonly #listeners = new Set<() => void>();
  #links: Links = NO_LINKS;
  #isOn = true;
  #isLeading = false;
  /** Panes that show one series, slice after slice, in this order. */
  #tiles: readonly string[] = [];
  #ends: ReadonlyMap<string, 'first' | 'last'> = new Map();
  #snapshot: LinksSnapshot = { isOn: true, panes: new Map() };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): LinksSnapshot => this.#snapshot;

  /** Links a pane for as long as it is there; gives the end of it. */
  watch(pane: Scrolled): () => void {
    const entry: Watched = { pane, series: undefined, stack: undefined, index: 0 };
    this.#watched.set(pane.id, entry);
    const stop = pane.subscribe(() => this.#onChange(entry));
    return () => {
      stop();
      this.#watched.delete(pane.id);
      this.#drop(pane.id);
    };
  }

  /** Unlinks, or links again with the present places beside each other. */
  setLinked(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    const standing = new Map<string, Standing>();
    for (const [id, { stack, index }] of this.#watched) if (isOn && stack !== undefined) standing.set(id, { stack, index });
    this.#links = linkAsTheyStand(standing);
    this.#ends = new Map();
    this.#publish();
  }

  /** Shows the slices of one series one after the other in these panes, from where the first stands; none ends it. */
  setTiles(ids: readonly string[]): void {
    this.#tiles = ids;
    const first = this.#watched.get(ids[0] ?? '');
    if (first !== undefined) this.#lead(first);
    else if (this.#isOn) this.#joinRest();
    this.#publish();
  }

  /** Forgets all offsets: another study is another reading. */
  forget(): void {
    this.#links = NO_LINKS;
    this.#ends = new Map();
    this.#tiles = [];
    for (const entry of this.#watched.values()) Object.assign(entry, { series: undefined, stack: undefined });
    this.#publish();
  }

  #onChange(entry: Watched): void {
    const { series, askedIndex } = entry.pane.getSnapshot();
    if (series !== entry.series) {
      entry.series = series;
      entry.index = askedIndex;
      this.#join(entry);
    } else if (askedIndex !== entry.index) {
      entry.index = askedIndex;
      if (!this.#isLeading) this.#lead(entry);
    }
  }

  /** A pane that gets a series goes to where the others of its plane are. */
  #join(entry: Watched): void {
    const { pane, series } = entry;
    entry.stack = series === undefined ? undefined : stackOf(series);
    this.#drop(pane.id);
    if (this.#tiles.includes(pane.id)) {
      const first = this.#watched.get(this.#tiles[0] ?? '');
      if (first?.series !== undefined) this.#lead(first);
    } else if (entry.stack !== undefined && this.#isOn) {
      this.#links = join(this.#links, pane.id, entry.stack);
      const leader = [...this.#watched.values()].find(
        (other) => other !== entry && follow(this.#links, other.pane.id, other.index).has(pane.id),
      );
      if (leader !== undefined) this.#lead(leader);
    }
    this.#publish();
  }

  /** What came while there were tiles. */
  #joinRest(): void {
    for (const [id, { stack }] of this.#watched)
      if (stack !== undefined && !this.#links.panes.has(id)) this.#links = join(this.#links, id, stack);
  }

  #drop(id: string): void {
    this.#links = leave(this.#links, id);
    const ends = new Map(this.#ends);
    ends.delete(id);
    this.#ends = ends;
    this.#publish();
  }

  #lead(leader: Watched): void {
    const { id } = leader.pane;
    const tile = this.#tiles.indexOf(id);
    this.#isLeading = true;
    try {
      if (tile >= 0) this.#leadTiles(leader, tile);
      else this.#leadPlaces(leader);
    } finally {
      this.#isLeading = false;
    }
    this.#publish();
  }

  #leadTiles(leader: Watched, tile: number): void {
    const count = leader.pane.getSnapshot().frameCount;
    const first = firstOfTiles(leader.index, tile, this.#tiles.length, count);
    this.#tiles.forEach((id, number) => {
      this.#watched.get(id)?.pane.goTo(first + number);
    });
  }

  #leadPlaces({ pane, index }: Watched): void {
    const ends = new Map(this.#ends);
    ends.delete(pane.id);
    for (const [id, followed] of follow(this.#links, pane.id, index)) {
      if (followed.end === undefined) ends.delete(id);
      else ends.set(id, followed.end);
      this.#watched.get(id)?.pane.goTo(followed.index);
    }
    this.#ends = ends;
  }

  #publish(): void {
    const panes = new Map<string, LinkState>();
    if (this.#tiles.length === 0)
      for (const id of this.#links.panes.keys())
        if (follow(this.#links, id, 0).size > 0) panes.set(id, this.#ends.get(id) ?? 'linked');
    const { isOn, panes: before } = this.#snapshot;
    const isSame =
      isOn === this.#isOn && panes.size === before.size && [...panes].every(([id, state]) => before.get(id) === state);
    if (isSame) return;
    this.#snapshot = { isOn: this.#isOn, panes };
    for (const listener of [...this.#listeners]) listener();
  }
}
