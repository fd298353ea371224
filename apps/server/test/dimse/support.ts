import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AssociateAccept,
  type AssociateRequest,
  type CommandSet,
  commandPdus,
  datasetPdus,
  MessageReader,
  type Outcome,
  STATUS,
  UpperLayer,
} from '@negatoscope/dimse';
import pino, { type Logger } from 'pino';
import { run } from '../../../../packages/testkit/src/testing/run.ts';
import type { Service } from '../../src/access/index.ts';
import { dimseArchive } from '../../src/dimse-archive.ts';
import { certifying } from '../../src/dimse-commitment.ts';
import { dimseKeeper } from '../../src/dimse-ingest.ts';
import { dimseSearch } from '../../src/dimse-search.ts';
import { dimseSteps } from '../../src/dimse-steps.ts';
import { dimseWorklist } from '../../src/dimse-worklist.ts';
import { createAudit } from '../../src/features/audit/index.ts';
import { type Archive, type Keeper, type Listener, listenForDicom } from '../../src/features/dimse/index.ts';
import type { ListenLimits } from '../../src/features/dimse/listen/limits.ts';
import { createIngestFixture, type IngestFixture, type IngestFixtureOptions } from '../../src/features/ingest/ingest-fixture.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Db } from '../../src/platform/db/database.ts';
import { openPostgresState } from '../../src/platform/shared-state/index.ts';
import type { TlsFiles } from '../../src/platform/tls/files.ts';

export { datasetOf } from './dataset-of.ts';
export { run };
export const VERIFICATION = '1.2.840.10008.1.1';
export const CT_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
export const EXPLICIT = '1.2.840.10008.1.2.1';

export interface NodeValues {
  readonly aeTitle: string;
  readonly host?: string;
  readonly groupId?: string | null;
  readonly mayStore?: boolean;
  readonly mayQuery?: boolean;
  readonly mayRetrieve?: boolean;
  readonly port?: number;
  readonly mayWorklist?: boolean;
}

/** The pipeline of ingest with a listener before it. */
export interface DimseFixture extends IngestFixture {
  readonly listener: Listener;
  readonly port: number;
  readonly logLines: string[];
  addNode(values: NodeValues): Promise<string>;
  /** Rows of what was received and not: outcomes and reasons in order. */
  outcomes(): Promise<{ outcome: string; reason: string | null }[]>;
  /** A folder that goes with the fixture. */
  readonly files: string;
}

export async function createDimseFixture(
  options: IngestFixtureOptions & {
    readonly limits?: undefined;
    readonly listen?: Partial<ListenLimits>;
    readonly keeper?: (keeper: Keeper) => Keeper;
    readonly tls?: TlsFiles;
  } = {},
): Promise<DimseFixture> {
  const fixture = await createIngestFixture(options);
  const logLines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logLines.push(line) });
  const archive = dimseArchive(fixture.db, { objects: fixture.guarded, scratch: fixture.scratch });
  const state = openPostgresState({ db: fixture.db, connection: fixture.database.appConfig });
  const wrap = options.keeper ?? ((keeper: Keeper) => keeper);
  const listener = listenForDicom(
    {
      ...portsOf(fixture.db, log),
      changes: state.changes,
      archive,
      certify: certifying(fixture.db, fixture.guarded),
      openKeeper: (by, groupId) => wrap(dimseKeeper(fixture.ingest, by, groupId)),
    },
    {
      ...{ aeTitle: 'NEGATOSCOPE', host: '127.0.0.1', port: 0, limits: options.listen ?? {} },
      ...(options.tls === undefined ? {} : { tls: options.tls }),
    },
  );
  while (listener.port() === undefined) await new Promise((done) => setTimeout(done, 5));
  const files = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-dimse-'));
  return {
    ...fixture,
    listener,
    port: listener.port() ?? 0,
    logLines,
    files,
    addNode: (values) => addNode(fixture, values),
    outcomes: () => fixture.db.withSystem((tx) => tx.rows('SELECT outcome, reason FROM import_files ORDER BY id')),
    close: async () => {
      await listener.close(1000);
      await state.close();
      await archive.close();
      rmSync(files, { recursive: true });
      await fixture.close();
    },
  };
}

