import { expect, test } from 'vitest';
import { Automaton } from './automaton.ts';

/** The same numbers on each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

const endsOf = (text: string, words: readonly string[]): boolean[] => {
  const automaton = new Automaton(words);
  let state = 0;
  return [...text].map((letter) => {
    state = automaton.step(state, letter.charCodeAt(0));
    return automaton.isWord(state);
  });
};

test('a word ends wherever one does, whatever words have in common', () => {
  for (let seed = 1; seed < 200; seed += 1) {
    const any = numbers(seed);
    const text = (length: number): string => Array.from({ length }, () => 'ABC\xff'[any(seed % 2 === 0 ? 2 : 4)]).join('');
    const words = Array.from({ length: 1 + any(8) }, () => text(1 + any(5)));
    const whole = text(60);
    const wanted = [...whole].map((_, at) => words.some((word) => whole.slice(0, at + 1).endsWith(word)));
    expect(endsOf(whole, words), `${seed}`).toEqual(wanted);
  }
});

test('none ends where there are no words', () => {
  expect(endsOf('AB', [])).toEqual([false, false]);
});
