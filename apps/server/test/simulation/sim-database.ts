import { type Db, type SqlValue, type Statement, statementOf, type Tx } from '../../src/platform/db/database.ts';
import { type Faults, failure } from './faults.ts';

/** A row of `instances`, or of `conflicts` where it was kept aside. */
export interface SimRow {
  readonly id: string;
  readonly sopInstanceUid: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
  readonly seriesId: string;
  readonly json: Buffer;
}

interface Named {
  readonly id: string;
}
interface StudyRow extends Named {
  readonly patient_id: string;
  readonly study_instance_uid: string;
  readonly received_identity: unknown;
}
interface SeriesRow extends Named {
  readonly study_id: string;
  readonly series_instance_uid: string;
}
interface PatientRow extends Named {
  readonly external_id: string | null;
  readonly family_name: string;
  readonly given_name: string;
  readonly person_name: string;
  readonly birth_date: string | null;
  readonly identity_status: string;
}

/** What is committed. */
export class Tables {
  readonly patients = new Map<string, PatientRow>();
  readonly studies = new Map<string, StudyRow>();
  readonly series = new Map<string, SeriesRow>();
  /** By SOP Instance UID. */
  readonly instances = new Map<string, SimRow>();
  readonly conflicts = new Map<string, { readonly id: string; readonly sizeBytes: number }>();
  /** Files that the reports of imports name, by import. */
  readonly reported = new Map<string, string[]>();

  ids(): string[] {
    return [...[...this.instances.values()].map(({ id }) => id), ...this.conflicts.keys()];
  }
}

type Values = readonly SqlValue[];
type Write = (tables: Tables) => void;
const strings = (value: SqlValue | undefined): string[] => value as string[]; // A column of text.
const records = <T>(value: SqlValue | undefined): T[] => JSON.parse(String(value)) as T[];

/**
 * The statements of a commit over tables in memory: a transaction sees what was committed before it and its own writes come into force together. Its
 * connection may be lost before the commit, behind it, or while it goes on.
 */