/** Changes that nobody hears: nothing comes from memory. */
const UNHEARD = { subscribe: () => () => undefined, isTrusted: false };
/** Nobody listens. */
export const SILENT = { publish: async () => undefined, subscribe: () => () => undefined };

/** What a listener needs beside a keeper. */
export const portsOf = (db: Db, log: Logger) => ({
  db,
  audit: createAudit({ db, clock: systemClock }),
  clock: systemClock,
  log,
  changes: UNHEARD,
  search: dimseSearch(db),
  archive: NOTHING_TO_SEND,
  worklist: dimseWorklist(db),
  certify: async (_groupId: string | null, instances: readonly object[]) => instances.map(() => STATUS.NO_SUCH_INSTANCE),
  openSteps: (by: Service, node: { readonly id: string; readonly groupId: string | null }) =>
    dimseSteps({ db, audit: createAudit({ db, clock: systemClock }), clock: systemClock, state: { events: SILENT } }, by, node),
});

const NOTHING_TO_SEND: Archive = { find: async () => [], opener: () => async () => undefined };

async function addNode({ db }: Pick<IngestFixture, 'db'>, values: NodeValues): Promise<string> {
  const id = newId();
  const {
    aeTitle,
    host = '127.0.0.1',
    port = 104,
    groupId = null,
    mayStore = true,
    mayQuery = false,
    mayRetrieve = false,
    mayWorklist = false,
  } = values;
  await db.withSystem((tx) =>
    tx.run(
      `INSERT INTO dicom_nodes (id, name, ae_title, host, port, may_store, may_query, may_retrieve, may_worklist, group_id, created_at, updated_at)
       VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, now(), now())`,
      [id, aeTitle, host, port, mayStore, mayQuery, mayRetrieve, mayWorklist, groupId],
    ),
  );
  return id;
}

/** `storescu` of files as a node. */
export const storescu = (
  { port, files: folder }: Pick<DimseFixture, 'port' | 'files'>,
  { aet = 'SCANNER', called = 'NEGATOSCOPE', options = [] as readonly string[] },
  files: readonly Uint8Array[],
) => {
  const names = files.map((bytes, index) => {
    const name = path.join(folder, `${newId()}-${index}.dcm`);
    writeFileSync(name, bytes);
    return name;
  });
  return run('storescu', ['-v', '-nh', '-aet', aet, '-aec', called, ...options, '127.0.0.1', String(port), ...names]);
};

export const requestOf = (
  calling: string,
  contexts: readonly [string, ...string[]][],
  called = 'NEGATOSCOPE',
): AssociateRequest => ({
  protocolVersion: 1,
  calledAet: called,
  callingAet: calling,
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: contexts.map(([abstractSyntax, ...transferSyntaxes], index) => ({
    id: 2 * index + 1,
    abstractSyntax,
    transferSyntaxes,
  })),
  user: { maxLength: 16_384, implementationClassUid: '1.2.3', roles: [], extended: [], commonExtended: [] },
});

const peers = new Set<Socket>();

/** Ends those that a test left open. */
export function closeRawPeers(): void {
  for (const socket of peers) socket.destroy();
  peers.clear();
}

