import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { itInLongRun } from '../../test/support/sample.ts';
import { type KeptProcess, keepRunning } from './keep-running.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const delays = { firstMs: 20, longestMs: 100, steadyMs: 60_000, silentMs: 4_000, probeMs: 50 };
let folder: string;
let kept: KeptProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-kept-'));
});
afterEach(async () => {
  await kept?.stop(1_000);
  rmSync(folder, { recursive: true });
});

function keep(code: string, onFatal: (message: string) => void = () => undefined): KeptProcess {
  const file = path.join(folder, 'child.mjs');
  writeFileSync(file, code);
  kept = keepRunning({ name: 'child', spawn: () => fork(file, [], { stdio: 'ignore' }), log: quiet, onFatal, delays });
  return kept;
}

test('starts a process again that was killed', async () => {
  const child = keep('setInterval(() => {}, 1000)');
  const first = child.pid();
  if (first !== undefined) process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(child.failures()).toBe(1), { timeout: 10_000 });
  await vi.waitFor(() => expect(child.pid() ?? first).not.toBe(first), { timeout: 10_000 });
});

test('a process that says why it can never work is reported', async () => {
  const told = vi.fn();
  keep("process.send({ type: 'fatal', message: 'no way' }); setInterval(() => {}, 1000)", told);
  await vi.waitFor(() => expect(told).toHaveBeenCalledWith('no way'), { timeout: 10_000 });
});

test('what a process counts is asked by its channel; one that is not there says nothing', async () => {
  const child = keep(
    "process.on('message', ({ type, id }) => process.send({ type: type === 'metrics-wanted' ? 'metrics' : 'other', id, text: 'a 1' }))",
  );
  expect(await child.metrics()).toBe('a 1');
  await child.stop(1_000);
  expect(await child.metrics()).toBeUndefined();
});

itInLongRun('kills a process whose event loop no longer turns', async () => {
  const child = keep("process.send({ type: 'alive' }, () => { for (;;); })");
  await vi.waitFor(() => expect(child.failures()).toBeGreaterThan(0), { timeout: 20_000 });
});

test('stop ends a process that ignores SIGTERM after its patience', async () => {
  const child = keep("process.on('SIGTERM', () => {}); process.send({ type: 'alive' }); setInterval(() => {}, 1000)");
  const pid = child.pid();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await child.stop(300);
  expect(() => process.kill(pid ?? 0, 0)).toThrow();
});

test('replaces a process that answered once and then no longer, and says so', async () => {
  const answers = [true, undefined, false, undefined, false, false];
  const said: string[] = [];
  const file = path.join(folder, 'child.mjs');
  writeFileSync(file, 'setInterval(() => {}, 1000)');
  kept = keepRunning({
    name: 'child',
    spawn: () => fork(file, [], { stdio: 'ignore' }),
    log: { ...quiet, error: (message) => said.push(message) },
    onFatal: () => undefined,
    probe: async () => (answers.length > 0 ? answers.shift() : undefined),
    delays,
  });
  const first = kept.pid();
  await vi.waitFor(() => expect(kept?.failures()).toBe(1), { timeout: 10_000 });
  expect(said).toEqual([`child (process ${first}) no longer answers HTTP: killing it`]);
  await vi.waitFor(() => expect(kept?.pid() ?? first).not.toBe(first), { timeout: 10_000 });
});

test('a process that could not be asked, or has not answered yet, is left alone', async () => {
  const asked = vi.fn();
  const answers = [false, false, false, false, undefined, true, undefined, undefined, undefined, undefined, false, false, true];
  const file = path.join(folder, 'child.mjs');
  writeFileSync(file, 'setInterval(() => {}, 1000)');
  const probe = async (): Promise<boolean | undefined> => {
    asked();
    return answers.length > 0 ? answers.shift() : true;
  };
  kept = keepRunning({
    name: 'child',
    spawn: () => fork(file, [], { stdio: 'ignore' }),
    log: quiet,
    onFatal: () => undefined,
    probe,
    delays,
  });
  await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(15), { timeout: 10_000 });
  expect(kept.failures()).toBe(0);
});
