import { expect, test } from 'vitest';
import { PieceMemory } from './piece-memory.ts';
import { sharedPiece } from './shared-piece.ts';

const LENGTH = 128 * 1024;
const setting = () => {
  const memory = new PieceMemory(1024 * 1024);
  const shared = memory.take(LENGTH);
  async function* parts(): AsyncGenerator<Buffer> {
    yield Buffer.from('a header of its own');
    yield shared.subarray(0, 10);
    yield shared.subarray(100, LENGTH);
  }
  return { memory, sending: sharedPiece(memory, shared, parts()) };
};

test('memory of which parts were sent is used again once the last of them is taken, and not before', async () => {
  const { memory, sending } = setting();
  const given: Buffer[] = [];
  for await (const part of sending.parts) given.push(part);
  expect(memory.idleBytes).toBe(0);
  for (const part of given.slice(0, 2)) sending.taken(part);
  expect(memory.idleBytes).toBe(0);
  sending.taken(given[2] ?? Buffer.alloc(0));
  expect(memory.idleBytes).toBe(LENGTH);
});

test('nor while another part may follow, or after it was broken off', async () => {
  const { memory, sending } = setting();
  for (let part = 0; part < 2; part += 1) {
    const { value } = await sending.parts.next();
    sending.taken(value);
  }
  expect(memory.idleBytes).toBe(0);
  await sending.parts.return(undefined);
  expect(memory.idleBytes).toBe(0);
});
