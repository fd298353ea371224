import type { DeidExport } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { FolderDown } from 'lucide-react';
import { useState } from 'react';
import { errorText } from '../../api/error.ts';
import { deidExportsQuery } from '../../entities/deid/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Skeleton } from '../../ui/bits.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ExportRow } from './export-row.tsx';
import { isOpen } from './export-state.ts';
import { RefusedFiles } from './refused-files.tsx';

const RUNNING_MS = 2_000;

/** One's own exports, the newest first; looked at again while one is being made. */
export function Exports() {
  const t = useText('deid');
  const locale = useLocale();
  const [told, setTold] = useState<DeidExport>();
  const { data, error, refetch } = useQuery({
    ...deidExportsQuery,
    refetchInterval: ({ state }) => (state.data?.items.some(isOpen) ? RUNNING_MS : false),
  });
  return (
    <section aria-label={t('exports')}>
      <h2 className="mb-2 font-semibold">{t('exports')}</h2>
      {error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton width="100%" height={90} />}
      {data?.items.length === 0 && (
        <Empty icon={<FolderDown size={30} />} title={t('noExports')}>
          {t('noExportsText')}
        </Empty>
      )}
      <ul className="ng-card empty:hidden">
        {data?.items.map((one) => (
          <ExportRow key={one.id} of={one} onTell={() => setTold(one)} />
        ))}
      </ul>
      <Dialog title={t('refusedFiles')} isOpen={told !== undefined} onClose={() => setTold(undefined)} wide>
        {told !== undefined && <RefusedFiles id={told.id} />}
      </Dialog>
    </section>
  );
}
