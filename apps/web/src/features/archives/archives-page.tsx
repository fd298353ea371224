import type { UsableNode } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { Archive } from 'lucide-react';
import { useState } from 'react';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { codeText } from '../../entities/node/code-text.ts';
import { usableNodesQuery } from '../../entities/node/queries.ts';
import { TRANSFERS_PLACE } from '../../entities/node/transfers-place.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { PAGE, PageHead, Scroll } from '../../ui/page.tsx';
import { Fetch } from './fetch-studies.tsx';
import { FoundStudies } from './found-studies.tsx';
import { SearchForm } from './search-form.tsx';
import { Transfers } from './transfers.tsx';
import { type Searching, useNodeSearch } from './use-search.ts';

/** Other archives and devices: what they have is searched and fetched; what is on its way is shown below. */
export function ArchivesPage() {
  const t = useText('archives');
  const locale = useLocale();
  const { data, error, refetch } = useQuery(usableNodesQuery);
  const follows = useLocation({ select: ({ hash }) => hash }) === TRANSFERS_PLACE;
  const nodes = data?.items.filter(({ mayBeAsked }) => mayBeAsked);
  return (
    <>
      <PageHead width={PAGE} title={t('title')} />
      <Scroll>
        <p className="mb-4 text-dim">{t('lead')}</p>
        {nodes === undefined && error === null && <Skeleton width="100%" height={170} />}
        {nodes === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
        {nodes?.length === 0 && <NoArchive />}
        {nodes !== undefined && nodes.length > 0 && <SearchAndFetch nodes={nodes} />}
        <Transfers isFollowed={follows && (data !== undefined || error !== null)} />
      </Scroll>
    </>
  );
}

/** Who may choose one is shown where. */
function NoArchive() {
  const t = useText('archives');
  const can = useCan();
  const toNodes = (
    <Link to="/app/admin/nodes" className={buttonClass('plain')}>
      {t('openNodes')}
    </Link>
  );
  return (
    <Empty icon={<Archive size={34} />} title={t('none')} action={can('system.manage') ? toNodes : undefined}>
      {t('noneText')}
    </Empty>
  );
}

function SearchAndFetch({ nodes }: { nodes: readonly UsableNode[] }) {
  const [nodeId, setNodeId] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const searching = useNodeSearch();
  const { studies } = searching;
  return (
    <>
      <SearchForm
        nodes={nodes}
        isRunning={searching.isRunning}
        onStop={searching.stop}
        onSearch={(id, query) => {
          setNodeId(id);
          setChosen(new Set());
          void searching.search(id, query);
        }}
      />
      <div className="my-3 flex min-h-9 flex-wrap items-center gap-3">
        <Progress searching={searching} />
        {studies.length > 0 && (
          <Fetch
            nodeId={nodeId}
            studies={studies.filter((one) => chosen.has(one.studyInstanceUid))}
            onFetched={(uids) => setChosen((before) => new Set([...before].filter((uid) => !uids.includes(uid))))}
          />
        )}
      </div>
      {studies.length > 0 && <FoundStudies studies={studies} chosen={chosen} onChoose={setChosen} />}
      <Nothing searching={searching} />
    </>
  );
}

/** How far the search is, said aloud as well. */
function Progress({ searching }: { searching: Searching }) {
  const t = useText('archives');
  const locale = useLocale();
  const { studies, isRunning, end, failure, wasStopped } = searching;
  if (failure !== undefined) return <Notice tone="danger">{errorText(failure, locale)}</Notice>;
  if (end?.outcome === 'FAILED' && end.code !== null)
    return <Notice tone="danger">{t('failed', { why: codeText(end.code, locale) })}</Notice>;
  const count = studies.length;
  const said = isRunning
    ? t('searching', { found: formatNumber(count, locale) })
    : wasStopped
      ? t('stopped')
      : end?.outcome === 'MORE'
        ? t('foundMore', { count })
        : end !== undefined && count > 0
          ? t('found', { count })
          : '';
  return (
    <p role="status" className="tabular text-dim">
      {said}
    </p>
  );
}

function Nothing({ searching: { studies, end } }: { searching: Searching }) {
  const t = useText('archives');
  if (end?.outcome !== 'DONE' || studies.length > 0) return null;
  return <Empty title={t('nothing')}>{t('nothingText')}</Empty>;
}
