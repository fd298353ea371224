import type { ReviewedNode } from '@negatoscope/contract';
import { useMemo } from 'react';
import { formatInstant } from '../../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../../i18n/index.ts';
import type { Column } from '../../../ui/column.ts';
import { dim, patientsColumn } from './reached.tsx';
import { UnusedMark } from './unused-mark.tsx';

interface Words {
  readonly t: Text<'access'>;
  readonly admin: Text<'admin'>;
  readonly locale: Locale;
}

const whichColumns = ({ admin }: Words): Column<ReviewedNode>[] => [
  {
    id: 'name',
    header: admin('name'),
    track: 'minmax(170px, 1.4fr)',
    sort: 'name',
    cell: (node) => (
      <>
        <span className="font-medium">{node.name}</span> {dim(node.aeTitle)}
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
    cell: ({ group }) => dim(group?.name ?? admin('noGroup')),
  },
];

const reachColumns = ({ t, locale }: Words): Column<ReviewedNode>[] => [
  {
    id: 'rights',
    header: t('rights'),
    track: 'minmax(140px, 1.6fr)',
    from: 760,
    cell: ({ rights }) => rights.map((right) => t(`right_${right}`)).join(', '),
  },
  patientsColumn({ t, locale }),
  {
    id: 'seen',
    header: t('lastSeen'),
    track: '160px',
    sort: 'lastSeen',
    cell: ({ lastSeenAt }) => dim(formatInstant(lastSeenAt, locale) || t('never')),
  },
];

/** What DICOM nodes reach. */
export function useNodeColumns(): readonly Column<ReviewedNode>[] {
  const t = useText('access');
  const admin = useText('admin');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(() => {
    const words = { t, admin, locale };
    return [...whichColumns(words), ...reachColumns(words)];
  }, [locale]);
}
