import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import type { DiskStore } from '../../src/platform/objects/disk/index.ts';
import { MadeObject, type StagedObject } from '../../src/platform/objects/staging/index.ts';
import type { Listing, ObjectStore } from '../../src/platform/objects/store/index.ts';

/** An adapter, and what its contract must be able to do to it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** An object as its own staging gives it, when it has one. */
  readonly stage?: (bytes: Uint8Array) => Promise<StagedObject>;
  /** From now on there is no room for more, or there is again. */
  setFull(isFull: boolean): void;
  /** The machine stops, in the middle of what goes on, and starts again: the store as it is then. */
  restart(): Promise<ObjectStore>;
  close(): Promise<void>;
}

/** Stages by the disk's staging, in pieces as they come over a line. */
export const stageIn =
  (stagingOf: () => Pick<DiskStore['staging'], 'begin'>) =>
  async (bytes: Uint8Array): Promise<StagedObject> => {
    const draft = await stagingOf().begin();
    for (let at = 0; at < bytes.length; at += 100_000) await draft.write(bytes.subarray(at, at + 100_000));
    await draft.finish();
    return draft;
  };

/** Nothing, next to nothing, by a journal of the disk, held in memory, in one piece and in some. */
const SIZES = [0, 1, 4_000, 70_000, 300_000, 1_400_000];
const MISSING = { code: 'UNAVAILABLE', reason: 'MISSING' };
const SHORT = { code: 'UNAVAILABLE', reason: 'SIZE' };

/** Bytes that differ at every place and from seed to seed. */
function bytesOf(seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let block = createHash('sha512').update(`${seed}`).digest();
  for (let at = 0; at < length; at += block.length) {
    block.copy(bytes, at);
    block = createHash('sha512').update(block).digest();
  }
  return bytes;
}

async function idsOf(store: ObjectStore, listing?: Listing): Promise<string[]> {
  const ids: string[] = [];
  for await (const some of store.list(listing)) ids.push(...some);
  return ids;
}

async function gathered(pieces: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(piece as Buffer); // A stream of bytes.
  return Buffer.concat(parts);
}

async function holds(store: ObjectStore, id: string, bytes: Buffer): Promise<boolean> {
  return (await store.size(id)) === bytes.length && (await store.read(id, 0, bytes.length)).equals(bytes);
}

