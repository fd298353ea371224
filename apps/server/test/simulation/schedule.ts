import { createPrng, type Prng } from '@negatoscope/testkit';
import pino from 'pino';
import type { Person } from '../../src/access/index.ts';
import { ARCHIVE_KINDS } from '../../src/archive/archive-kinds.ts';
import { removeOrphans } from '../../src/archive/objects/orphans.ts';
import type { Audit } from '../../src/features/audit/index.ts';
import { Arrivals } from '../../src/features/ingest/commit/arrivals.ts';
import type { BatchRequest } from '../../src/features/ingest/commit/batch-request.ts';
import { CommitQueue } from '../../src/features/ingest/commit/commit-queue.ts';
import { KnownPlaces } from '../../src/features/ingest/commit/known-places.ts';
import { OutcomeUnknown } from '../../src/features/ingest/decide/certain.ts';
import { createHeaderReader } from '../../src/features/ingest/stage/header.ts';
import type { StagedInstance } from '../../src/features/ingest/types.ts';
import { DiskStore } from '../../src/platform/objects/disk/disk-store.ts';
import type { DamageList } from '../../src/platform/objects/store/index.ts';
import { GuardedStore } from '../../src/platform/objects/store/index.ts';
import { UPKEEP } from '../support/upkeep.ts';
import { arena } from './arena.ts';
import { drawWeather, Faults } from './faults.ts';
import { type Content, type Planned, plan, stagedOf } from './plan.ts';
import { seedIds } from './seeded-ids.ts';
import { SimDatabase } from './sim-database.ts';
import { SimDisk } from './sim-disk.ts';
import { type SimClock, SimWriters } from './sim-writers.ts';

const ROOT = '/data/objects';
const ATTEMPTS = 3;
/** The largest instance is smaller. */
const READ = Buffer.alloc(1024 * 1024);
const log = pino({ level: 'silent' });

/** What one schedule did. */
export interface Tally {
  acknowledged: number;
  refused: number;
  stops: number;
  /** Transactions whose end nobody could tell. */
  unknown: number;
  /** Of the disk: two runs of a seed make the same. */
  calls: number;
}

class Machine {
  readonly prng: Prng;
  readonly faults: Faults;
  readonly disk: SimDisk;
  readonly database: SimDatabase;
  readonly clock: SimClock = { ms: 1_000_000 };
  readonly acknowledged = new Map<string, Content>();
  /** Ids of drafts whose sender was told that they are not stored. */
  readonly refused = new Set<string>();
  readonly tally: Tally = { acknowledged: 0, refused: 0, stops: 0, unknown: 0, calls: 0 };
  #boot = 1;
  #writers: SimWriters | undefined;

  constructor(seed: number) {
    this.prng = createPrng('store simulation', seed);
    seedIds(createPrng('ids of the store simulation', seed), () => this.clock.ms);
    this.faults = new Faults(this.prng, drawWeather(this.prng));
    this.disk = new SimDisk(this.faults);
    this.database = new SimDatabase(this.faults);
  }

  /** In a process of its own. */
  open(): Promise<DiskStore> {
    const { sync, port } = this.disk.process;
    return DiskStore.open({
      root: ROOT,
      fs: port,
      boot: `boot${this.#boot}`,
      writers: (settings) => {
        this.#writers = new SimWriters({ sync, faults: this.faults, clock: this.clock }, settings);
        return this.#writers;
      },
    });
  }

  /** Time passes: journals are sealed, and retired. */
  pass(): void {
    this.clock.ms += this.prng.pick([100, 1_000, 6_000, 50_000]);
    this.#writers?.sweep();
  }

  losePower(): void {
    this.#boot += 1;
    this.disk.endProcesses();
    this.disk.loseMemory();
  }
}

/** Sends one request, again and again while it is refused. */
async function send(machine: Machine, tools: { store: DiskStore; queue: CommitQueue }, planned: Planned): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await machine.faults.turns(30);
    if (await tryOnce(machine, tools, planned)) return;
  }
}

