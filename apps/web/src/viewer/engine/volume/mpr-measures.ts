import type { AnnotationKind } from '@negatoscope/contract';
import { newId } from '../../../api/new-id.ts';
import type { Target } from '../../annotations/kept-edit.ts';
import type { Vector3 } from '../../model/geometry.ts';
import type { DrawingStore } from '../measurements.ts';

/** What is drawn on planes through a volume: points in the patient. */
export interface MprMeasure {
  readonly id: string;
  readonly kind: 'LENGTH' | 'PROBE';
  readonly points: readonly Vector3[];
  /** The middle of its text where somebody has moved that. */
  readonly textAt?: Vector3;
  readonly mayChange: boolean;
}

const isKind = (kind: AnnotationKind): kind is MprMeasure['kind'] => kind === 'LENGTH' || kind === 'PROBE';

const pointsOf = (flat: readonly number[]): Vector3[] =>
  Array.from({ length: Math.floor(flat.length / 3) }, (_, index): Vector3 => {
    const [x = 0, y = 0, z = 0] = flat.slice(3 * index, 3 * index + 3);
    return [x, y, z];
  });

export interface MprMeasuresPorts {
  /** Undefined or read-only: what is drawn goes with the planes. */
  readonly store: DrawingStore | undefined;
  readonly seriesInstanceUid: string;
  /** Undefined: places in the patient have no name that could be kept. */
  readonly frameOfReferenceUid: string | undefined;
  /** The image that lies nearest to a place. */
  readonly imageAt: (point: Vector3) => Pick<Target, 'sopInstanceUid' | 'frame'>;
  readonly onChange: () => void;
}

/** What is drawn on the planes of one volume, kept as everything that is drawn is: in mm of its Frame of Reference (docs/decisions/0040-kept-as-drawn.md). */
export class MprMeasures {
  readonly #ports: MprMeasuresPorts;
  readonly #stop: (() => void) | undefined;
  #own: readonly MprMeasure[] = [];
  /** What was drawn before each step, to be taken back. */
  #before: (readonly MprMeasure[])[] = [];

  constructor(ports: MprMeasuresPorts) {
    this.#ports = ports;
    this.#stop = ports.store?.subscribe(ports.onChange);
  }

  close(): void {
    this.#stop?.();
  }

  get items(): readonly MprMeasure[] {
    const { store, seriesInstanceUid, frameOfReferenceUid } = this.#ports;
    const kept = (store?.getSnapshot().items ?? []).flatMap(({ id, kind, geometry, mayChange, ...place }): MprMeasure[] => {
      if (geometry.space !== 'PATIENT' || geometry.frameOfReferenceUid !== frameOfReferenceUid) return [];
      // Another series of the same frame of reference shows other things at these places.
      if (place.seriesInstanceUid !== seriesInstanceUid || !isKind(kind)) return [];
      const [x = 0, y = 0, z = 0] = geometry.textAt ?? [];
      const text = geometry.textAt === undefined ? {} : { textAt: [x, y, z] as const };
      return [{ id, kind, points: pointsOf(geometry.points), ...text, mayChange }];
    });
    return [...kept, ...this.#own];
  }

  draw(kind: MprMeasure['kind'], points: readonly Vector3[]): void {
    const { store, seriesInstanceUid, frameOfReferenceUid, imageAt } = this.#ports;
    const [first] = points;
    const id = newId();
    if (store?.canWrite === true && frameOfReferenceUid !== undefined && first !== undefined) {
      const geometry = { space: 'PATIENT' as const, frameOfReferenceUid, points: points.flatMap((point) => [...point]) };
      store.draw(id, { seriesInstanceUid, ...imageAt(first), kind }, { geometry, label: null });
      return;
    }
    this.#keepOwn([...this.#own, { id, kind, points, mayChange: true }]);
  }

  /** Keeps one of one's own as it is now. */
  change(measure: MprMeasure): void {
    const { store, frameOfReferenceUid } = this.#ports;
    if (this.#own.some(({ id }) => id === measure.id))
      this.#keepOwn(this.#own.map((one) => (one.id === measure.id ? measure : one)));
    else if (frameOfReferenceUid !== undefined) {
      const { points, textAt } = measure;
      const flat = { space: 'PATIENT' as const, frameOfReferenceUid, points: points.flatMap((point) => [...point]) };
      store?.change(measure.id, { geometry: textAt === undefined ? flat : { ...flat, textAt: [...textAt] } });
    }
  }

  /** Deletes one, or the latest of one's own; false when there is none. */
  remove(id?: string): boolean {
    const found = this.items.filter(({ mayChange }) => mayChange).findLast((one) => id === undefined || one.id === id);
    if (found === undefined) return false;
    if (this.#own.includes(found)) this.#keepOwn(this.#own.filter((one) => one !== found));
    else this.#ports.store?.remove(found.id);
    return true;
  }

  undo(): boolean {
    const before = this.#before.pop();
    if (before === undefined) return this.#ports.store?.undo() ?? false;
    this.#own = before;
    this.#ports.onChange();
    return true;
  }

  redo(): boolean {
    return this.#ports.store?.redo() ?? false;
  }

  #keepOwn(own: readonly MprMeasure[]): void {
    this.#before.push(this.#own);
    this.#own = own;
    this.#ports.onChange();
  }
}
