/**
 * Finds words in bytes, a byte a step, however many words there are and whatever they have in common (Aho and Corasick, 1975): words of a file are somebody else's choice, and comparing
 * each of them at each place would take minutes for those that were made for it. Words have one character a byte.
 */
export class Automaton {
  /** Of each state: its first child, the next child of its parent, its byte, and the state of its longest end that begins a word. */
  readonly #child: Int32Array;
  readonly #next: Int32Array;
  readonly #byte: Uint8Array;
  readonly #end: Int32Array;
  readonly #isWord: Uint8Array;
  /** Children of the state in which nothing has begun: most bytes are none. */
  readonly #first = new Int32Array(256);
  #states = 1;

  constructor(words: readonly string[]) {
    const most = words.reduce((sum, { length }) => sum + length, 1);
    this.#child = new Int32Array(most);
    this.#next = new Int32Array(most);
    this.#byte = new Uint8Array(most);
    this.#end = new Int32Array(most);
    this.#isWord = new Uint8Array(most);
    for (const word of words) this.#add(word);
    this.#link();
  }

  /** The state behind one more byte; 0 is that of the beginning. */
  step(state: number, byte: number): number {
    for (let from = state; from !== 0; from = this.#end[from] ?? 0) {
      const to = this.#childOf(from, byte);
      if (to !== 0) return to;
    }
    return this.#first[byte] ?? 0;
  }

  /** Whether a word ends here. */
  isWord(state: number): boolean {
    return this.#isWord[state] === 1;
  }

  #childOf(state: number, byte: number): number {
    let child = this.#child[state] ?? 0;
    while (child !== 0 && this.#byte[child] !== byte) child = this.#next[child] ?? 0;
    return child;
  }

  #add(word: string): void {
    let state = 0;
    for (let at = 0; at < word.length; at += 1) {
      const byte = word.charCodeAt(at) & 0xff;
      state = (state === 0 ? this.#first[byte] : this.#childOf(state, byte)) || this.#newChild(state, byte);
    }
    if (state !== 0) this.#isWord[state] = 1;
  }

  #newChild(state: number, byte: number): number {
    const child = this.#states;
    this.#states += 1;
    this.#byte[child] = byte;
    if (state === 0) this.#first[byte] = child;
    else {
      this.#next[child] = this.#child[state] ?? 0;
      this.#child[state] = child;
    }
    return child;
  }

  /** Short words before long ones, so that each finds what it ends with. */
  #link(): void {
    const waiting = [...this.#first].filter((state) => state !== 0);
    for (let state = waiting[0], at = 0; state !== undefined; at += 1, state = waiting[at]) {
      const end = this.#end[state] ?? 0;
      if (this.#isWord[end] === 1) this.#isWord[state] = 1;
      for (let child = this.#child[state] ?? 0; child !== 0; child = this.#next[child] ?? 0) {
        this.#end[child] = this.step(end, this.#byte[child] ?? 0);
        waiting.push(child);
      }
    }
  }
}