async function tryOnce(
  machine: Machine,
  { store, queue }: { store: DiskStore; queue: CommitQueue },
  planned: Planned,
): Promise<boolean> {
  const staged: StagedInstance[] = [];
  try {
    for (const content of planned.contents) staged.push(await stage(store, content));
    machine.pass();
    const request: BatchRequest = { actor: planned.actor as Person, target: planned.target, staged };
    const results = await queue.commit(request);
    for (const [index, { outcome }] of results.entries()) {
      const content = planned.contents[index];
      if ((outcome !== 'stored' && outcome !== 'duplicate') || content === undefined) continue;
      machine.acknowledged.set(content.sopInstanceUid, content);
      machine.tally.acknowledged += 1;
    }
    return true;
  } catch (error) {
    for (const { draft } of staged) await draft.discard();
    if (machine.faults.isStopped) return true;
    machine.tally.refused += 1;
    if (error instanceof OutcomeUnknown) machine.tally.unknown += 1;
    else for (const { draft } of staged) machine.refused.add(draft.id);
    return false;
  }
}

async function stage(store: DiskStore, content: Content): Promise<StagedInstance> {
  const draft = await store.staging.begin();
  try {
    for (let at = 0; at < content.bytes.length; at += 400_000) await draft.write(content.bytes.subarray(at, at + 400_000));
    return stagedOf(content, draft, await draft.finish());
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

const toolsOf = (machine: Machine, store: DiskStore): { store: DiskStore; queue: CommitQueue } => {
  const audit = { recordAll: async () => undefined } as unknown as Audit; // A commit calls nothing else of it.
  // Damage is not of this simulation: a file that can't be read now is not noted.
  const damage: DamageList = { all: () => new Set(), mark: async () => false, onHealed: () => undefined, close: () => undefined };
  const objects = new GuardedStore(store, damage);
  const headers = createHeaderReader({ maxInflatedBytes: 1024 * 1024 });
  const own = { db: machine.database.db, objects, audit, headers, log, kinds: ARCHIVE_KINDS };
  return {
    store,
    queue: new CommitQueue({ ...own, places: new KnownPlaces(), arrivals: new Arrivals(own.db), isStoreNear: true }),
  };
};

/** What was acknowledged reads back, every row has its object whole, and nobody has a row who was told otherwise. */
async function verify(machine: Machine, store: DiskStore, when: string): Promise<void> {
  const { tables } = machine.database;
  for (const [uid, { bytes }] of machine.acknowledged) {
    const row = tables.instances.get(uid);
    if (row === undefined) throw new Error(`${when}: an acknowledged instance has no row`);
    const stored = READ.subarray(0, row.sizeBytes);
    await store.readInto(row.id, 0, stored).catch((error: Error) => {
      throw new Error(`${when}: ${row.id} was acknowledged (${bytes.length} bytes): ${error.message}`);
    });
    if (!stored.equals(bytes)) throw new Error(`${when}: ${row.id} has other bytes`);
  }
  for (const row of [...tables.instances.values(), ...tables.conflicts.values()]) {
    const size = await store.size(row.id).catch(() => -1);
    if (size !== row.sizeBytes)
      throw new Error(`${when}: the row ${row.id} has an object of ${size} bytes instead of ${row.sizeBytes}`);
    if (machine.refused.has(row.id)) throw new Error(`${when}: ${row.id} was refused and has a row`);
  }
  for (const [id, names] of tables.reported)
    if (new Set(names).size < names.length) throw new Error(`${when}: the import ${id} counts a file twice`);
}

/** After the removal of orphans there are as many objects as rows, and nothing temporary. */
async function verifyTidy(machine: Machine, store: DiskStore): Promise<void> {
  await store.staging.clean();
  await removeOrphans({
    db: machine.database.db,
    by: UPKEEP,
    objects: store,
    clock: { now: () => new Date() },
    kinds: ARCHIVE_KINDS,
  });
  const files = machine.disk.files();
  const objects = files
    .filter((file) => /[0-9a-f-]{36}$/.test(file) && !file.startsWith(`${ROOT}/tmp/`))
    .map((file) => file.slice(-36));
  const ids = machine.database.tables.ids();
  const extra = objects.filter((id) => !ids.includes(id));
  if (extra.length > 0 || objects.length !== ids.length)
    throw new Error(`after the removal of orphans ${extra.length} objects have no row`);
  if (files.some((file) => file.startsWith(`${ROOT}/tmp/`))) throw new Error('a temporary file stays');
}

/** Runs the schedule of a seed; fails with what is wrong. */
export async function runSchedule(seed: number): Promise<Tally> {
  const machine = new Machine(seed);
  try {
    return await run(machine);
  } finally {
    // What goes on behind it touches nothing any more: the next one uses the same memory.
    machine.faults.isStopped = true;
    await new Promise((resolve) => setImmediate(resolve));
    arena.reset();
  }
}

async function run(machine: Machine): Promise<Tally> {
  const { faults, prng } = machine;
  const weather = faults.weather;
  faults.end();
  const first = await machine.open();
  faults.weather = weather;
  const tools = toolsOf(machine, first);
  await Promise.all(plan(prng).map((planned) => send(machine, tools, planned).catch(() => undefined)));
  const { isStopped } = faults;
  faults.end();
  if (!isStopped) await verifyRunning(machine, tools);
  machine.tally.stops += isStopped ? 1 : 0;
  // The process ends, in half of the cases because the machine lost its power.
  machine.disk.endProcesses();
  if (prng.next() < 0.5) machine.losePower();
  await verifyRestarts(machine);
  return { ...machine.tally, calls: faults.calls };
}

async function verifyRunning(machine: Machine, tools: { store: DiskStore; queue: CommitQueue }): Promise<void> {
  await verify(machine, tools.store, 'while it runs');
  if (!tools.store.healthy) return;
  // Room is there again: nothing but a failed disk keeps the store from taking files.
  const [planned] = plan(machine.prng, 'afterwards');
  if (planned !== undefined && !(await tryOnce(machine, tools, planned)))
    throw new Error('nothing is taken although all is well again');
  await verify(machine, tools.store, 'after one more');
}

/** On a full disk, too, everything can be read after a start; there is room again when it returns. */
async function reopen(machine: Machine, when: string): Promise<DiskStore> {
  const isFull = machine.prng.next() < 0.4;
  if (isFull) machine.faults.fill();
  const store = await machine.open();
  await verify(machine, store, isFull ? `${when} on a full disk` : when);
  machine.faults.end();
  // What finds no room beside the start waits from then on.
  for (let turn = 0; turn < 200; turn += 1) await store.replayAgain();
  if (store.waiting.objects > 0) throw new Error(`${when}: objects wait although there is room`);
  if (isFull) await verify(machine, store, `${when}, with room again`);
  return store;
}

/** A start on a full or failing disk that ends in the middle of what it makes whole, by a power failure or alone. */
async function startInVain(machine: Machine): Promise<void> {
  const { disk, faults, prng } = machine;
  faults.fill(prng.pick([0, 0.02]));
  const store = await machine.open().catch(() => undefined);
  await store?.replayAgain().catch(() => undefined);
  for (let turn = prng.integer(0, 300); turn > 0; turn -= 1) await Promise.resolve();
  disk.endProcesses();
  faults.end();
  await store?.close();
  if (prng.next() < 0.3) machine.losePower();
}

async function verifyRestarts(machine: Machine): Promise<void> {
  for (let count = machine.prng.integer(0, 2); count > 0; count -= 1) await startInVain(machine);
  const second = await reopen(machine, 'after the restart');
  if (machine.prng.next() < 0.5) await second.close();
  machine.losePower();
  const third = await reopen(machine, 'after the second stop');
  await verifyTidy(machine, third);
  await third.close();
  machine.losePower();
  await reopen(machine, 'after the last stop');
}
