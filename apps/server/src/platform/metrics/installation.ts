export interface JobFigures {
  readonly name: string;
  readonly runs: number;
  readonly failures: number;
  readonly totalMs: number;
  readonly waiting: number;
  readonly running: number;
}

/** Seconds are those that have passed; undefined where there is none. */
export interface Figures {
  readonly jobs: readonly JobFigures[];
  readonly audit: { readonly pending: number; readonly lagSeconds: number };
  readonly damagedObjects: number;
  readonly orthanc:
    | {
        readonly unreachedSeconds: number | undefined;
        readonly failingSeconds: number;
        readonly waiting: number;
        readonly unsent: number;
      }
    | undefined;
}
