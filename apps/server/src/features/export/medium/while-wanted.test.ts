import { expect, test } from 'vitest';
import { whole } from '../../../platform/iso/index.ts';
import { whileWanted } from './while-wanted.ts';

test('files of an image are made as long as somebody waits for it', async () => {
  const answer = { destroyed: false };
  let [made, isClosed] = [0, false];
  async function* files() {
    try {
      for (; made < 10; made += 1) yield { name: `F${made}`, ...whole(Buffer.alloc(1)) };
    } finally {
      isClosed = true;
    }
  }
  const names: string[] = [];
  const all = async (): Promise<void> => {
    for await (const { name } of whileWanted(files(), answer)) {
      names.push(name);
      answer.destroyed = names.length === 2;
    }
  };
  await expect(all()).rejects.toMatchObject({ code: 'UNPROCESSABLE' });
  expect([names, made, isClosed]).toEqual([['F0', 'F1'], 2, true]);
});
