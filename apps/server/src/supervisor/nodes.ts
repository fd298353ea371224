import { createHash, createHmac } from 'node:crypto';
import os from 'node:os';
import type { Client, ClientConfig } from 'pg';
import type { Secrets } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import { StartError } from '../kernel/start-error.ts';
import { clientOf } from '../platform/db/client.ts';
import { VERSION } from '../version.ts';

/** One running server of an installation: a machine and its DATA_DIR. */
export interface ServerNode {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly secretsMark: string;
  readonly objectsMark: string;
  readonly roles: readonly string[];
}

const BEAT_MS = 3_000;
/** Who was not seen for so long is gone. */
const GONE_SECONDS = 15;
/** Clocks of two machines that keep time differ by less. */
const SKEW_SECONDS = 2;
/** Any constant; nodes that start together look at each other one after the other. */
const LOCK = 7_264_392;

const hash = (...parts: readonly (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

type NodeSettings = Pick<Settings, 'port' | 'dataDir' | 'roles' | 'objectStore' | 's3'>;

export function nodeOf(settings: NodeSettings, secrets: Secrets, host = os.hostname()): ServerNode {
  const { port, dataDir, roles, objectStore, s3 } = settings;
  const id = hash(host, dataDir);
  return {
    ...{ id, name: `${host}:${port}`, version: VERSION, roles },
    secretsMark: createHmac('sha256', secrets.auditKey)
      .update(`node ${secrets.sessionSecret} ${secrets.factorKey}`)
      .digest('hex')
      .slice(0, 32),
    // What is on a disk is on this node alone.
    objectsMark: objectStore === 's3' ? hash(s3?.endpoint, s3?.bucket, s3?.prefix) : id,
  };
}

interface NodeRow {
  readonly name: string;
  readonly version: string;
  readonly secrets_mark: string;
  readonly objects_mark: string;
}

/** Why a node may not run beside others; undefined when it may. */
export function refusalOf(node: ServerNode, others: readonly NodeRow[]): StartError | undefined {
  for (const { name, version, ...marks } of others) {
    if (marks.secrets_mark !== node.secretsMark)
      return new StartError(
        'NODE_SECRETS',
        `The node ${name} runs on this database with other secrets: copy its DATA_DIR/secrets here, and give both the same SESSION_SECRET`,
      );
    if (version !== node.version)
      return new StartError(
        'NODE_VERSION',
        `The node ${name} runs version ${version}, this one is ${node.version}: end all nodes before the first of another version starts`,
      );
    if (marks.objects_mark !== node.objectsMark)
      return new StartError(
        'NODE_OBJECTS',
        `The node ${name} keeps objects elsewhere: several nodes need OBJECT_STORE=s3 and one bucket`,
      );
  }
  return undefined;
}

/** Before the schema is touched: fails with NODE_SECRETS, NODE_VERSION or NODE_OBJECTS when another node runs that this one does not go with. */
export async function requireLikeOthers(owner: ClientConfig, node: ServerNode): Promise<void> {
  await withClient(owner, (client) => look(client, node));
}

async function look(client: Client, node: ServerNode): Promise<void> {
  const { rows: tables } = await client.query(
    "SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = 'server_nodes'",
  );
  if (tables.length === 0) return; // A database that no version with nodes has seen.
  const { rows } = await client.query<NodeRow>(
    'SELECT name, version, secrets_mark, objects_mark FROM server_nodes WHERE id <> $1 AND seen_at > clock_timestamp() - make_interval(secs => $2)',
    [node.id, GONE_SECONDS],
  );
  const refusal = refusalOf(node, rows);
  if (refusal !== undefined) throw refusal;
}

export interface NodeKeeper {
  /** Seconds by which this machine's clock is ahead of the database's; undefined while that is away. */
  readonly skewSeconds: number | undefined;
  stop(): Promise<void>;
}

interface KeepOptions {
  readonly log: { warn(message: string): void };
}

/** Says every few seconds that this node runs. Of two that start together one sees the other. Fails as `requireLikeOthers`. */
export async function keepNode(owner: ClientConfig, node: ServerNode, { log }: KeepOptions): Promise<NodeKeeper> {
  await withClient(owner, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await look(client, node);
    await say(client, node);
  });
  let skewSeconds: number | undefined;
  let isWrong = false;
  const beat = async (): Promise<void> => {
    try {
      skewSeconds = await withClient(owner, (client) => say(client, node));
    } catch {
      skewSeconds = undefined;
      return;
    }
    const wasWrong = isWrong;
    isWrong = Math.abs(skewSeconds) > SKEW_SECONDS;
    if (isWrong && !wasWrong)
      log.warn(`the clock of this machine differs from the database's by ${skewSeconds.toFixed(1)} s: keep time by NTP on both`);
  };
  let beating = beat();
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, BEAT_MS).unref();
  return {
    get skewSeconds() {
      return skewSeconds;
    },
    stop: async () => {
      clearInterval(timer);
      await beating;
      await withClient(owner, (client) => client.query('DELETE FROM server_nodes WHERE id = $1', [node.id])).catch(
        () => undefined,
      );
    },
  };
}

/** Gives how far this machine's clock is ahead, in the middle between question and answer. */
async function say(client: Client, node: ServerNode): Promise<number> {
  const asked = Date.now();
  const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const skew = ((asked + Date.now()) / 2 - (rows[0]?.now.getTime() ?? asked)) / 1000;
  await client.query(
    `INSERT INTO server_nodes (id, name, version, secrets_mark, objects_mark, roles, seen_at)
     VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
     ON CONFLICT (id) DO UPDATE SET name = $2, version = $3, secrets_mark = $4, objects_mark = $5, roles = $6, seen_at = clock_timestamp()`,
    [node.id, node.name, node.version, node.secretsMark, node.objectsMark, [...node.roles]],
  );
  await client.query("DELETE FROM server_nodes WHERE seen_at < clock_timestamp() - interval '1 day'");
  return skew;
}

async function withClient<T>(owner: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = clientOf({ ...owner, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