/** A peer that can do what no program of DCMTK does. */
export class RawPeer {
  readonly socket: Socket;
  readonly #layer = new UpperLayer({ isRequestor: true, artimMs: 60_000, maxDataBytes: 131_072 });
  readonly #told: Outcome[] = [];
  #reader: MessageReader | undefined;
  #wake: () => void = () => undefined;
  #peerMax = 0;
  #isClosed = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    peers.add(this.socket);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (bytes) => this.#play(this.#layer.receive(bytes, 0)));
    this.socket.on('close', () => {
      this.#isClosed = true;
      this.#play(this.#layer.closed(0));
    });
  }

  #play(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.kind === 'send') for (const bytes of outcome.bytes) this.socket.write(bytes);
      else if (outcome.kind === 'close') this.socket.end();
      else this.#told.push(outcome);
    }
    this.#wake();
  }

  /** What this side is told next. */
  async next(): Promise<Outcome> {
    for (;;) {
      const first = this.#told.shift();
      if (first !== undefined) return first;
      if (this.#isClosed) return { kind: 'broken' };
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  async associate(request: AssociateRequest): Promise<AssociateAccept | string> {
    this.#layer.associate(request, 0);
    await new Promise((done) => (this.socket.connecting ? this.socket.once('connect', done) : done(undefined)));
    this.#play(this.#layer.opened(0));
    const outcome = await this.next();
    if (outcome.kind === 'rejected') return `${outcome.reject.result} ${outcome.reject.source} ${outcome.reject.reason}`;
    if (outcome.kind !== 'accepted') return outcome.kind;
    this.#peerMax = outcome.accept.user.maxLength;
    const context = { abstractSyntax: '', requestorIsScu: true, requestorIsScp: false };
    this.#reader = new MessageReader(
      new Map(outcome.accept.contexts.map(({ id, transferSyntax }) => [id, { ...context, id, transferSyntax }])),
    );
    return outcome.accept;
  }

  command(contextId: number, command: CommandSet): void {
    this.#play(this.#layer.data(commandPdus(contextId, command, this.#peerMax), 0));
  }

  /** A command as a system sends it that keeps the rest until the head is acknowledged: told whether anything came for that, or it took too long. */
  async held(contextId: number, command: CommandSet): Promise<'bytes' | 'time'> {
    return this.inTwo(Buffer.concat(commandPdus(contextId, command, this.#peerMax)));
  }

  async inTwo(pdu: Uint8Array): Promise<'bytes' | 'time'> {
    this.socket.write(pdu.subarray(0, 6));
    const heard = once(this.socket, 'data').then(() => 'bytes' as const);
    const by = await Promise.race([heard, sleep(1_000, 'time' as const)]);
    this.socket.write(pdu.subarray(6));
    return by;
  }

  dataset(contextId: number, bytes: Uint8Array, endsHere = true): void {
    for (const pdu of datasetPdus(contextId, { bytes, endsHere }, this.#peerMax)) this.#play(this.#layer.data(pdu, 0));
  }

  /** Every response up to the last one, with its dataset; after so many it is cancelled. */
  async answers(contextId: number, cancelAfter = Number.POSITIVE_INFINITY): Promise<{ command: CommandSet; dataset: Buffer }[]> {
    const found: { command: CommandSet; dataset: Buffer }[] = [];
    let runs: Uint8Array[] = [];
    for (;;) {
      const outcome = await this.next();
      if (outcome.kind !== 'data') throw new Error(outcome.kind);
      const part = this.#reader?.take(outcome.piece);
      if (part?.kind === 'command') found.push({ command: part.command, dataset: Buffer.alloc(0) });
      if (part?.kind === 'dataset') runs.push(Uint8Array.from(part.bytes));
      if (part?.kind === 'dataset' && part.isLast) {
        const last = found.pop();
        if (last !== undefined) found.push({ ...last, dataset: Buffer.concat(runs) });
        runs = [];
      }
      const status = found.at(-1)?.command.Status ?? 0xff00;
      const isWhole = part?.kind === 'command' ? !part.hasDataset : part?.isLast === true;
      if (isWhole && status !== 0xff00 && status !== 0xff01) return found;
      if (isWhole && found.length === cancelAfter)
        this.command(contextId, { CommandField: 0x0fff, MessageIDBeingRespondedTo: 1, CommandDataSetType: 0x0101 });
    }
  }

  /** The next message with its dataset, or how it ended. */
  async message(): Promise<{ command: CommandSet; dataset: Buffer } | string> {
    let command: CommandSet = {};
    const runs: Uint8Array[] = [];
    for (;;) {
      const outcome = await this.next();
      if (outcome.kind !== 'data') return outcome.kind;
      const part = this.#reader?.take(outcome.piece);
      if (part?.kind === 'command') command = part.command;
      if (part?.kind === 'dataset') runs.push(Uint8Array.from(part.bytes));
      if (part?.kind === 'command' ? !part.hasDataset : part?.isLast === true) return { command, dataset: Buffer.concat(runs) };
    }
  }

  /** The next response, or how it ended. */
  async response(): Promise<CommandSet | string> {
    for (;;) {
      const outcome = await this.next();
      if (outcome.kind !== 'data') return outcome.kind;
      const part = this.#reader?.take(outcome.piece);
      if (part?.kind === 'command') return part.command;
    }
  }

  async release(): Promise<string> {
    this.#play(this.#layer.release(0));
    return (await this.next()).kind;
  }
}
