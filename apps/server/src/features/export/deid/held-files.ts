import { type Actor, type Scope, scopeOf, service } from '../../../access/index.ts';
import {
  type MaskTools,
  NotDeidentified,
  type PixelDecision,
  type RefusedBecause,
  WaitsForPerson,
} from '../../../archive/deidentified/index.ts';
import type { ExportedInstance } from '../../../archive/records/exported.ts';
import { personOfParts } from '../../../archive/records/study-rows.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import * as rows from './held-rows.ts';

/** What people decided of a file's pixels counts as well for whoever has a link to its study, in whose scope decisions are not. */
const DECISIONS = service('shared-files', []);

/** What the manifest says of a file about which somebody decided. */
export interface ToldDecision {
  readonly done: 'MASKED' | 'ACCEPTED';
  readonly by: string;
  /** The day (UTC): by the moment files of two projects could be joined. */
  readonly at: string;
}

interface Place {
  readonly studyId: string;
  readonly groupId: string | null;
  readonly seriesId: string;
}

/** What was decided about the files of a page, and which of them are to wait for a person. */
export class HeldFiles {
  readonly #db: Pick<Db, 'withScope'>;
  readonly #actor: Actor;
  readonly #scope: Scope;
  readonly #clock: Clock;
  readonly #tools: MaskTools;
  readonly #known: ReadonlyMap<string, rows.HeldRow>;
  readonly #held: rows.NewHeld[] = [];

  private constructor(deps: HeldDeps, actor: Actor, known: readonly rows.HeldRow[]) {
    this.#db = deps.db;
    this.#clock = deps.clock;
    this.#tools = deps.masking;
    this.#actor = actor;
    this.#scope = scopeOf(actor);
    this.#known = new Map(known.map((row) => [row.instance_id, row]));
  }

  static async of(deps: HeldDeps, actor: Actor, page: readonly ExportedInstance[]): Promise<HeldFiles> {
    const scope = scopeOf(actor.kind === 'link' ? DECISIONS : actor);
    const ids = page.map(({ id }) => id);
    return new HeldFiles(deps, actor, await deps.db.reading(scope, (tx) => rows.findHeldAmong(tx, ids)));
  }

  /** Undefined where nobody has decided, or about another file that was in its place. */
  #decided({ id, file_sha256: sha256 }: ExportedInstance): rows.HeldRow | undefined {
    const row = this.#known.get(id);
    return row !== undefined && row.decision !== null && row.file_sha256.equals(sha256) ? row : undefined;
  }

  /** How it leaves, and as what that is told; fails with NotDeidentified where somebody said that it doesn't. */
  decisionOf(instance: ExportedInstance): { decision: PixelDecision; told: ToldDecision } | undefined {
    const row = this.#decided(instance);
    if (row === undefined || row.decision === null) return undefined;
    if (row.decision === 'LEFT_OUT') throw new NotDeidentified('LEFT_OUT');
    const at = row.decided_at?.toISOString().slice(0, 10) ?? '';
    const told = { done: row.decision, by: personOfParts(row.by_name) ?? '', at };
    return { decision: { masks: row.masks, tools: this.#tools }, told };
  }

  /** Why a file stays that the header alone would keep, once somebody has said something of its pixels; null where it leaves. */
  reasonAfter(instance: ExportedInstance, because: RefusedBecause | null): RefusedBecause | null {
    const decision = this.#decided(instance)?.decision;
    if (decision === undefined || decision === null) return because;
    if (decision === 'LEFT_OUT') return decision;
    return because === 'BURNED_IN' || because === 'NAME_IN_PIXELS' ? null : because;
  }

  /** Notes one that waits. */
  hold(error: unknown, instance: ExportedInstance, place: Place): void {
    if (!(error instanceof WaitsForPerson)) return;
    const { because } = error;
    const { id: instanceId, sop_instance_uid: sopInstanceUid, file_sha256: sha256 } = instance;
    this.#held.push({ ...place, ...error.picture, instanceId, sopInstanceUid, sha256, because });
  }

  async keep(): Promise<void> {
    // Whoever has a link reads: what a person is to look at waits from exports of people.
    if (this.#held.length === 0 || this.#actor.kind === 'link') return;
    await this.#db.withScope(this.#scope, (tx) => rows.holdFiles(tx, this.#held, this.#clock.now()));
  }
}

export interface HeldDeps {
  readonly db: Pick<Db, 'withScope' | 'reading'>;
  readonly clock: Clock;
  readonly masking: MaskTools;
}
