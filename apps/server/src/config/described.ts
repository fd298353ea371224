import type { SettingName } from './read.ts';

/** What an administrator reads of a setting, in docs/operations.md and deploy/.env.example, which are made of this. */
export interface SettingDescription {
  /** What counts where it is not set, as one would say it. */
  readonly default: string;
  readonly means: string;
  /** A value that the settings take. */
  readonly example: string;
}

export type Described<Name extends SettingName> = Readonly<Record<Name, SettingDescription>>;
export const as = (byDefault: string, example: string, means: string): SettingDescription => ({
  default: byDefault,
  example,
  means,
});
