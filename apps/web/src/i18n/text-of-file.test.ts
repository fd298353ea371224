import { expect, test } from 'vitest';
import { textOfFile } from './text-of-file.ts';

test.each([
  ['a reversal that is never ended', 'abc\u202edef', 'abcdef'],
  ['an isolate that is never ended', '\u2067Thorax', 'Thorax'],
  ['marks of direction', 'Thorax\u200e\u200f 2', 'Thorax 2'],
  ['lines and bells', 'Thorax\r\nface\u0007', 'Thorax face'],
  ['what parts lines and paragraphs', 'Thorax\u2028face\u2029profil', 'Thorax face profil'],
  ['nothing that is seen', '\u202e\u200b\u0000', ''],
  ['nothing', null, ''],
  ['no field at all', undefined, ''],
  ['letters of several scripts', 'صدر Thorax 胸部', 'صدر Thorax 胸部'],
  ['markup, which is text', '<b>Thorax</b>', '<b>Thorax</b>'],
])('a text of a file acts on nothing around it: %s', (_what, text, shown) => {
  expect(textOfFile(text)).toBe(shown);
});
