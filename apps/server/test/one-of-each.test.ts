import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCES = path.resolve(import.meta.dirname, '../src');

/** What there is one of: how it is recognised, and where it stands. Others that are none of it are named with the reason. */
const RULES: Readonly<Record<string, { readonly isOne: RegExp; readonly stands: readonly string[] }>> = {
  // An inflating without a cap is a way to take all memory.
  'inflating under a cap': {
    isOne:
      /\b(?:create)?(?:InflateRaw|inflateRaw|Inflate|Gunzip|gunzip|Unzip|unzip|BrotliDecompress|brotliDecompress)(?:Sync)?\b(?=[^;]*from 'node:zlib')|\bDecompressionStream\b/,
    stands: ['platform/inflate/index.ts'],
  },
  // p-limit. Slots of memory that are handed on, bytes, and turns by network and kind of place are none: each knows more than a number.
  'a semaphore': {
    isOne: /\bnew Promise(?:<[^(]*>)?\(\s*\((\w+)\)\s*=>\s*[^;]*\.push\(\s*\1\s*\)|\bactiveCount\s*[+-]=/,
    stands: ['platform/objects/disk/write-memory.ts'],
  },
  'a pattern of UUIDs': {
    isOne: /\[0-9a-f[^\]]*\](?:\{8\}(?=.*-\[?)(?!\(\?:-\[0-9a-f\]\{8\}\)\{4\})|\{36\})|\{4\}\)?\{3\}-/i,
    stands: ['kernel/ids.ts'],
  },
  'a unique violation': { isOne: /\b23505\b/, stands: ['platform/db/sql-state.ts'] },
  // Everybody else asks `seesIdentity`, or has the contract or `requirePermission` refuse.
  'the rule who sees identity': { isOne: /\bcan\(\s*[\w.]+\s*,\s*'patients\.identity'/, stands: ['access/permissions.ts'] },
};

/** Without comments: they may name what they speak of. */
const withoutComments = (text: string): string =>
  text.replace(/'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*/g, (match) => (match.startsWith('/') ? '' : match));

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll(path.sep, '/'))
  .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$|\.gen\.ts$|(?:^|\/)test-[^/]*\.ts$/.test(name));

const standing = (isOne: RegExp): string[] =>
  files.filter((name) => isOne.test(withoutComments(readFileSync(path.join(SOURCES, name), 'utf8'))));

describe('there is one of', () => {
  it.each(Object.entries(RULES))('%s', (_name, { isOne, stands }) => {
    expect(standing(isOne).sort()).toEqual([...stands].sort());
  });

  it.each([
    ['inflating under a cap', "import { deflateRaw, inflateRawSync } from 'node:zlib';"],
    ['inflating under a cap', "import { createInflateRaw } from 'node:zlib';"],
    ['a semaphore', 'await new Promise<void>((resolve) => this.#waiting.push(resolve));'],
    ['a pattern of UUIDs', 'const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;'],
    ['a pattern of UUIDs', 'const ID = /^[0-9a-f-]{36}$/i;'],
    ['a pattern of UUIDs', 'const SHAPE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;'],
    ['a unique violation', "if (error.code === '23505') return;"],
    ['the rule who sees identity', "const seesNames = can(actor, 'patients.identity');"],
  ])('a second one of %s would be found: %s', (name, source) => {
    expect(RULES[name]?.isOne.test(withoutComments(source))).toBe(true);
  });

  it('what only looks like one is not taken for it', () => {
    const harmless = [
      "import { crc32, deflateRaw } from 'node:zlib';",
      'const SHA = /^[0-9a-f]{64}$/; const TAG = /^[0-9a-f]{8}$/i;',
      '/** Fails with 23505. */',
      'promises.push(one); subscribe((id) => gone.push(id)); const later = new Promise((resolve) => setTimeout(resolve, 1));',
    ];
    for (const { isOne } of Object.values(RULES))
      expect(harmless.filter((text) => isOne.test(withoutComments(text)))).toEqual([]);
  });
});
