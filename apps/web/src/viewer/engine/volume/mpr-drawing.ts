import type { Vector3 } from '../../model/geometry.ts';
import { hitOf, type Part, shapeOf } from '../../model/shapes.ts';
import { plus, type ViewId } from '../../model/volume-views.ts';
import type { MprMeasure, MprMeasures } from './mpr-measures.ts';
import type { ScreenPoint, ShownMeasure } from './mpr-snapshot.ts';

export interface MprDrawingPorts {
  /** Undefined while there are no planes. */
  readonly measures: () => MprMeasures | undefined;
  /** What is drawn on a view, as it is shown. */
  readonly shownOn: (view: ViewId) => readonly ShownMeasure[];
  readonly patientAt: (view: ViewId, at: ScreenPoint) => Vector3 | undefined;
  readonly onChange: () => void;
}

/** A text under the pointer, and its middle on the screen. */
export interface TextUnder {
  readonly id: string;
  readonly middle: ScreenPoint;
}

/** An end of a length that a key takes hold of, and the other one, which stays. */
export interface EndUnder {
  readonly id: string;
  readonly index: number;
  readonly other: Vector3;
  readonly otherAt: ScreenPoint;
}

/** What a pointer does to a drawing. */
interface Edit {
  readonly view: ViewId;
  readonly part: Part;
  /** In the patient: what is moved goes as far, whatever its distance from the plane. */
  readonly from: Vector3;
  readonly before: MprMeasure;
  now: MprMeasure;
}

/** Drawing on planes, and changing what is drawn there: by its ends, as a whole, its text. */
export class MprDrawing {
  readonly #ports: MprDrawingPorts;
  #selected: string | undefined;
  #edit: Edit | undefined;

  constructor(ports: MprDrawingPorts) {
    this.#ports = ports;
  }

  get selected(): string | undefined {
    return this.#selected;
  }

  /** What is drawn, with what is being moved where it is now. */
  get items(): readonly MprMeasure[] {
    const now = this.#edit?.now;
    return (this.#ports.measures()?.items ?? []).map((item) => (item.id === now?.id ? now : item));
  }

  /** Draws between places in the patient; nothing happens where one is not known. */
  draw(kind: MprMeasure['kind'], places: readonly (Vector3 | undefined)[]): void {
    const points = places.filter((point) => point !== undefined);
    if (points.length === places.length) this.#ports.measures()?.draw(kind, points);
  }

  /** Takes hold of what one may change at a place of a view, when it is selected or a tool draws; false when there is nothing. */
  press(view: ViewId, at: ScreenPoint, reach: number, text: TextUnder | undefined, isDrawing: boolean): boolean {
    // A text is in nobody's way unless its drawing is selected.
    const hit = this.#hit(view, at, reach, text?.id === this.#selected ? text : undefined);
    const from = this.#ports.patientAt(view, at);
    if (hit === undefined || from === undefined || !(isDrawing || hit.item.id === this.#selected)) return false;
    const textAt = hit.item.textAt ?? (text?.id === hit.item.id ? this.#ports.patientAt(view, text.middle) : undefined);
    const before = hit.part === 'text' && textAt !== undefined ? { ...hit.item, textAt } : hit.item;
    this.#edit = { view, part: hit.part, from, before, now: hit.item };
    this.#select(hit.item.id);
    return true;
  }

  move(at: ScreenPoint): void {
    const edit = this.#edit;
    const to = edit && this.#ports.patientAt(edit.view, at);
    if (edit === undefined || to === undefined) return;
    edit.now = moved(edit, plus(to, edit.from, -1));
    this.#ports.onChange();
  }

  /** Lets go: what was moved is kept, or stays as it was. */
  release(isKept: boolean): void {
    const edit = this.#edit;
    this.#edit = undefined;
    if (isKept && edit !== undefined && edit.now !== edit.before) this.#ports.measures()?.change(edit.now);
    this.#ports.onChange();
  }

  /** The end of a length that one may change, at a place of a view. */
  endAt(view: ViewId, at: ScreenPoint, reach: number): EndUnder | undefined {
    const { item, part } = this.#hit(view, at, reach, undefined) ?? {};
    if (item?.kind !== 'LENGTH' || typeof part !== 'number') return undefined;
    const [other, otherAt] = [
      item.points[1 - part],
      this.#ports.shownOn(view).find(({ id }) => id === item.id)?.points[1 - part],
    ];
    if (other === undefined || otherAt === undefined) return undefined;
    this.#select(item.id);
    return { id: item.id, index: part, other, otherAt };
  }

  /** Puts an end elsewhere. */
  setEnd({ id, index }: Pick<EndUnder, 'id' | 'index'>, point: Vector3): void {
    const measures = this.#ports.measures();
    const item = measures?.items.find((one) => one.id === id);
    if (item?.mayChange === true)
      measures?.change({ ...item, points: item.points.map((one, at) => (at === index ? point : one)) });
  }

  /** A click: what lies there is selected, or nothing. */
  click(view: ViewId, at: ScreenPoint, reach: number, text: TextUnder | undefined): void {
    this.#select(this.#hit(view, at, reach, text)?.item.id);
  }

  /** Deletes what is selected, or else the latest of one's own; false when there is none. */
  readonly remove = (): boolean => {
    const measures = this.#ports.measures();
    const isThere = measures?.items.some(({ id, mayChange }) => mayChange && id === this.#selected) === true;
    const isRemoved = measures?.remove(isThere ? this.#selected : undefined) ?? false;
    this.#select(undefined);
    return isRemoved;
  };

  readonly undo = (): boolean => this.#ports.measures()?.undo() ?? false;
  readonly redo = (): boolean => this.#ports.measures()?.redo() ?? false;

  #select(id: string | undefined): void {
    this.#selected = id;
    this.#ports.onChange();
  }

  #hit(view: ViewId, at: ScreenPoint, reach: number, text: TextUnder | undefined) {
    const items = new Map(this.#ports.measures()?.items.map((item) => [item.id, item]));
    const hits = this.#ports.shownOn(view).flatMap(({ id, points }) => {
      const item = items.get(id);
      if (item?.mayChange !== true) return [];
      const part = hitOf(shapeOf(item.kind, points), undefined, at, reach) ?? (text?.id === id ? 'text' : undefined);
      return part === undefined ? [] : [{ item, part }];
    });
    // A text never keeps somebody from the drawing under it.
    const selected = hits.find(({ item }) => item.id === this.#selected);
    return selected ?? hits.findLast(({ part }) => part !== 'text') ?? hits.at(-1);
  }
}

/** A text stays where it was put when an end is moved, and goes along with the whole. */
function moved({ part, before }: Pick<Edit, 'part' | 'before'>, by: Vector3): MprMeasure {
  const { points, textAt } = before;
  const text = textAt === undefined ? {} : { textAt: plus(textAt, by) };
  if (part === 'text') return { ...before, ...text };
  if (typeof part === 'number') return { ...before, points: points.map((one, index) => (index === part ? plus(one, by) : one)) };
  return { ...before, points: points.map((one) => plus(one, by)), ...text };
}
