import type { ReviewedNode } from '@negatoscope/contract';
import { useMemo } from 'react';
import { formatInstant, formatNumber } from '../../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../../i18n/index.ts';
import type { Column } from '../../../ui/column.ts';
import { dim, patientsColumn } from './reached.tsx';
import { UnusedMark } from './unused-mark.tsx';

interface Words {
  readonly t: Text<'access'>;
  readonly admin: Text<'admin'>;
  readonly locale: Locale;
}

const rightsOf = (rights: ReviewedNode['rights'], t: Words['t']): string => rights.map((right) => t(`right_${right}`)).join(', ');

const whichColumns = ({ admin }: Words): Column<ReviewedNode>[] => [
  {
    id: 'name',
    header: admin('name'),
    track: 'minmax(170px, 1.6fr)',
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
    track: 'minmax(90px, 0.6fr)',
    from: 560,
    sort: 'group',
    cell: ({ group }) => dim(group?.name ?? admin('noGroup')),
  },
];

const reachColumns = ({ t, locale }: Words): Column<ReviewedNode>[] => [
  {
    id: 'rights',
    header: t('rights'),
    track: 'minmax(140px, 3fr)',
    from: 760,
    cell: ({ rights }) => <span className="text-[13px]">{rightsOf(rights, t)}</span>,
  },
  patientsColumn({ t, locale }),
  {
    id: 'seen',
    header: t('lastSeen'),
    track: '140px',
    sort: 'lastSeen',
    cell: ({ lastSeenAt }) => dim(formatInstant(lastSeenAt, locale) || t('never')),
  },
];

/** Of a card, px: what a node may takes two lines more. */
export const NODE_CARD_HEIGHT = 104;

/** On a phone. */
export function NodeCard({ node }: { node: ReviewedNode }) {
  const t = useText('access');
  const admin = useText('admin');
  const locale = useLocale();
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="truncate">
          <span className="font-medium">{node.name}</span> {dim(node.aeTitle)}
        </span>
        <span className="shrink-0 text-[13px]">{node.isUnused ? <UnusedMark /> : null}</span>
      </div>
      <div className="flex items-baseline justify-between gap-3 text-[13px] text-dim">
        <span className="truncate">
          {node.group?.name ?? admin('noGroup')} · {formatInstant(node.lastSeenAt, locale) || t('never')}
        </span>
        <span className="shrink-0">
          {t('patients')} {formatNumber(node.patients, locale)}
        </span>
      </div>
      <p className="line-clamp-2 text-[13px]">{rightsOf(node.rights, t)}</p>
    </div>
  );
}

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