/** What ObjectStore promises, for one adapter: a second one runs the same. */
export function objectStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of object stores`, () => {
    let made: StoreUnderTest;
    let store: ObjectStore;
    const stageWith = {
      made: async (bytes: Uint8Array): Promise<StagedObject> => new MadeObject(Buffer.from(bytes)),
      staged: async (bytes: Uint8Array): Promise<StagedObject> => (made.stage ?? stageWith.made)(bytes),
    };
    beforeEach(async () => {
      made = await makeStore();
      store = made.store;
    });
    afterEach(() => made.close());

    /** Objects of all sizes, put together. */
    async function putAll(kind: keyof typeof stageWith = 'made'): Promise<{ id: string; bytes: Buffer }[]> {
      const all = SIZES.map((size, index) => bytesOf(index, size));
      const objects = await Promise.all(all.map((bytes) => stageWith[kind](bytes)));
      await store.put(objects);
      return objects.map(({ id }, index) => ({ id, bytes: all[index] ?? Buffer.alloc(0) }));
    }
    const put = async (bytes: Buffer, id = newId()): Promise<string> => {
      await store.put([new MadeObject(Buffer.from(bytes), id)]);
      return id;
    };

    describe.each(['made', 'staged'] as const)('%s objects', (kind) => {
      test('are given back whole and by range, and no byte beyond their end', async () => {
        for (const { id, bytes } of await putAll(kind)) {
          const { length } = bytes;
          expect([length, await holds(store, id, bytes)]).toEqual([length, true]);
          for (const [at, count] of [
            [0, Math.min(5, length)],
            [length >> 1, length - (length >> 1)],
            [Math.max(0, length - 1), Math.min(1, length)],
          ]) // prettier-ignore
            expect((await store.read(id, at ?? 0, count ?? 0)).equals(bytes.subarray(at, (at ?? 0) + (count ?? 0)))).toBe(true);
          const target = Buffer.alloc(Math.min(length, 3), 1);
          await store.readInto(id, 0, target);
          expect(target.equals(bytes.subarray(0, target.length))).toBe(true);
          for (const [at, count] of [
            [0, length + 1],
            [length, 1],
            [length + 10, 5],
            [Math.max(0, length - 2), 4],
          ]) // prettier-ignore
            await expect(store.read(id, at ?? 0, count ?? 0)).rejects.toMatchObject(SHORT);
        }
      });

      test('are streamed whole and by range', async () => {
        for (const { id, bytes } of await putAll(kind)) {
          expect((await gathered(store.stream(id))).equals(bytes)).toBe(true);
          if (bytes.length < 10) continue;
          const range = { start: 3, end: bytes.length - 2 };
          expect((await gathered(store.stream(id, range))).equals(bytes.subarray(3, -1))).toBe(true);
          await expect(gathered(store.stream(id, { start: 0, end: bytes.length }))).rejects.toMatchObject(SHORT);
        }
      });

      test('are durable when putting returns: a stop of the machine takes nothing of what was acknowledged', async () => {
        const acknowledged = await putAll(kind);
        const later = await Promise.all(SIZES.map((size, index) => stageWith[kind](bytesOf(100 + index, size))));
        // Others are on their way when it stops.
        const going = store.put(later).then(
          () => true,
          () => false,
        );
        const again = await made.restart();
        for (const { id, bytes } of acknowledged)
          expect([bytes.length, await holds(again, id, bytes)]).toEqual([bytes.length, true]);
        if (await going)
          for (const [index, { id }] of later.entries())
            expect(await holds(again, id, bytesOf(100 + index, SIZES[index] ?? 0))).toBe(true);
      });

      test('are put all or none: without room nothing of them is left, they are dead, and what is stored is read', async () => {
        const before = await putAll(kind);
        const objects = await Promise.all(SIZES.map((size, index) => stageWith[kind](bytesOf(50 + index, size))));
        made.setFull(true);
        await expect(store.put(objects)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
        await expect(store.check()).rejects.toMatchObject({ code: 'STORAGE_FULL' });
        expect(objects.map((object) => [object.isPublished, object.failure?.code])).toEqual(
          objects.map(() => [false, 'STORAGE_FULL']),
        );
        for (const { id, bytes } of before) expect(await holds(store, id, bytes)).toBe(true);
        made.setFull(false);
        expect(store.healthy).toBe(true);
        await store.check();
        expect(await idsOf(store)).toEqual(before.map(({ id }) => id).sort());
        // Whoever comes with them.
        const company = await stageWith[kind](bytesOf(60, 5_000));
        await expect(store.put([company, ...objects])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
        await store.put([company]);
        for (const object of [...objects, company]) await object.discard();
        expect(await holds(store, company.id, bytesOf(60, 5_000))).toBe(true);
      });

      test('are put once', async () => {
        const [first, second] = [await stageWith[kind](bytesOf(1, 5_000)), await stageWith[kind](bytesOf(2, 5_000))];
        await store.put([first]);
        expect(first.isPublished).toBe(true);
        await expect(store.put([second, first])).rejects.toThrow('published');
        await expect(store.put([second, second])).rejects.toThrow('once');
        await store.put([second]);
        await first.discard();
        expect(await idsOf(store)).toEqual([first.id, second.id].sort());
      });
    });

    test('nothing is overwritten: of one id the first stays, and its company is not put either', async () => {
      const id = await put(bytesOf(1, 2_000));
      const [company, other] = [new MadeObject(bytesOf(2, 2_000)), new MadeObject(bytesOf(3, 2_000), id)];
      await expect(store.put([company, other])).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await holds(store, id, bytesOf(1, 2_000))).toBe(true);
      expect(await idsOf(store)).toEqual([id]);
      const racing = newId();
      const outcomes = await Promise.allSettled([4, 5, 6].map((seed) => put(bytesOf(seed, 2_000), racing)));
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
      expect(await holds(store, racing, bytesOf(4 + winner, 2_000))).toBe(true);
    });

    test('an object whose bytes fail on the way leaves nothing of its company', async () => {
      class Failing extends MadeObject {
        override async read(): Promise<Buffer> {
          throw new Error('gone');
        }
      }
      const objects = [new MadeObject(bytesOf(1, 2_000)), new Failing(bytesOf(2, 2_000)), new MadeObject(bytesOf(3, 2_000))];
      await expect(store.put(objects)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await idsOf(store)).toEqual([]);
      expect(store.healthy).toBe(true);
    });

    test('what is not there is told as missing', async () => {
      const id = newId();
      await expect(store.size(id)).rejects.toMatchObject(MISSING);
      await expect(store.read(id, 0, 1)).rejects.toMatchObject(MISSING);
      await expect(gathered(store.stream(id))).rejects.toMatchObject(MISSING);
      expect(await store.isThere()).toBe(true);
    });

    test('a stream may be broken off at any time', async () => {
      const bytes = bytesOf(1, 1_400_000);
      const id = await put(bytes);
      for (let turn = 0; turn < 5; turn += 1) {
        for await (const piece of store.stream(id)) {
          expect(bytes.subarray(0, (piece as Buffer).length).equals(piece as Buffer)).toBe(true);
          break;
        }
        const unread = store.stream(id);
        unread.destroy();
        await new Promise((resolve) => unread.once('close', resolve));
      }
      expect((await gathered(store.stream(id))).equals(bytes)).toBe(true);
    });

    test('deleting takes these and no others, also what was just read, and again or of nothing does no harm', async () => {
      const all = await putAll();
      const [first, second, ...rest] = all;
      if (first === undefined || second === undefined) throw new Error('There are more.');
      for (const { id, bytes } of all) await store.read(id, 0, bytes.length);
      await store.delete([first.id, second.id]);
      await store.delete([first.id, newId()]);
      await store.delete([]);
      for (const { id } of [first, second]) await expect(store.size(id)).rejects.toMatchObject(MISSING);
      for (const { id } of [first, second]) await expect(store.read(id, 0, 1)).rejects.toMatchObject(MISSING);
      for (const { id, bytes } of rest) expect(await holds(store, id, bytes)).toBe(true);
      expect(await idsOf(store)).toEqual(rest.map(({ id }) => id).sort());
    });

    test('lists in the order of ids, by prefix, behind a cursor and by time', async () => {
      const rest = '-0000-7000-8000-00000000000';
      const ids = ['0001ffff', 'abcd0000', '00010002', '00010002', '00020000'].map((start, index) => `${start}${rest}${index}`);
      for (const id of ids) await put(Buffer.from(id), id);
      const sorted = [...ids].sort();
      expect(await idsOf(store)).toEqual(sorted);
      for (const prefix of ['0', '0001', '000100', '00010002', `00010002${rest}`, sorted[1] ?? '', 'b'])
        expect([prefix, await idsOf(store, { prefix })]).toEqual([prefix, sorted.filter((id) => id.startsWith(prefix))]);
      for (const after of [...sorted, '0001', '00010003', 'ffff'])
        expect([after, await idsOf(store, { after })]).toEqual([after, sorted.filter((id) => id > after)]);
      expect(await idsOf(store, { prefix: '0001', after: sorted[0] })).toEqual(sorted.slice(1, 3));
      expect(await idsOf(store, { before: new Date(0) })).toEqual([]);
      expect(await idsOf(store, { before: new Date(Date.now() + 60_000) })).toEqual(sorted);
    });

    test('an object is restored over what is left of it, and stays as it is when that fails', async () => {
      const id = await put(bytesOf(1, 5_000));
      await store.read(id, 0, 100);
      const whole = bytesOf(2, 600_000);
      const source = { sizeBytes: whole.length, read: async (at: number, length: number) => whole.subarray(at, at + length) };
      await store.restore(id, source);
      expect(await holds(store, id, whole)).toBe(true);
      const lost = newId();
      await store.restore(lost, source);
      expect(await holds(await made.restart(), lost, whole)).toBe(true);
      const failing = { sizeBytes: 10, read: () => Promise.reject(new Error('gone')) };
      await expect(made.store.restore(id, failing)).rejects.toThrow();
      expect(await holds(made.store, id, whole)).toBe(true);
    });

    test('many puts, reads and deletions go on at once', async () => {
      const batches = Array.from({ length: 12 }, (_, batch) =>
        Array.from({ length: 6 }, (_unused, index) => new MadeObject(bytesOf(batch * 10 + index, 1_000 * (index + 1)))),
      );
      await Promise.all(
        batches.map(async (objects, batch) => {
          await store.put(objects);
          for (const [index, { id }] of objects.entries())
            expect(await holds(store, id, bytesOf(batch * 10 + index, 1_000 * (index + 1)))).toBe(true);
          if (batch % 2 === 1) await store.delete(objects.map(({ id }) => id));
        }),
      );
      const left = batches.filter((_, batch) => batch % 2 === 0).flat();
      expect(await idsOf(store)).toEqual(left.map(({ id }) => id).sort());
    });
  });
}
