import { ANY_INSTANCE } from '../archive/objects/any-instance.ts';
import { shareDescriptors } from '../config/descriptors.ts';
import { checkDicomTls } from '../config/dicom-tls.ts';
import { checkPort, prepareDataDir } from '../config/preflight.ts';
import { checkRedisCa } from '../config/redis-settings.ts';
import { loadSecrets } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import { JOB_KINDS } from '../job-kinds.ts';
import { StartError } from '../kernel/start-error.ts';
import { prepareStore } from '../object-store.ts';
import { clientOf } from '../platform/db/client.ts';
import { migrate } from '../platform/db/migrate.ts';
import { superviseMetrics } from '../platform/metrics/index.ts';
import { migrateQueue } from '../platform/queue/queue.ts';
import { VERSION } from '../version.ts';
import { keepDatabase } from './database-keeper.ts';
import { openDatabases } from './databases.ts';
import { type EnsureFirstAdmin, makeFirstAdmin } from './first-run.ts';
import { openFrontDoor } from './front-door.ts';
import { waitForHealth } from './health.ts';
import type { KeptProcess } from './keep-running.ts';
import { tellLostKeys } from './lost-keys.ts';
import { serveMetrics } from './metrics-server.ts';
import { keepNode, nodeOf, requireLikeOthers } from './nodes.ts';
import { type ChildEntries, startDimseProcess, startJobProcess, startWebProcesses, type WebProcesses } from './processes.ts';
import type { DatabaseConnections, Runtime } from './runtime.ts';
import { collectStartGarbage } from './start-garbage.ts';

export interface SupervisorOptions {
  readonly settings: Settings;
  readonly entries: ChildEntries;
  readonly ensureFirstAdmin: EnsureFirstAdmin;
  readonly log: { info(message: string): void; warn(message: string): void; error(message: string): void };
  /** Standard output, for the administrator's password and the line that says where the server is. */
  readonly print: (line: string) => void;
  /** Aborted to end it; a reason that is a StartError is thrown. */
  readonly control: AbortController;
}

/** Longer than a web process gives its requests. */
const webDrainMs = 15_000;
/** What is broken off is done again: jobs are durable and idempotent, and a sender of instances that was not answered sends again. */
const otherDrainMs = 10_000;
const startWithinMs = 5 * 60_000;

/**
 * Runs the whole server until `control` is aborted, then ends it in order: web processes and jobs together, what they have begun first as far as it is
 * soon done, and last the database that it started. Throws a StartError when it can't start.
 */
