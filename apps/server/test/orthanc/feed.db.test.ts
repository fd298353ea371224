import { createHash } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed, type NamedBytes, xray } from '../../src/features/ingest/ingest-fixture.ts';
import { hasOrthanc, type Orthanc, startOrthanc } from '../support/orthanc.ts';
import { itInLongRun } from '../support/sample.ts';
import { createFeedFixture, type FeedFixture } from './support.ts';

const sha256 = ({ bytes }: NamedBytes): string => createHash('sha256').update(bytes).digest('hex');
const many = (name: string, count: number): NamedBytes[] => Array.from({ length: count }, (_, index) => xray(`${name} ${index}`));

describe.skipIf(!hasOrthanc)('what reaches Orthanc', () => {
  const folders: string[] = [];
  const folder = async (): Promise<string> => {
    const made = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-orthanc-'));
    folders.push(made);
    return made;
  };
  let fixture: FeedFixture;
  let orthanc: Orthanc | undefined;

  const users = { feed: 'Lanterne-Marbre-42' };
  const placeOf = ({ url }: Orthanc, group?: string) => ({
    ...{ url, username: 'feed', password: users.feed },
    ...(group === undefined ? {} : { group }),
  });
  const send = async (to: Orthanc, files: readonly NamedBytes[]): Promise<void> => {
    for (const { bytes } of files) await to.post('/instances', Buffer.from(bytes));
  };
  const hashesHere = async (): Promise<string[]> => (await fixture.here()).map((one) => one.sha256);
  const started = async (options: Parameters<typeof startOrthanc>[1] = {}): Promise<Orthanc> => {
    orthanc = await startOrthanc({}, { users, ...options });
    return orthanc;
  };

  beforeAll(async () => {
    fixture = await createFeedFixture();
  });
  afterAll(async () => {
    await orthanc?.kill();
    await fixture.close();
    for (const one of folders) await rm(one, { recursive: true, force: true });
  });

  test('appears here byte for byte in the group that is set, brought by a service; twice changes nothing', async () => {
    const group = await fixture.group('Imagerie');
    const first = await started({ folder: await folder() });
    const files = many('first', 5);
    await send(first, files);
    await fixture.follow(placeOf(first, 'Imagerie'));
    const here = await fixture.here();
    expect(here.map((one) => one.sha256).sort()).toEqual(files.map(sha256).sort());
    expect(new Set(here.map(({ groupId }) => groupId))).toEqual(new Set([group]));
    const events = await fixture.db.withSystem((tx) => tx.rows('SELECT DISTINCT actor FROM audit_events'));
    expect(events.map(({ actor }) => actor)).toEqual(['service:orthanc']);
    await fixture.follow(placeOf(first, 'Imagerie'));
    expect(await fixture.outcomes()).toEqual({ stored: 5 });
    expect(await fixture.feed()).toMatchObject({ failure: null, waiting: 0, begunAgain: 0 });
  });

  test('its settings are looked at when it is first reached: what is not safe is told once', async () => {
    const told = fixture.logLines.filter((line) => line.includes('a setting of Orthanc is not safe'));
    expect(told.map((line) => (JSON.parse(line) as { warning: string }).warning)).toContain('OLD_VERSION');
    expect(told.join()).not.toContain('NO_PASSWORD');
    const [row] = await fixture.db.withSystem((tx) => tx.rows('SELECT version, warnings FROM orthanc_feeds'));
    expect(row?.version).toMatch(/^\d+\.\d+/);
  });

  test('comes after either side was ended, from the number that was kept', async () => {
    const before = orthanc as Orthanc;
    const { lastSeq = 0 } = (await fixture.feed()) ?? {};
    await before.kill();
    await fixture.follow(placeOf(before));
    expect(await fixture.feed()).toMatchObject({ failure: 'UNREACHABLE', lastSeq });
    const again = await started({ folder: before.folder, port: before.port });
    const files = many('second', 3);
    await send(again, files);
    await fixture.follow(placeOf(again));
    expect(await hashesHere()).toEqual(expect.arrayContaining(files.map(sha256)));
    expect(await fixture.outcomes()).toEqual({ stored: 8 });
    expect(await fixture.feed()).toMatchObject({ failure: null, begunAgain: 0 });
  });

  test('stays here when it is deleted there, and what comes after it comes', async () => {
    const there = orthanc as Orthanc;
    for (const id of await there.get<string[]>('/patients')) await there.remove(`/patients/${id}`);
    expect(await there.get<string[]>('/instances')).toEqual([]);
    await fixture.follow(placeOf(there));
    expect(await fixture.here()).toHaveLength(8);
    const files = many('third', 2);
    await send(there, files);
    await fixture.follow(placeOf(there));
    expect(await fixture.outcomes()).toEqual({ stored: 10 });
  });

  test('comes from an Orthanc that was replaced by an empty one, whose numbers are used anew', async () => {
    const before = orthanc as Orthanc;
    await before.kill();
    const { begunAgain = 0 } = (await fixture.feed()) ?? {};
    const fresh = await started({ folder: await folder(), port: before.port });
    await fixture.follow(placeOf(fresh));
    expect(await fixture.here()).toHaveLength(10);
    // More changes than the other had, so that the last number that was read is there again; one of them was here before.
    const files = [xray('first 0'), ...many('fourth', 11)];
    await send(fresh, files);
    await fixture.follow(placeOf(fresh));
    expect(await fixture.outcomes()).toEqual({ stored: 21 });
    expect((await fixture.feed())?.begunAgain).toBe(begunAgain + 1);
  });

  test('comes from an Orthanc that was put back to a backup, whose numbers since then are used anew', async () => {
    const before = orthanc as Orthanc;
    await before.kill();
    const backup = await folder();
    await cp(before.folder, backup, { recursive: true });
    const later = await started({ folder: before.folder, port: before.port });
    await send(later, many('lost', 3));
    await fixture.follow(placeOf(later));
    expect(await fixture.outcomes()).toEqual({ stored: 24 });
    await later.kill();
    const { begunAgain = 0 } = (await fixture.feed()) ?? {};
    const restored = await started({ folder: backup, port: before.port });
    await send(restored, many('fifth', 4));
    await fixture.follow(placeOf(restored));
    expect(await fixture.outcomes()).toEqual({ stored: 28 });
    expect((await fixture.feed())?.begunAgain).toBe(begunAgain);
  });

  test('comes although its log of changes was cleared before it was read', async () => {
    const there = orthanc as Orthanc;
    const files = many('sixth', 3);
    await send(there, files);
    await there.remove('/changes');
    await fixture.follow(placeOf(there));
    expect(await fixture.outcomes()).toEqual({ stored: 31 });
    expect(await hashesHere()).toEqual(expect.arrayContaining(files.map(sha256)));
  });

  test('is a conflict for a person to decide when an instance was replaced there by another of its name', async () => {
    const there = orthanc as Orthanc;
    const { uid = '' } = (await fixture.here()).reverse().find(({ groupId }) => groupId === null) ?? {};
    const [{ ID: id } = { ID: '' }] = await there.post<{ ID: string }[]>('/tools/lookup', Buffer.from(uid));
    const other = changed({ name: 'other', bytes: await there.bytes(`/instances/${id}/file`) });
    await there.remove(`/instances/${id}`);
    await send(there, [other]);
    await fixture.follow(placeOf(there));
    expect(await fixture.outcomes()).toEqual({ stored: 31, conflict: 1 });
  });

  test('is followed by one process of several, and not lost when none may store it', async () => {
    const there = orthanc as Orthanc;
    const files = many('seventh', 12);
    await send(there, files);
    await fixture.follow(placeOf(there, 'Nobody'));
    expect(await fixture.feed()).toMatchObject({ failure: 'UNPROCESSABLE' });
    expect(fixture.logLines.at(-1)).toContain('ORTHANC_GROUP');
    const followers = Array.from({ length: 3 }, () => fixture.follower(placeOf(there)));
    await Promise.all(followers.map(({ step }) => step()));
    expect(await fixture.outcomes()).toEqual({ stored: 43, conflict: 1 });
  });

  test('waits for another name or password', async () => {
    const there = orthanc as Orthanc;
    await fixture.follow({ ...placeOf(there), password: 'wrong' });
    expect(await fixture.feed()).toMatchObject({ failure: 'NOT_ALLOWED' });
    expect(fixture.logLines.join('')).not.toMatch(/Lanterne|wrong"/);
    await fixture.follow(placeOf(there));
    expect(await fixture.feed()).toMatchObject({ failure: null });
  });

  itInLongRun('one that lets everybody in, or runs scripts, is told of', async () => {
    const open = await startOrthanc(
      {},
      {
        settings: { ExecuteLuaEnabled: true, RestApiWriteToFileSystemEnabled: true },
      },
    );
    await fixture.follow(open);
    const [other] = await fixture.db.withSystem((tx) => tx.rows('SELECT warnings FROM orthanc_feeds WHERE url = $1', [open.url]));
    expect(other?.warnings).toEqual(expect.arrayContaining(['NO_PASSWORD', 'RUNS_SCRIPTS', 'WRITES_FILES', 'WEBDAV']));
    await open.stop();
    const settings = { WebDavEnabled: false };
    const known = await startOrthanc({}, { port: open.port, users: { orthanc: 'orthanc', ...users }, settings });
    fixture.clock.advance(3_600_000);
    await fixture.follow({ url: known.url, username: 'feed', password: users.feed });
    const [closed] = await fixture.db.withSystem((tx) =>
      tx.rows('SELECT warnings FROM orthanc_feeds WHERE url = $1', [known.url]),
    );
    expect(closed?.warnings).toEqual(['DEFAULT_PASSWORD', 'OLD_VERSION']);
    await known.stop();
  });
});
