import { describe, expect, test } from 'vitest';
import { inspectOnnx } from './onnx-file.ts';
import { NotOnnx } from './protobuf-fields.ts';

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
/** A field that is delimited by its length. */
const field = (number: number, content: number[] | string): number[] => {
  const bytes = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
};
const number = (at: number, value: number): number[] => [...varint(at * 8), ...varint(value)];
const named = (name: string): number[] => field(1, name);
const node = (operator: string, ...more: number[][]): number[] => field(1, [...field(4, operator), ...more.flat()]);
const model = (...graph: number[][]): number[] => field(7, graph.flat());
const io = [field(11, named('image')), field(12, named('prob'))];
const inspect = (bytes: number[]) => inspectOnnx(Uint8Array.from(bytes));

describe('what a model file says of itself', () => {
  test('inputs, outputs, operators and domains', () => {
    const found = inspect([...number(1, 8), ...model(node('Conv'), node('Relu'), node('Own', field(7, 'com.example')), ...io)]);
    expect(found).toMatchObject({ inputs: ['image'], outputs: ['prob'], hasExternalData: false, hasFunctions: false });
    expect([...found.operators].sort()).toEqual(['Conv', 'Own', 'Relu']);
    expect([...found.domains]).toEqual(['com.example']);
  });

  test('operators of graphs within it', () => {
    const inner = field(5, field(6, node('Loop')));
    expect([...inspect(model(node('If', inner), ...io)).operators].sort()).toEqual(['If', 'Loop']);
  });

  test.each([
    ['with a bit that readers cut off', (at: number) => [...varint(at * 8 + 2 + 2 ** 32)]],
    ['with a needless byte', (at: number) => [at * 8 + 2 + 128, 0]],
  ])('a field whose key is written %s is refused, and not taken for another one', (_what, key) => {
    const hidden = [...key(13), ...varint(0)];
    expect(() => inspect(model(node('Conv'), field(5, hidden), ...io))).toThrow(NotOnnx);
  });

  test('a location counts by its lower 32 bits, as readers take it', () => {
    const elsewhere = (value: number[]): number[] => model(node('Conv'), field(5, [...varint(14 * 8), ...value]), ...io);
    expect(inspect(elsewhere(varint(2 ** 32 + 1))).hasExternalData).toBe(true);
    expect(inspect(elsewhere([0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01])).hasExternalData).toBe(true);
    expect(inspect(elsewhere(varint(2 ** 33))).hasExternalData).toBe(false);
  });

  test.each([
    ['a name of a file', field(5, field(13, field(1, 'location')))],
    ['a location that is another file', field(5, number(14, 1))],
    ['the same in an attribute', node('Constant', field(5, field(5, number(14, 1))))],
    ['the same in a sparse tensor', field(15, field(1, number(14, 1)))],
    ['the same in a graph within', node('If', field(5, field(6, field(5, number(14, 1)))))],
  ])('that values stand elsewhere, by %s', (_what, where) => {
    expect(inspect(model(node('Conv'), where, ...io)).hasExternalData).toBe(true);
    expect(inspect(model(node('Conv'), field(5, number(14, 0)), ...io)).hasExternalData).toBe(false);
  });

  test('functions and steps of training of its own', () => {
    expect(inspect([...model(node('Conv')), ...field(25, [])]).hasFunctions).toBe(true);
    expect(inspect([...model(node('Conv')), ...field(20, [])]).hasFunctions).toBe(true);
  });

  test.each([
    ['nothing', []],
    ['a text', [...Buffer.from('no model at all, only words')]],
    ['no graph', number(1, 8)],
    ['a field beyond the end', [...varint(7 * 8 + 2), 50, 1]],
    ['a number without end', [8, ...new Array<number>(12).fill(0xff)]],
    ['a group, which nobody writes', [7 * 8 + 3]],
  ])('%s is no model', (_what, bytes) => expect(() => inspect(bytes)).toThrow(NotOnnx));
});
