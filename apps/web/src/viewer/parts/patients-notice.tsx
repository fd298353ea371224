import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import { UsersRound } from 'lucide-react';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useLocale, useText } from '../../i18n/index.ts';
import type { Pane, PaneSnapshot } from '../engine/index.ts';
import { formatDate } from '../model/format.ts';
import { patientNumbers } from '../model/identity.ts';
import type { PatientBanner } from '../model/study-model.ts';

export interface Patients {
  /** Which patient each pane shows, from 1; undefined for those that show none. */
  readonly numbers: readonly (number | undefined)[];
  /** The patients, by their number. */
  readonly banners: readonly PatientBanner[];
}

const bannerOf = (pane: Pane | undefined): PatientBanner | undefined => pane?.getSnapshot().series?.banner;

/** Whose images the panes show, each by its own dataset. */
export function usePatients(panes: readonly (Pane | undefined)[]): Patients {
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = panes.map((pane) => pane?.subscribe(listener));
      return () => {
        for (const stop of stops) stop?.();
      };
    },
    [panes],
  );
  // A text is the same for as long as it says the same.
  const key = useSyncExternalStore(subscribe, () => panes.map((pane) => JSON.stringify(bannerOf(pane) ?? null)).join('\n'));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the panes' datasets are read anew when they say something else.
  return useMemo(() => {
    const all = panes.map(bannerOf);
    const numbers = patientNumbers(all);
    const count = Math.max(0, ...numbers.map((number) => number ?? 0));
    const banners = Array.from({ length: count }, (_, index) => all[numbers.indexOf(index + 1)]).filter(
      (one) => one !== undefined,
    );
    return { numbers, banners };
  }, [panes, key]);
}

function useNameOf() {
  const t = useText('viewer');
  const locale = useLocale();
  return (banner: PatientBanner): string =>
    [nameGroupOnPage(banner.name) || t('patient.unnamed'), formatDate(banner.birthDate, locale)].filter(Boolean).join(' · ');
}

/** Says that the screen shows images of several patients, and whose; it can't be closed. */
export function PatientsNotice({ banners }: Pick<Patients, 'banners'>) {
  const t = useText('viewer');
  const nameOf = useNameOf();
  if (banners.length < 2) return null;
  return (
    <div
      role="alert"
      data-testid="several-patients"
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 bg-(--ng-amber) px-3 py-1.5 font-medium text-black text-sm"
    >
      <span className="flex items-center gap-2 font-bold">
        <UsersRound size={18} aria-hidden />
        {t('patients.several', { count: banners.length })}
      </span>
      {banners.map((banner, index) => (
        <span key={`${banner.name} ${banner.patientId} ${banner.issuer} ${banner.birthDate}`}>
          {index + 1} · {nameOf(banner)}
        </span>
      ))}
    </div>
  );
}

interface PatientMarkProps {
  readonly number: number;
  readonly snapshot: PaneSnapshot;
}

/** Which of several patients a pane shows: a number, a name, and a bar that is striped for every second one. */
export function PatientMark({ number, snapshot }: PatientMarkProps) {
  const nameOf = useNameOf();
  const t = useText('viewer');
  const banner = snapshot.series?.banner;
  if (banner === undefined) return null;
  return (
    <div
      data-testid="patient-mark"
      className={`flex shrink-0 items-center gap-2 border-(--ng-amber) border-b-2 px-2 py-0.5 font-semibold text-(--ng-amber) text-xs ${number % 2 === 0 ? 'ng-viewer-striped' : 'bg-(--ng-surface)'}`}
    >
      <span className="rounded-sm bg-(--ng-amber) px-1.5 text-black">{t('patients.number', { number })}</span>
      <span className="min-w-0 truncate">{nameOf(banner)}</span>
    </div>
  );
}
