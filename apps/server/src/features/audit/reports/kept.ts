/** What a report keeps: ids and counts, never a name. */
export interface Figures {
  readonly events: number;
  readonly people: readonly {
    readonly actorId: string;
    readonly events: number;
    readonly patients: number;
    readonly takenOut: number;
    readonly denied: number;
    readonly failed: number;
  }[];
  /** Each kind of event of each actor; `actor` is a service or a link, both null where nobody is known. */
  readonly rows: readonly {
    readonly actorId: string | null;
    readonly actor: string | null;
    readonly action: string;
    readonly outcome: string;
    readonly events: number;
    readonly patients: number;
  }[];
  readonly warnings: { readonly raised: number; readonly acknowledged: number; readonly open: number };
  /** Whether the chain held when it was last checked, as the report was made; null before the first time. */
  readonly chainHolds: boolean | null;
}
