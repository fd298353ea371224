import type { Level } from './level.ts';

/** Items and delimiters for each element: what is nested usually has fewer, and a file of nothing else is none. */
const MARKS_AN_ELEMENT = 2;
/** Elements of one dataset or item beyond which it is wide. Attributes of PS3.3 make some hundred, private ones of a frame the same again. */
const WIDE = 250;
/**
 * Elements beyond that, of all wide ones together. A million elements in small items are an enhanced multi-frame object; side by side they are no
 * object of PS3.3, and their many names take several times the memory of all that reads them later.
 */
const MOST_WIDE = 200_000;

/** How many elements a dataset may have, at any depth; sequences are elements, items and delimiters are marks. */
export class ElementBudget {
  readonly #most: number;
  #elements = 0;
  #marks = 0;
  #wide = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there is room for one more element at this level. */
  takesElement(level: Level): boolean {
    this.#elements += 1;
    level.elements += 1;
    if (level.elements > WIDE) this.#wide += 1;
    return this.#elements <= this.#most && this.#wide <= MOST_WIDE;
  }

  takesMark(): boolean {
    this.#marks += 1;
    return this.#marks <= MARKS_AN_ELEMENT * this.#most;
  }
}
