import { describe, expect, it } from 'vitest';
import { mutated, mutationsOf, sample } from './mutations.mjs';

const changes = (text: string): string[] => mutationsOf(text).map((mutation) => mutated(text, mutation));

describe('a mutation of the source', () => {
  it.each([
    ['a border', 'f(a < b);', 'f(a <= b);'],
    ['a comparison', 'f(a !== b);', 'f(a === b);'],
    ['an operation, not the sign of a comment before it', 'f(a /* + */ + b);', 'f(a /* + */ - b);'],
    ['a conjunction', 'f(a && b);', 'f(a || b);'],
    ['a negation', 'f(!a);', 'f(a);'],
    ['a constant', 'const a = 0x1f;', 'const a = 32;'],
    ['a constant behind an assertion', 'const a = [1] as const;', 'const a = [2] as const;'],
    ['a condition', 'if (a) f();', 'if (true) f();'],
    ['a choice', 'const a = b ? c : d;', 'const a = false ? c : d;'],
    ['what is done for its effect', 'a = b;', 'void 0;'],
  ])('changes %s', (_what, text, wanted) => {
    expect(changes(text)).toContain(wanted);
  });

  it.each([
    ['types', 'type A = 1 | 2; interface B { readonly c: 3 } const a: 4 | 5 = b;'],
    ['what is imported', "import { a } from 'b1';"],
    ['what stands for an index that is never missed', 'const a = bytes[b] ?? 0;'],
    ['texts that are joined', "const a = 'b' + c;"],
  ])('leaves %s alone', (_what, text) => {
    expect(changes(text)).toEqual([]);
  });

  it('is drawn alike for the same seed, each once, and otherwise for another', () => {
    const all = Array.from({ length: 100 }, (_, index) => index);
    expect(sample(all, 7, 20)).toEqual(sample(all, 7, 20));
    expect(sample(all, 7, 20)).not.toEqual(sample(all, 8, 20));
    expect(sample(all, 7, 1_000).sort((a, b) => a - b)).toEqual(all);
  });
});
