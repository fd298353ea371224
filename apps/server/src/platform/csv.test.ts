import { describe, expect, it } from 'vitest';
import { csvLines } from './csv.ts';

describe('CSV', () => {
  it('quotes every cell, an empty one too, and ends each line as RFC 4180 does', () => {
    expect(csvLines([['a', null, 3, 'say "this", now\nand then', '']])).toBe('"a","","3","say ""this"", now\nand then",""\r\n');
    expect(csvLines([['é'], ['ÿ']])).toBe('"é"\r\n"ÿ"\r\n');
    expect(csvLines([])).toBe('');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('is no formula for a table program: %j', (text) => {
    expect(csvLines([[text]])).toBe(`"'${text}"\r\n`);
  });
});
