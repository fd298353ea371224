import type { DicomNode, NodeEventEntry, NodeFigure } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { codeText } from '../../entities/node/code-text.ts';
import { formatBytes, formatInstant, formatNumber } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Skeleton, Uid } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

const SIGNS = {
  OK: ['✓', 'text-accent'],
  WARNING: ['!', 'text-amber'],
  FAILED: ['×', 'text-danger'],
  REFUSED: ['×', 'text-danger'],
  CANCELLED: ['–', 'text-dim'],
} as const;

/** PS3.7 annex C writes them so. */
const statusText = (status: number): string => `${status.toString(16).toUpperCase().padStart(4, '0')}H`;

function factsOf(entry: NodeEventEntry, t: Text<'nodes'>, locale: Locale): string[] {
  const { kind, done, warned, failed, bytes, code, status, times, lastAt } = entry;
  const isSearch = kind === 'QUERY' || kind === 'WORKLIST';
  const isOfImages = kind === 'STORE' || kind === 'RETRIEVE' || kind === 'SEND';
  return [
    t(entry.isOurs ? 'ofUs' : 'ofThem'),
    ...(code === null ? [] : [codeText(code, locale)]),
    ...(status === null || status === 0 ? [] : [t('status', { status: statusText(status) })]),
    ...(isSearch ? [t('found', { count: done })] : []),
    ...(isOfImages && done > 0 ? [t('done', { count: done })] : []),
    ...(warned > 0 ? [t('warned', { count: warned })] : []),
    ...(isOfImages && failed > 0 ? [t('failed', { count: failed })] : []),
    ...(isOfImages && bytes > 0 ? [formatBytes(bytes, locale)] : []),
    t('times', { count: times, at: formatInstant(lastAt, locale) }),
  ];
}

function Line({ entry }: { entry: NodeEventEntry }) {
  const t = useText('nodes');
  const locale = useLocale();
  const [sign, tone] = SIGNS[entry.outcome];
  return (
    <li className="flex gap-3 border-b border-line/70 py-2 last:border-0">
      <b aria-hidden="true" className={`w-3 shrink-0 text-center ${tone}`}>
        {sign}
      </b>
      <div className="min-w-0">
        <p>
          {t(`kind_${entry.kind}`)}{' '}
          <span className={entry.outcome === 'OK' ? 'sr-only' : tone}>{t(`outcome_${entry.outcome}`)}</span>
        </p>
        <p className="tabular text-[13px] text-dim">{factsOf(entry, t, locale).join(' · ')}</p>
        {entry.instanceUids.length > 0 && (
          <p className="flex flex-wrap gap-x-3 text-[13px] text-dim">
            {entry.instanceUids.map((uid) => (
              <Uid key={uid} value={uid} keep={14} />
            ))}
          </p>
        )}
      </div>
    </li>
  );
}

const IMAGES = ['STORE', 'RETRIEVE', 'SEND'] as const;

/** What was counted of it, by kind. */
function Figures({ node }: { node: DicomNode }) {
  const t = useText('nodes');
  const locale = useLocale();
  const { data } = useQuery({
    queryKey: ['nodes', 'figures'],
    queryFn: ({ signal }) => call('listNodeFigures', { query: { days: 30 }, signal }),
  });
  if (data === undefined) return <Skeleton width="100%" height={20} />;
  const own = data.items.filter(({ nodeId }) => nodeId === node.id);
  const sum = (kind: NodeFigure['kind'], of: 'done' | 'failed' | 'bytes'): number =>
    own.filter((one) => one.kind === kind).reduce((all, one) => all + one[of], 0);
  const [accepted, refused] = [sum('ASSOCIATION', 'done'), sum('ASSOCIATION', 'failed')];
  const facts = [
    ...(accepted > 0 ? [t('associations', { count: accepted })] : []),
    ...(refused > 0 ? [t('refused', { count: refused })] : []),
    ...IMAGES.flatMap((kind) =>
      sum(kind, 'done') > 0
        ? [
            t('ofKind', {
              kind: t(`kind_${kind}`),
              images: formatNumber(sum(kind, 'done'), locale),
              bytes: formatBytes(sum(kind, 'bytes'), locale),
            }),
          ]
        : [],
    ),
  ];
  return (
    <p className="tabular text-[13px] text-dim">
      {t('figures', { what: facts.length === 0 ? t('figuresNone') : facts.join(' · ') })}
    </p>
  );
}

function Entries({ node }: { node: DicomNode }) {
  const t = useText('nodes');
  const locale = useLocale();
  const list = useCursorList(
    ['nodes', node.id, 'log'],
    (cursor, signal) => call('listNodeLog', { params: { id: node.id }, query: { limit: 50, cursor }, signal }),
    { refreshMs: 5_000 },
  );
  if (list.error !== null) return <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />;
  if (list.isLoading) return <Skeleton width="100%" height={160} />;
  if (list.rows.length === 0)
    return (
      <Empty icon={<History size={34} />} title={t('historyEmpty')}>
        {t('historyEmptyText')}
      </Empty>
    );
  return (
    <>
      <ul>
        {list.rows.map((entry) => (
          <Line key={entry.id} entry={entry} />
        ))}
      </ul>
      {list.hasMore && (
        <div className="flex justify-center">
          <Button isPending={list.isLoadingMore} onPress={list.more}>
            {t('more')}
          </Button>
        </div>
      )}
    </>
  );
}

/** What happened with a node, the newest first. */
export function NodeHistory({ node, onClose }: { node: DicomNode | undefined; onClose: () => void }) {
  const t = useText('nodes');
  return (
    <Dialog title={t('history', { name: node?.name ?? '' })} isOpen={node !== undefined} onClose={onClose} wide>
      {node !== undefined && (
        <>
          <Figures node={node} />
          <Entries node={node} />
        </>
      )}
    </Dialog>
  );
}
