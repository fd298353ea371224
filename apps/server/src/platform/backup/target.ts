/** What is listed of a target. */
export interface KeptFile {
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * Where backups are kept: named files of bytes, whatever they mean. Names are `folder/name` of our making, in lower case. What fails is a StartError with
 * TARGET_UNREACHABLE, TARGET_FULL or, for what is not there, BACKUP_INCOMPLETE.
 */
export interface BackupTarget {
  /** What people call it, as they named it. */
  readonly address: string;
  /** Durable and whole when it returns, or not there at all. Names are never used twice, save by `replace`. */
  put(name: string, bytes: Buffer): Promise<void>;
  /** The same, and false when there is one of this name already: of two that try at once one succeeds. */
  create(name: string, bytes: Buffer): Promise<boolean>;
  replace(name: string, bytes: Buffer): Promise<void>;
  get(name: string): Promise<Buffer>;
  /** Undefined where there is none. */
  find(name: string): Promise<Buffer | undefined>;
  /** Whole files of a folder and those below it, by name. */
  list(folder: string): Promise<KeptFile[]>;
  /** One that is not there is removed. */
  remove(name: string): Promise<void>;
  /** Lets go of what it holds open. */
  close(): void;
}
