import type { Secrets } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import type { Logger } from '../platform/log/log.ts';
import type { Runtime } from '../supervisor/runtime.ts';

export interface CommandContext {
  readonly settings: Settings;
  readonly log: Logger;
  readonly print: (line: string) => void;
  /** Makes DATA_DIR where it is missing. */
  readonly secrets: () => Secrets;
  /**
   * Runs `work` with the migrated database: that of DATABASE_URL, that of the Negatoscope running on this DATA_DIR, or the embedded
   * server started for the while.
   */
  readonly withRuntime: <T>(work: (runtime: Runtime) => Promise<T>) => Promise<T>;
}

/** One entry of the command table in cli.ts. */
export interface Command {
  /** What follows the command's name. */
  readonly usage: string;
  readonly summary: string;
  /** Returns the exit code: 0 for success, 2 for wrong arguments (the usage is printed then). Throws a StartError for one line and 1. */
  readonly run: (args: readonly string[], context: CommandContext) => Promise<number>;
}
