import { describe, expect, it } from 'vitest';
import { csvLines } from './csv.ts';

describe('CSV', () => {
  it('quotes every cell, an empty one too, and ends each line as RFC 4180 does', () => {
    expect(csvLines([['a', null, 3, 'say "this", now\nand then', '']])).toBe('"a","","3","say ""this"", now\nand then",""\r\n');
    expect(csvLines([['é'], ['ÿ']])).toBe('"é"\r\n"ÿ"\r\n');
    expect(csvLines([])).toBe('');
  });

  it.each(['\u202e=1+1', '\ufeff@SUM(A1)', '\u200b\u2066-1'])('nor is one behind what is not seen: %j', (text) => {
    expect(csvLines([[text]])).toMatch(/^"'[=@-][^\u202e\ufeff\u200b\u2066]+"\r\n$/u);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('is no formula for a table program: %j', (text) => {
    expect(csvLines([[text]])).toBe(`"'${text}"\r\n`);
  });
});