export async function supervise(options: SupervisorOptions): Promise<void> {
  const { signal } = options.control;
  // What has been started, undone backwards whatever happens.
  const undo: (() => Promise<void>)[] = [];
  try {
    await start(options, undo);
    await aborted(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    options.control.abort(); // also when the start failed: nothing is to be started again from here on
    for (const step of undo.reverse()) await step();
  }
  if (signal.reason instanceof StartError) throw signal.reason;
}

async function start(options: SupervisorOptions, undo: (() => Promise<void>)[]): Promise<void> {
  const { settings, log, print, control } = options;
  const { signal } = control;
  prepareDataDir(settings.dataDir);
  const secrets = loadSecrets(settings);
  checkDicomTls(settings.dicom);
  checkRedisCa(settings.redis);
  if (settings.roles.includes('web')) await checkPort(settings);
  warnAboutPlainHttp(options);

  const databases = await openDatabases(settings, log, signal);
  undo.push(keepDatabase(databases, { dataDir: settings.dataDir, log, signal }));
  signal.throwIfAborted();
  const node = nodeOf(settings, secrets);
  await requireLikeOthers(databases.connections.owner, node);
  await migrate(databases.connections.owner);
  await migrateQueue(databases.connections.owner, JOB_KINDS);
  await prepareObjects(settings, databases.connections, log);
  await tellLostKeys(databases.connections.owner, secrets, log);
  signal.throwIfAborted();
  const runtime: Runtime = { settings, secrets, databases: databases.connections };
  const announcement = await makeFirstAdmin(runtime, options.ensureFirstAdmin);
  signal.throwIfAborted();

  const kept = await keepNode(databases.connections.owner, node, { log });
  undo.push(() => kept.stop());
  await startProcesses(options, runtime, { undo, announcement, skewSeconds: () => kept.skewSeconds });
  const roles = settings.roles.includes('web') ? settings.publicUrl : `${settings.roles.join(' and ')} of ${settings.publicUrl}`;
  print(`Negatoscope is ready: ${roles}`);
  collectStartGarbage();
}

/** A bucket that can't be used ends the start with a line that says why. */
async function prepareObjects(
  settings: Settings,
  { owner }: DatabaseConnections,
  log: Pick<SupervisorOptions['log'], 'warn'>,
): Promise<void> {
  const hasInstances = async (): Promise<boolean> => {
    const client = clientOf(owner);
    await client.connect();
    try {
      return (await client.query(ANY_INSTANCE)).rowCount !== 0;
    } finally {
      await client.end();
    }
  };
  await prepareStore(settings, { hasInstances, warn: (message) => log.warn(message) });
}

interface StartedBefore {
  readonly undo: (() => Promise<void>)[];
  readonly announcement: readonly string[];
  readonly skewSeconds: () => number | undefined;
}

/** Those of this node's roles: web processes, and the others once they answer. */
async function startProcesses(options: SupervisorOptions, runtime: Runtime, before: StartedBefore): Promise<void> {
  const { settings, entries, log, print, control } = options;
  const { undo, announcement, skewSeconds } = before;
  const onFatal = (message: string): void => control.abort(new StartError('CHILD_FAILED', message));
  const runs = (role: Settings['roles'][number]): boolean => settings.roles.includes(role);
  const web = runs('web') ? await openWeb(options, runtime, onFatal) : undefined;
  const others: KeptProcess[] = [];
  undo.push(async () => {
    await Promise.all([web?.stop(), ...others.map((one) => one.stop(otherDrainMs))]);
  });

  await openMetrics(settings, { undo, skewSeconds, processes: () => [...(web?.kept ?? []), ...others] });
  for (const line of announcement) print(line);
  if (web !== undefined) await waitForWeb(web, options, onFatal);
  // After the web processes, which somebody waits for.
  if (runs('worker')) others.push(startJobProcess({ entries, runtime, log, onFatal }));
  if (runs('dimse') && (settings.dicom.port !== 0 || settings.dicom.tls?.port !== undefined))
    others.push(startDimseProcess({ entries, runtime, log, onFatal }));
}

async function openWeb(
  { settings, entries, log }: SupervisorOptions,
  runtime: Runtime,
  onFatal: (message: string) => void,
): Promise<{ readonly kept: WebProcesses['kept']; stop(): Promise<void> }> {
  const door = await openFrontDoor({ ...settings, mostWaiting: shareDescriptors().waiting, log });
  const web = startWebProcesses({ entries, runtime, log, onFatal, door });
  return {
    kept: web.kept,
    stop: () => {
      door.close();
      return web.stop(webDrainMs);
    },
  };
}

interface Watched {
  readonly undo: (() => Promise<void>)[];
  readonly processes: () => readonly KeptProcess[];
  readonly skewSeconds: () => number | undefined;
}

/** Before anybody waits: how a start goes can be watched as well. */
async function openMetrics({ metrics, dataDir }: Settings, { undo, ...watched }: Watched): Promise<void> {
  if (metrics === undefined) return;
  const server = await serveMetrics(metrics, superviseMetrics({ ...watched, dataDir, version: VERSION }));
  undo.push(async () => server.close());
}

async function waitForWeb(
  web: Pick<WebProcesses, 'kept'>,
  { settings, control: { signal } }: SupervisorOptions,
  onFatal: (message: string) => void,
): Promise<void> {
  const giveUp = setInterval(() => {
    if (web.kept.every((kept) => kept.failures() >= 4))
      onFatal('the web processes end as soon as they start: the log above says why');
  }, 200);
  try {
    await waitForHealth(settings, AbortSignal.any([signal, AbortSignal.timeout(startWithinMs)]));
  } catch (error) {
    if (!signal.aborted) throw new StartError('NOT_HEALTHY', 'the web processes do not answer: the log above says why', error);
    throw error;
  } finally {
    clearInterval(giveUp);
  }
}

function warnAboutPlainHttp({ settings, log }: SupervisorOptions): void {
  const isLoopback = settings.host === 'localhost' || settings.host === '::1' || settings.host.startsWith('127.');
  if (isLoopback || settings.publicUrl.startsWith('https:')) return;
  log.warn(
    `HOST ${settings.host} is reachable from other machines without encryption: put a proxy with https before it and set PUBLIC_URL`,
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
