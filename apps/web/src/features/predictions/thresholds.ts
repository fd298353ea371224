import type { Model, ModelChoice, ModelThreshold, Recalibration } from '@negatoscope/contract';
import type { Locale } from '../../i18n/format.ts';

export interface Site {
  readonly id: string | null;
  readonly name: string;
}
export interface SitesProps {
  readonly models: readonly Model[];
  readonly choices: readonly ModelChoice[];
  readonly thresholds: readonly ModelThreshold[];
  readonly recalibrations: readonly Recalibration[];
}

/** The model that answers at a site: its own choice, else the installation's, else the one of the program. */
export function answering(siteId: string | null, { models, choices }: SitesProps): Model | undefined {
  const choice = choices.find((one) => one.siteId === siteId) ?? choices.find((one) => one.siteId === null);
  if (choice === undefined) return models.find(({ id }) => id === null);
  return models.find(({ name, version }) => name === choice.modelName && version === choice.modelVersion);
}

/** The threshold of a site for a version, its own and the one that counts where it has none. */
export interface Thresholds {
  readonly own: number | null;
  readonly inherited: number;
}

export function thresholdsOf(
  siteId: string | null,
  { name, version, threshold }: Model,
  all: readonly ModelThreshold[],
): Thresholds {
  const of = (site: string | null): number | null =>
    all.find((one) => one.siteId === site && one.modelName === name && one.modelVersion === version)?.threshold ?? null;
  return { own: of(siteId), inherited: (siteId === null ? null : of(null)) ?? threshold.probability };
}

export const thresholdText = (threshold: number, locale: Locale): string =>
  threshold.toLocaleString(locale, { maximumFractionDigits: 4 });
