export type DamageReason = 'MISSING' | 'SIZE' | 'HASH' | 'UNREADABLE';

/** Which objects are known to be not as they were received. */
export interface DamageList {
  /** The ids of all. From memory, unless changes can't be heard now. */
  all(): ReadonlySet<string> | Promise<ReadonlySet<string>>;
  /** Notes an object and tells every process; false when no row names it (any more), or it was noted before. */
  mark(id: string, reason: DamageReason): Promise<boolean>;
  /** Calls back for each object that was healed, in any process; undefined when it may have been any. */
  onHealed(listener: (id: string | undefined) => void): void;
  close(): void;
}
