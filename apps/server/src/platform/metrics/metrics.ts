import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Figures } from './installation.ts';
import { figureGauges } from './installation-gauges.ts';

/** An answer of HTTP: the template of its route, never its path, which holds ids. */
export interface Answered {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly ms: number;
}

/** What came in and what became of it. */
export interface CameIn {
  readonly entrance: string;
  readonly outcome: string;
  readonly reason: string | undefined;
}

/** Connections of a pool. */
export interface PoolCounts {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Something that was done under one of a few names, and how it ended. */
export interface Operation {
  readonly operation: string;
  readonly outcome: string;
  readonly ms: number;
}

/**
 * What one process counts and measures, each figure defined here and nowhere else. Labels are words of this server: routes' templates, outcomes, names of
 * jobs; never ids, UIDs, paths, addresses, or anything that somebody sends. The supervisor adds the process.
 */
export interface Metrics {
  answered(answer: Answered): void;
  statement(ms: number, isFailed: boolean): void;
  pool(counts: () => PoolCounts): void;
  cameIn(results: readonly CameIn[]): void;
  stored(operation: Operation & { readonly bytes: number }): void;
  waitingObjects(counts: () => { readonly objects: number; readonly isHealthy: boolean }): void;
  association(outcome: string, code: string | null): void;
  dimse(operation: Operation & { readonly code: string | null }): void;
  dimseConnections(counts: () => { readonly connections: number; readonly associations: number }): void;
  /** Whether Redis answers; told only where it is used. */
  redis(isHere: () => boolean): void;
  /** Figures of the whole installation, read from the database when somebody asks. What fails leaves them out. */
  figures(read: () => Promise<Figures>): void;
  /** Everything, as Prometheus reads it. */
  text(): Promise<string>;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const QUICK = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];
const REQUEST = [0.01, 0.05, 0.25, 1, 5, 30];

function requestMetrics(registers: Registry[]): Pick<Metrics, 'answered'> {
  const seconds = new Histogram({
    name: 'negatoscope_http_request_seconds',
    help: 'Answers of HTTP by template of the route, method and class of the status',
    labelNames: ['route', 'method', 'status'],
    buckets: REQUEST,
    registers,
  });
  return {
    answered: ({ route, method, status, ms }) =>
      seconds.observe(
        { route, method: METHODS.has(method) ? method : 'OTHER', status: `${Math.floor(status / 100)}xx` },
        ms / 1000,
      ),
  };
}

function databaseMetrics(registers: Registry[]): Pick<Metrics, 'statement' | 'pool'> {
  const seconds = new Histogram({
    name: 'negatoscope_db_statement_seconds',
    help: 'Statements from when they are sent until they are answered',
    labelNames: ['outcome'],
    buckets: QUICK,
    registers,
  });
  return {
    statement: (ms, isFailed) => seconds.observe({ outcome: isFailed ? 'failed' : 'ok' }, ms / 1000),
    pool: (counts) => {
      new Gauge({
        name: 'negatoscope_db_connections',
        help: 'Connections of the pool that are used and idle, and who waits for one',
        labelNames: ['state'],
        registers,
        collect() {
          const { total, idle, waiting } = counts();
          this.set({ state: 'used' }, total - idle);
          this.set({ state: 'idle' }, idle);
          this.set({ state: 'waiting' }, waiting);
        },
      });
    },
  };
}

const waitingMetrics = (registers: Registry[]): Pick<Metrics, 'waitingObjects'> => ({
  waitingObjects: (counts) => {
    const gauge = (name: string, help: string, value: () => number): void =>
      void new Gauge({
        ...{ name, help, registers },
        collect() {
          this.set(value());
        },
      });
    gauge('negatoscope_object_store_waiting', 'Acknowledged objects that wait for room', () => counts().objects);
    gauge('negatoscope_object_store_healthy', '0 once it failed so that nothing is taken before a restart', () =>
      counts().isHealthy ? 1 : 0,
    );
  },
});

function objectMetrics(registers: Registry[]): Pick<Metrics, 'cameIn' | 'stored' | 'waitingObjects'> {
  const instances = new Counter({
    name: 'negatoscope_instances_total',
    help: 'Files that came in, by way, outcome and reason',
    labelNames: ['entrance', 'outcome', 'reason'],
    registers,
  });
  const seconds = new Histogram({
    name: 'negatoscope_object_store_seconds',
    help: 'Operations of the object store; a failure has its code',
    labelNames: ['operation', 'outcome'],
    buckets: QUICK,
    registers,
  });
  const bytes = new Counter({
    name: 'negatoscope_object_store_bytes_total',
    help: 'Bytes that the object store wrote and gave',
    labelNames: ['operation'],
    registers,
  });
  return {
    cameIn: (results) => {
      for (const { entrance, outcome, reason = '' } of results) instances.inc({ entrance, outcome, reason });
    },
    stored: ({ operation, outcome, ms, bytes: moved }) => {
      seconds.observe({ operation, outcome }, ms / 1000);
      if (moved > 0) bytes.inc({ operation }, moved);
    },
    ...waitingMetrics(registers),
  };
}

function dimseMetrics(registers: Registry[]): Pick<Metrics, 'association' | 'dimse' | 'dimseConnections'> {
  const associations = new Counter({
    name: 'negatoscope_dimse_associations_total',
    help: 'Associations that were accepted, refused, or ended otherwise than in order',
    labelNames: ['outcome', 'code'],
    registers,
  });
  const operations = new Counter({
    name: 'negatoscope_dimse_operations_total',
    help: 'Requests of nodes that were answered, by what the status means',
    labelNames: ['operation', 'outcome', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'negatoscope_dimse_operation_seconds',
    help: 'From the whole request to its last answer',
    labelNames: ['operation'],
    buckets: REQUEST,
    registers,
  });
  return {
    association: (outcome, code) => associations.inc({ outcome, code: code ?? '' }),
    dimse: ({ operation, outcome, code, ms }) => {
      operations.inc({ operation, outcome, code: code ?? '' });
      seconds.observe({ operation }, ms / 1000);
    },
    dimseConnections: (counts) =>
      void new Gauge({
        name: 'negatoscope_dimse_connections',
        help: 'Open connections, and associations among them',
        labelNames: ['kind'],
        registers,
        collect() {
          const { connections, associations: speaking } = counts();
          this.set({ kind: 'connection' }, connections);
          this.set({ kind: 'association' }, speaking);
        },
      }),
  };
}

/** The figures of one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  let read: (() => Promise<void>) | undefined;
  return {
    ...requestMetrics(registers),
    ...databaseMetrics(registers),
    ...objectMetrics(registers),
    ...dimseMetrics(registers),
    redis: (isHere) =>
      void new Gauge({
        name: 'negatoscope_redis_up',
        help: '1 while Redis carries limits and live events, 0 while the database does',
        registers,
        collect() {
          this.set(isHere() ? 1 : 0);
        },
      }),
    figures: (ask) => {
      const show = figureGauges(registers);
      read = () => ask().then(show, () => show(undefined));
    },
    text: async () => {
      await read?.();
      return registry.metrics();
    },
  };
}
