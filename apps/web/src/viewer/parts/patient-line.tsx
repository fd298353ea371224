import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import { useLocale, useText } from '../../i18n/index.ts';
import type { Pane } from '../engine/index.ts';
import { formatDate } from '../model/format.ts';
import { usePaneValue } from './use-pane-snapshot.ts';

/** Who and when, beside the way back. */
export function PatientLine({ pane }: { readonly pane: Pane | undefined }) {
  const t = useText('viewer');
  const locale = useLocale();
  const banner = usePaneValue(pane, ({ series }) => series?.banner);
  if (banner === undefined) return <div className="h-9 min-w-0 grow" />;
  const name = nameGroupOnPage(banner.name) || t('patient.unnamed');
  const study = [formatDate(banner.studyDate, locale), banner.studyDescription].filter(Boolean).join(' · ');
  return (
    <div className="min-w-0 grow leading-tight">
      <h1 title={name} className="truncate font-medium text-(--ng-text) text-sm">
        {name}
      </h1>
      <div title={study} className="truncate text-(--ng-text-dim) text-xs">
        {study}
      </div>
    </div>
  );
}
