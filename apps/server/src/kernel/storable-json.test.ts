import { describe, expect, test } from 'vitest';
import { storableJson } from './storable-json.ts';

describe('JSON that PostgreSQL takes', () => {
  test.each([
    ['a NUL', 'a\0b', 'a\uFFFDb'],
    ['half a character', 'a\uD83Db', 'a\uFFFDb'],
    ['a NUL behind a backslash', '\\\0', '\\\uFFFD'],
  ])('%s is replaced', (_what, text, stored) => {
    expect(JSON.parse(storableJson(JSON.stringify([text])))).toEqual([stored]);
  });

  test.each([['é\u{1F600}"'], ['\\u0000'], ['\\\\ud800'], ['\u0001\n']])('%j stays as it is', (text) => {
    const json = JSON.stringify([text]);
    expect(storableJson(json)).toBe(json);
  });
});
