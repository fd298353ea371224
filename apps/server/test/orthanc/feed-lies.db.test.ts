import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLong, itInLongRun } from '../support/sample.ts';
import { type FakeOrthanc, type FileLie, film, startFakeOrthanc } from './lying.ts';
import { createFeedFixture, type FeedFixture } from './support.ts';

const COUNT = isLong ? 200 : 12;
const FILE_LIES: readonly FileLie[] = isLong
  ? ['SILENT', 'MISSING', 'RESET', 'ERROR', 'OTHER', 'CUT', 'CUT_UNMEASURED', 'GARBAGE']
  : ['SILENT', 'MISSING', 'RESET', 'OTHER', 'CUT_UNMEASURED'];
/** Failures before an ill Orthanc is left alone for a while. */
const MOST_FAILURES = 10;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('an Orthanc that is slow or lies', () => {
  let fixture: FeedFixture;
  let fake: FakeOrthanc;

  /** Adds films, and gives what is to be here of them. */
  const add = (name: string, count = COUNT): { ids: string[]; hashes: string[] } => {
    const films = Array.from({ length: count }, (_, index) => film(`${name} ${index}`));
    return { ids: films.map((one) => fake.add(one)), hashes: films.map(({ bytes }) => sha256(bytes)) };
  };
  const hashesHere = async (): Promise<string[]> => (await fixture.here()).map((one) => one.sha256);

  beforeAll(async () => {
    fixture = await createFeedFixture();
    fake = await startFakeOrthanc();
    add('before', 2);
    await fixture.follow(fake);
    expect(await fixture.outcomes()).toEqual({ stored: 2 });
  });
  afterAll(async () => {
    await fake.close();
    await fixture.close();
  });

  test.each(FILE_LIES)(
    'keeps nothing that is not what was asked for, is left alone after ten failures, and gives all when it is well: %s',
    async (file) => {
      const before = await fixture.here();
      const { hashes } = add(file);
      fake.lies = { file };
      fake.asked.length = 0;
      const follower = fixture.follower(fake, 300);
      await follower.step();
      expect(fake.asked.length).toBeGreaterThan(0);
      expect(fake.asked.length).toBeLessThanOrEqual(MOST_FAILURES);
      await follower.step();
      // Open: nobody is asked.
      expect(fake.asked.length).toBeLessThanOrEqual(MOST_FAILURES);
      // Tried again within half a minute, a few at a time.
      fixture.clock.advance(30_000);
      await follower.step();
      expect(fake.asked.length).toBeGreaterThan(MOST_FAILURES - 4);
      expect(fake.asked.length).toBeLessThanOrEqual(3 * MOST_FAILURES);
      expect(await fixture.here()).toEqual(before);
      fake.lies = {};
      await fixture.follow(fake, 4 + COUNT / 32);
      const here = await fixture.here();
      expect(here).toHaveLength(before.length + COUNT);
      expect(here.map((one) => one.sha256)).toEqual(expect.arrayContaining(hashes));
      expect(await fixture.feed()).toMatchObject({ failure: null, waiting: 0 });
    },
    isLong ? 120_000 : 30_000,
  );

  test('costs only the one instance that does not come, not its neighbours, and says so', async () => {
    const { ids, hashes } = add('neighbours', 12);
    fake.lies = { file: 'ERROR', of: new Set([ids[3] ?? '']) };
    await fixture.follow(fake, 1);
    const here = await hashesHere();
    expect(hashes.map((hash) => here.includes(hash))).toEqual(hashes.map((_, index) => index !== 3));
    expect(await fixture.feed()).toMatchObject({ failure: null, waiting: 1 });
    expect(fixture.logLines.at(-1)).toContain('an instance of Orthanc is not taken over yet');
    fake.lies = {};
    await fixture.follow(fake, 3);
    expect(await hashesHere()).toEqual(expect.arrayContaining(hashes));
    expect(await fixture.feed()).toMatchObject({ waiting: 0 });
  });

  test('many that never come do not keep new ones waiting', async () => {
    const { ids } = add('never', 9);
    fake.lies = { file: 'ERROR', of: new Set(ids) };
    await fixture.follow(fake, 3);
    const { hashes } = add('after them', 3);
    await fixture.follow(fake, 3);
    expect(await hashesHere()).toEqual(expect.arrayContaining(hashes));
    expect(await fixture.feed()).toMatchObject({ failure: null, waiting: 9 });
    fake.lies = {};
    for (let n = 0; n < 5; n += 1) {
      fixture.clock.advance(600_000);
      await fixture.follow(fake, 1);
    }
    expect(await fixture.feed()).toMatchObject({ waiting: 0 });
  });

  test.each(['TRUNCATED', 'BACKWARDS', 'STRANGE_ID', 'HTML'] as const)(
    'is not followed where its log can be none: %s',
    async (changes) => {
      const before = await fixture.here();
      const { hashes } = add(changes, 2);
      fake.lies = { changes };
      await fixture.follow(fake, 2);
      expect(await fixture.feed()).toMatchObject({ failure: 'BAD_ANSWER', waiting: 0 });
      expect(await fixture.here()).toEqual(before);
      fake.lies = {};
      await fixture.follow(fake);
      expect(await hashesHere()).toEqual(expect.arrayContaining(hashes));
    },
  );

  test('a file that is broken there is told once in a report, tried again ever more rarely, and taken when it was repaired', async () => {
    const whole = film('repaired');
    const id = fake.add({ ...whole, bytes: whole.bytes.subarray(0, whole.bytes.length - 500) });
    await fixture.follow(fake, 4);
    expect(await fixture.feed()).toMatchObject({ waiting: 1, failure: null });
    expect((await fixture.outcomes()).rejected).toBe(1);
    fake.asked.length = 0;
    await fixture.follow(fake, 10);
    expect(fake.asked.length).toBeLessThan(4);
    expect(fake.add(whole)).toBe(id);
    await fixture.follow(fake);
    expect(await hashesHere()).toContain(sha256(whole.bytes));
    expect(await fixture.feed()).toMatchObject({ waiting: 0 });
  });

  test('that tells nothing of itself is followed all the same', async () => {
    const { hashes } = add('silent of itself', 1);
    fake.lies = { system: true };
    await fixture.follow(fake, 1);
    fake.lies = {};
    expect(await hashesHere()).toEqual(expect.arrayContaining(hashes));
    expect(await fixture.feed()).toMatchObject({ failure: null });
    expect(fixture.logLines.some((line) => line.includes('what Orthanc says of itself is not known'))).toBe(true);
  });

  test('a fault of this server is none of Orthanc’s: it is told as what it is, and nothing is passed over', async () => {
    const { hashes } = add('our fault', 1);
    const faulty = fixture.follower(fake, 5_000, () => {
      throw new TypeError('of ours');
    });
    await expect(faulty.step()).rejects.toThrow('of ours');
    expect(await fixture.feed()).toMatchObject({ failure: 'FAULT' });
    await fixture.follow(fake);
    expect(await fixture.feed()).toMatchObject({ failure: null });
    expect(await hashesHere()).toEqual(expect.arrayContaining(hashes));
  });

  itInLongRun('that only answers slowly is waited for', async () => {
    const { hashes } = add('slow', 4);
    fake.lies = { delayMs: 400 };
    await fixture.follow(fake, 1);
    fake.lies = {};
    expect(await hashesHere()).toEqual(expect.arrayContaining(hashes));
  });
});
