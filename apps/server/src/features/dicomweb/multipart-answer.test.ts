import { describe, expect, test } from 'vitest';
import type { InstanceEntry } from '../../archive/pixels/index.ts';
import { instanceBytes, multipartFiles } from './multipart-answer.ts';

describe('stored instances in an answer', () => {
  const object = Buffer.alloc(2_500_000, 7);
  object.write('#!/bin/sh', 0, 'latin1');
  object.write('DICM', 128, 'latin1');
  const entry = { id: 'x', sizeBytes: object.length } as InstanceEntry; // Nothing else is asked for.
  const objects = { read: async (_id: string, at: number, length: number) => Buffer.from(object.subarray(at, at + length)) };
  const expected = Buffer.concat([Buffer.alloc(128), object.subarray(128)]);

  test('have all their bytes, without what hides before DICM', async () => {
    const pieces: Buffer[] = [];
    for await (const piece of instanceBytes(objects, entry)) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(expected)).toBe(true);
  });

  test('are read one chunk ahead, and no further', async () => {
    let read = 0;
    const watched = {
      read: async (_id: string, at: number, length: number) => {
        read += 1;
        return Buffer.from(object.subarray(at, at + length));
      },
    };
    const bytes = instanceBytes(watched, entry);
    await bytes.next();
    expect(read).toBe(2);
    await bytes.next();
    expect(read).toBe(3);
    await bytes.return(undefined);
  });

  test('fail where the disk does, not before', async () => {
    const broken = {
      read: async (_id: string, at: number, length: number) => {
        if (at > 0) throw new Error('the disk failed');
        return Buffer.from(object.subarray(at, at + length));
      },
    };
    const bytes = instanceBytes(broken, entry);
    expect((await bytes.next()).done).toBe(false);
    await expect(bytes.next()).rejects.toThrow('the disk failed');
  });

  test('are parts of their own', async () => {
    async function* files() {
      for (const transferSyntaxUid of ['1.2.3', 'not a UID\r\nset-cookie: x'])
        yield { file: { transferSyntaxUid, bytes: instanceBytes(objects, entry) } };
    }
    const pieces: Buffer[] = [];
    for await (const piece of multipartFiles(files(), 'edge')) pieces.push(piece);
    const head = (type: string): Buffer => Buffer.from(`\r\n--edge\r\nContent-Type: ${type}\r\n\r\n`);
    const whole = [head('application/dicom; transfer-syntax=1.2.3'), expected, head('application/dicom'), expected];
    expect(Buffer.concat(pieces).equals(Buffer.concat([...whole, Buffer.from('\r\n--edge--\r\n')]))).toBe(true);
  });
});