export class SimDatabase {
  readonly tables = new Tables();
  readonly #faults: Faults;
  readonly #locks = new Map<string, Promise<void>>();
  readonly #outcomes = new Map<string, 'committed' | 'aborted' | 'in progress'>();
  #lastXid = 700;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  readonly db = {
    withScope: (_scope: unknown, work: (tx: Tx) => Promise<unknown>) => this.#transaction(work),
    reading: (_scope: unknown, work: (tx: Tx) => Promise<unknown>) => this.#transaction(work),
    withSystem: (work: (tx: Tx) => Promise<unknown>) => this.#transaction(work),
    asking: (_scope: unknown, statements: readonly Statement[]) =>
      this.#transaction((tx) => Promise.all(statements.map((one) => tx.rows(one)))),
  } as unknown as Db; // All that a commit and the removal of orphans ask of it.

  async #transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    await this.#faults.turns();
    const { database } = this.#faults.weather;
    if (this.#faults.hits(database / 4)) throw failure('ECONNREFUSED');
    const held: (() => void)[] = [];
    const release = (): void => {
      for (const free of held.splice(0)) free();
    };
    this.#lastXid += 1;
    const xid = String(this.#lastXid);
    const transaction = new Transaction(this, { xid, held });
    this.#outcomes.set(xid, 'in progress');
    try {
      const result = await work(transaction.tx);
      await this.#faults.turns();
      if (transaction.writes.length > 0 && this.#faults.hits(database)) return await this.#lose(transaction, release);
      this.#end(transaction, 'committed');
      await this.#faults.turns();
      return result;
    } catch (error) {
      if (this.#outcomes.get(xid) === 'in progress' && !transaction.isLeft) this.#end(transaction, 'aborted');
      throw error;
    } finally {
      if (!transaction.isLeft) release();
    }
  }

  /** The connection goes; whether the transaction is committed, and when, is the backend's. */
  async #lose(transaction: Transaction, release: () => void): Promise<never> {
    const { prng } = this.#faults;
    const [isCommitted, isLate] = [prng.next() < 0.5, prng.next() < 0.3];
    const end = (): void => {
      this.#end(transaction, isCommitted && !this.#faults.isStopped ? 'committed' : 'aborted');
      release();
    };
    transaction.isLeft = true;
    if (isLate) void this.#faults.turns(60).then(end, end);
    else end();
    throw new Error('Connection terminated unexpectedly');
  }

  #end(transaction: Transaction, outcome: 'committed' | 'aborted'): void {
    this.#outcomes.set(transaction.xid, outcome);
    if (outcome === 'committed') for (const write of transaction.writes) write(this.tables);
  }

  statusOf(xid: string): string {
    return this.#outcomes.get(xid) ?? 'aborted';
  }

  async beforeStatement(name: string): Promise<void> {
    await this.#faults.turns(3);
    const { database, deaf } = this.#faults.weather;
    if (name === 'ingest-xid-status' && deaf) throw failure('ECONNREFUSED');
    if (this.#faults.hits(database / 40)) throw failure('40P01');
    if (this.#faults.hits(database / 80)) throw new Error('Connection terminated unexpectedly');
  }

  /** Advisory locks are held to the end of the transaction. */
  async lock(keys: readonly string[], held: (() => void)[]): Promise<void> {
    for (const key of keys) {
      let free: () => void = () => undefined;
      const own = new Promise<void>((resolve) => {
        free = resolve;
      });
      const before = this.#locks.get(key) ?? Promise.resolve();
      this.#locks.set(
        key,
        before.then(() => own),
      );
      held.push(free);
      await before;
      // What ended meanwhile holds nothing any more.
      if (!held.includes(free)) throw failure('25P02');
    }
  }
}

class Transaction {
  readonly xid: string;
  readonly writes: Write[] = [];
  isLeft = false;
  readonly #base: SimDatabase;
  readonly #held: (() => void)[];
  /** A connection answers one statement after the other; after one that failed none is done. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(base: SimDatabase, { xid, held }: { xid: string; held: (() => void)[] }) {
    this.#base = base;
    this.xid = xid;
    this.#held = held;
  }

  get tx(): Tx {
    const answer = async (...sent: Parameters<typeof statementOf>): Promise<object[]> => {
      const { text, values, name = text } = statementOf(...sent);
      await this.#base.beforeStatement(name);
      return this.#statement(name, values);
    };
    const ask = (...sent: Parameters<typeof statementOf>): Promise<object[]> => {
      const own = this.#last.then(
        () => answer(...sent),
        () => Promise.reject(failure('25P02')),
      );
      this.#last = own;
      return own;
    };
    return {
      rows: ask,
      first: async (...args: Parameters<typeof ask>) => (await ask(...args))[0],
      run: async (...args: Parameters<typeof ask>) => (await ask(...args)).length || 1,
    } as unknown as Tx; // Rows have the columns that are asked for.
  }

  async #statement(name: string, values: Values): Promise<object[]> {
    const { tables } = this.#base;
    if (name === 'ingest-lock') await this.#base.lock(strings(values[0]), this.#held);
    if (name === 'ingest-lock-studies') await this.#base.lock(rowsOf(values[0]), this.#held);
    if (name === 'ingest-hold-places') {
      await this.#base.lock(rowsOf(values[3]), this.#held);
      return [{ xid: areHeld(tables, values) ? this.xid : null }];
    }
    if (name === 'ingest-xid') return [{ xid: this.xid }];
    if (name === 'ingest-xid-status') return [{ status: this.#base.statusOf(String(values[0])) }];
    if (name.includes('unnest($1::uuid[]) AS o(id)')) {
      const known = new Set(tables.ids());
      return strings(values[0]).flatMap((id) => (known.has(id) ? [] : [{ id }]));
    }
    const answer = READS[name]?.(tables, values);
    if (answer !== undefined) return answer;
    const write = WRITES[name]?.(tables, values);
    if (write === undefined) return [];
    this.writes.push(write);
    return name === 'ingest-insert-conflict' ? [{ id: values[0] }] : [];
  }
}

/** Locks of rows of studies, in one order. */
const rowsOf = (ids: SqlValue | undefined): string[] => [...strings(ids)].sort().map((id) => `study ${id}`);

/** ng_hold_places, as far as the tables here have what it asks for. */
function areHeld(tables: Tables, values: Values): boolean {
  const [, , sops, studies, owners, uids, identities, , , series, seriesStudies, seriesUids] = values.map(strings);
  const isStudy = (id: string, at: number): boolean => {
    const row = tables.studies.get(id);
    const isOwn = row?.patient_id === owners?.[at] && row?.study_instance_uid === uids?.[at];
    return isOwn && JSON.stringify(row?.received_identity) === identities?.[at];
  };
  const isSeries = (id: string, at: number): boolean => {
    const row = tables.series.get(id);
    return row?.study_id === seriesStudies?.[at] && row?.series_instance_uid === seriesUids?.[at];
  };
  const isNew = sops?.every((uid) => !tables.instances.has(uid)) === true;
  return isNew && studies?.every(isStudy) === true && series?.every(isSeries) === true;
}

const patientColumns = (row: PatientRow): object => ({
  ...row,
  patient_id: row.id,
  patient_deleted: false,
  identifiers: row.external_id === null ? [] : [{ issuer: '', value: row.external_id }],
  aliases: [],
});

function studiesOf(tables: Tables, uids: readonly string[]): object[] {
  return [...tables.studies.values()].flatMap((study) => {
    const patient = tables.patients.get(study.patient_id);
    if (!uids.includes(study.study_instance_uid) || patient === undefined) return [];
    const { received_identity: received, study_instance_uid: uid } = study;
    return [{ ...patientColumns(patient), id: study.id, uid, deleted: false, received }];
  });
}

const instancesOf = (tables: Tables, uids: readonly string[]): SimRow[] => uids.flatMap((uid) => tables.instances.get(uid) ?? []);

const READS: Readonly<Record<string, (tables: Tables, values: Values) => object[]>> = {
  'ingest-stored': (tables, [uids]) =>
    instancesOf(tables, strings(uids)).map(({ id, sopInstanceUid, sizeBytes, sha256, json }) => ({
      ...{ id, sop_instance_uid: sopInstanceUid, size_bytes: sizeBytes, file_sha256: sha256, json, metadata_object: null },
    })),
  'ingest-instances': (tables, [uids]) =>
    instancesOf(tables, strings(uids)).map(({ id, sopInstanceUid, seriesId }) => {
      const study = tables.studies.get(tables.series.get(seriesId)?.study_id ?? '');
      return { id, sop_instance_uid: sopInstanceUid, study_id: study?.id, study_instance_uid: study?.study_instance_uid };
    }),
  'ingest-studies': (tables, [uids]) => studiesOf(tables, strings(uids)),
  'ingest-patients': (tables, [values]) =>
    [...tables.patients.values()].filter((row) => strings(values).includes(row.external_id ?? '')).map(patientColumns),
  'ingest-lock-patients': (_, [ids]) => strings(ids).map((id) => ({ id, owner: '' })),
  'ingest-lock-studies': (tables, [ids]) => strings(ids).map((id) => ({ id, owner: tables.studies.get(id)?.patient_id ?? '' })),
  'ingest-series': (tables, [studies, uids]) =>
    [...tables.series.values()].flatMap(({ id, study_id, series_instance_uid: uid }) =>
      strings(studies).includes(study_id) && strings(uids).includes(uid) ? [{ id, study_id, uid }] : [],
    ),
};

const WRITES: Readonly<Record<string, (tables: Tables, values: Values) => Write>> = {
  'ingest-insert-patients': (_, [rows]) => into('patients', rows),
  'ingest-insert-studies': (_, [rows]) => into('studies', rows),
  'ingest-insert-series': (_, [rows]) => into('series', rows),
  'ingest-insert-instances': (tables, values) => {
    const rows = instanceRows(values);
    if (rows.some(({ sopInstanceUid }) => tables.instances.has(sopInstanceUid))) throw failure('23505');
    return (committed) => {
      for (const row of rows) committed.instances.set(row.sopInstanceUid, row);
    };
  },
  'ingest-insert-conflict':
    (_, [id, , , , , , , , sizeBytes]) =>
    (tables) =>
      void tables.conflicts.set(String(id), { id: String(id), sizeBytes: Number(sizeBytes) }),
  'ingest-insert-files':
    (_, [imports, names]) =>
    (tables) => {
      for (const [index, importId] of strings(imports).entries()) {
        tables.reported.set(importId, [...(tables.reported.get(importId) ?? []), strings(names)[index] ?? '']);
      }
    },
};

const into =
  (table: 'patients' | 'studies' | 'series', rows: SqlValue | undefined): Write =>
  (tables) => {
    const map = tables[table] as Map<string, Named>; // Each kind of row has an id.
    for (const row of records<Named>(rows)) map.set(row.id, row);
  };

function instanceRows(values: Values): SimRow[] {
  const column = <T>(index: number): T[] => values[index] as unknown as T[]; // As INSERT_INSTANCES has its parameters.
  return column<string>(1).map((id, index) => ({
    id,
    seriesId: column<string>(2)[index] ?? '',
    sopInstanceUid: column<string>(3)[index] ?? '',
    sizeBytes: column<number>(11)[index] ?? 0,
    sha256: column<Buffer>(12)[index] ?? Buffer.alloc(0),
    json: column<Buffer>(14)[index] ?? Buffer.alloc(0),
  }));
}
