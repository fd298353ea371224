import type { ReviewedNode } from '@negatoscope/contract';
import { useMemo } from 'react';
import { formatInstant, formatNumber } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import type { Column } from '../../../ui/column.ts';
import { UnusedMark } from './unused-mark.tsx';

/** What DICOM nodes reach. */
export function useNodeColumns(): readonly Column<ReviewedNode>[] {
  const t = useText('access');
  const admin = useText('admin');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(
    () => [
      {
        id: 'name',
        header: admin('name'),
        track: 'minmax(170px, 1.4fr)',
        sort: 'name',
        cell: (node) => (
          <>
            <span className="font-medium">{node.name}</span> <span className="text-dim">{node.aeTitle}</span>
            {node.isUnused && <UnusedMark />}
          </>
        ),
      },
      {
        id: 'group',
        header: admin('group'),
        track: 'minmax(90px, 1fr)',
        from: 560,
        sort: 'group',
        cell: ({ group }) => <span className="text-dim">{group?.name ?? admin('noGroup')}</span>,
      },
      {
        id: 'rights',
        header: t('rights'),
        track: 'minmax(140px, 1.6fr)',
        from: 760,
        cell: ({ rights }) => rights.map((right) => t(`right_${right}`)).join(', '),
      },
      {
        id: 'patients',
        header: t('patients'),
        track: '92px',
        sort: 'patients',
        end: true,
        cell: ({ patients }) => formatNumber(patients, locale),
      },
      {
        id: 'seen',
        header: t('lastSeen'),
        track: '160px',
        sort: 'lastSeen',
        cell: ({ lastSeenAt }) => <span className="text-dim">{formatInstant(lastSeenAt, locale) || t('never')}</span>,
      },
    ],
    [locale],
  );
}
