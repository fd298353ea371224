import type pg from 'pg';
import type { Secrets } from './config/secrets.ts';
import type { Settings } from './config/settings.ts';
import type { Clock } from './kernel/clock.ts';
import type { Logger } from './platform/log/log.ts';
import type { Metrics } from './platform/metrics/index.ts';

/** What a process of the server is told when it begins. */
export interface ComposeOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly database: { readonly connection: pg.ClientConfig; readonly assumeRole?: string };
  readonly clock?: Clock;
  /** Counts what this process does; nothing is counted without. */
  readonly metrics?: Metrics | undefined;
  readonly poolSize?: number;
  /** bcrypt's cost, lowered by tests. */
  readonly passwordCost?: number;
}
