import type { NodeEventCode } from '@negatoscope/contract';
import { type AgreedContext, type CommandSet, STATUS, statusKind } from '@negatoscope/dimse';
import type { Asked } from '../ask/asked.ts';
import { type Answered, refused } from '../listen/operation.ts';
import { type Keeper, storeOperation } from '../listen/store.ts';
import { codeOfReason, codeOfStatus } from '../log/codes.ts';
import { Getting } from './get.ts';
import { Moving } from './move.ts';
import { type PlannedSeries, planOf } from './plan.ts';
import { NotSupported, Querying } from './query.ts';

export interface RetrievePorts {
  readonly node: Asked;
  readonly signal: AbortSignal;
  /** Keeps what the node sends in the association that asked for it. */
  readonly keeper: Keeper;
  /** Which of these are stored where they are to go. */
  readonly storedAmong: (sopInstanceUids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Whether what the node sends of itself goes where this is to go. */
  readonly mayMove: boolean;
  readonly onProgress: (progress: StudyCounts) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Instances of one study; `total` as far as the node says. */
export interface StudyCounts {
  readonly total: number | null;
  readonly done: number;
  readonly warned: number;
  readonly failed: number;
  readonly bytes: number;
}
export interface StudyEnd extends StudyCounts {
  readonly code: NodeEventCode | null;
  readonly status: number | null;
}

/** As instances are stored, the most usual first; what is in another one stays where it is. */
const TRANSFER_SYNTAXES = [
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.201',
  '1.2.840.10008.1.2.4.202',
  '1.2.840.10008.1.2.4.203',
  '1.2.840.10008.1.2.4.102',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.1.99',
];
/** A command names so many instances; more are asked for in turn. */
const MOST_NAMED = 200;
const LOOK_EVERY_MS = 1_000;

const uids = (values: readonly string[]) => ({ vr: 'UI', Value: values });

/** One study on its way here. */
class Retrieval {
  readonly #ports: RetrievePorts;
  readonly #studyInstanceUid: string;
  readonly #here = new Set<string>();
  readonly #aside = new Set<string>();
  #expected: ReadonlySet<string> = new Set();
  #bytes = 0;
  #code: NodeEventCode | null = null;
  #status: number | null = null;
  #lookedAt = 0;

  constructor(studyInstanceUid: string, ports: RetrievePorts) {
    this.#studyInstanceUid = studyInstanceUid;
    this.#ports = ports;
  }

  async run(): Promise<StudyEnd> {
    const planned = await this.#plan();
    if (planned.length === 0) return { total: null, done: 0, warned: 0, failed: 0, bytes: 0, code: 'NOT_THERE', status: null };
    this.#expected = new Set(planned.flatMap(({ instances }) => instances));
    await this.#look([...this.#expected]);
    await this.#tell();
    let isByMove = false;
    for (const series of planned) {
      if (this.#ports.signal.aborted) break;
      const missing = series.instances.filter((uid) => !this.#here.has(uid));
      if (series.instances.length > 0 && missing.length === 0) continue;
      if (!isByMove) isByMove = !(await this.#get(series, missing));
      if (isByMove && !(await this.#move(series, missing))) break;
      await this.#look(series.instances);
      await this.#tell();
    }
    return this.#end();
  }

  async #plan(): Promise<PlannedSeries[]> {
    const querying = await Querying.open(this.#ports.node, { signal: this.#ports.signal });
    const planned = await planOf(querying, this.#studyInstanceUid);
    await querying.release();
    return planned;
  }

  /** What is here is what counts, whatever the node says that it sent. */
  async #look(sopInstanceUids: readonly string[]): Promise<void> {
    if (sopInstanceUids.length === 0) return;
    for (const uid of await this.#ports.storedAmong(sopInstanceUids)) this.#here.add(uid);
  }

  #counts(): StudyCounts {
    const warned = [...this.#aside].filter((uid) => !this.#here.has(uid)).length;
    // What came of a series of which the node lists nothing is of the study as well.
    const total = this.#expected.size === 0 ? null : new Set([...this.#expected, ...this.#here, ...this.#aside]).size;
    return { total, done: this.#here.size, warned, failed: 0, bytes: this.#bytes };
  }

  #tell(): Promise<void> {
    return this.#ports.onProgress(this.#counts());
  }

  #end(): StudyEnd {
    const counts = this.#counts();
    const failed = [...this.#expected].filter((uid) => !this.#here.has(uid) && !this.#aside.has(uid)).length;
    const isGood = failed === 0 && (counts.total !== null || counts.done > 0);
    if (isGood) return { ...counts, code: null, status: null };
    return { ...counts, failed, code: this.#code ?? 'NOT_SENT', status: this.#status };
  }

  /** Keys of what is missing of a series: all of it, or by name. */
  *#keysOf({ seriesInstanceUid, instances }: PlannedSeries, missing: readonly string[]) {
    const ofSeries = { '0020000D': uids([this.#studyInstanceUid]), '0020000E': uids([seriesInstanceUid]) };
    if (missing.length === instances.length) {
      yield { ...ofSeries, '00080052': { vr: 'CS', Value: ['SERIES'] } };
      return;
    }
    for (let at = 0; at < missing.length; at += MOST_NAMED)
      yield { ...ofSeries, '00080018': uids(missing.slice(at, at + MOST_NAMED)), '00080052': { vr: 'CS', Value: ['IMAGE'] } };
  }

  #said(status: number): void {
    // What is known of an instance says more than that some were not stored.
    if (statusKind(status) === 'success' || this.#code !== null) return;
    this.#status = status;
    this.#code = codeOfStatus(status);
  }

  /** False where the node has no C-GET. */
  async #get(series: PlannedSeries, missing: readonly string[]): Promise<boolean> {
    const { node, signal } = this.#ports;
    const wanted = series.instances.length === 0 ? undefined : new Set(series.instances);
    let current = '';
    const store = (command: CommandSet, context: AgreedContext) => {
      current = command.AffectedSOPInstanceUID ?? '';
      // What was not asked for is not kept: this is no way to send of itself.
      if (wanted?.has(current) === false) return refused({ status: STATUS.DATASET_DOES_NOT_MATCH });
      const ofStudy = { studyInstanceUid: this.#studyInstanceUid };
      const request = { command, context, from: node.aeTitle, to: node.callingAet, ...ofStudy };
      return storeOperation(this.#ports.keeper, request, this.#ports.onFailure);
    };
    const stored = (answer: Answered, bytes: number): void => this.#stored(current, answer, bytes);
    const toGet = { classes: series.classes, transferSyntaxes: TRANSFER_SYNTAXES };
    try {
      const getting = await Getting.open({ node, ...toGet, store, stored, signal });
      const cancel = (): void => getting.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        for (const keys of this.#keysOf(series, missing)) this.#said(await getting.get(keys));
        await getting.release();
      } finally {
        signal.removeEventListener('abort', cancel);
      }
      return true;
    } catch (error) {
      if (error instanceof NotSupported) return false;
      throw error;
    }
  }

  #stored(sopInstanceUid: string, { status, reason }: Answered, bytes: number): void {
    this.#bytes += bytes;
    if (status === STATUS.SUCCESS) this.#here.add(sopInstanceUid);
    else if (statusKind(status) === 'warning') this.#aside.add(sopInstanceUid);
    else [this.#code, this.#status] = [codeOfReason(reason) ?? codeOfStatus(status), status];
    this.#tellSometimes();
  }

  #tellSometimes(): void {
    const now = Date.now();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    this.#tell().catch(this.#ports.onFailure);
  }

  /** False where that is no way either. */
  async #move(series: PlannedSeries, missing: readonly string[]): Promise<boolean> {
    const { node, signal, mayMove } = this.#ports;
    if (!mayMove) {
      this.#code = 'NO_WAY';
      return false;
    }
    try {
      const moving = await Moving.open(node, signal);
      for (const keys of this.#keysOf(series, missing)) {
        const status = await moving.move(keys, async () => {
          if (Date.now() - this.#lookedAt < LOOK_EVERY_MS) return;
          this.#lookedAt = Date.now();
          await this.#look(series.instances);
          await this.#tell();
        });
        this.#said(status);
      }
      await moving.release();
      return true;
    } catch (error) {
      if (!(error instanceof NotSupported)) throw error;
      this.#code = 'CLASS_NOT_SUPPORTED';
      return false;
    }
  }
}

/** Fetches what of a study is not here yet. Fails with AssociationFailure or NotSupported; what came before stays, and is told as progress. */
export const retrieveStudy = (studyInstanceUid: string, ports: RetrievePorts): Promise<StudyEnd> =>
  new Retrieval(studyInstanceUid, ports).run();
