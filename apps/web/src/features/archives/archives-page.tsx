import type { FoundStudy, UsableNode } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Archive, Download } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan, useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { codeText } from '../../entities/node/code-text.ts';
import { usableNodesQuery } from '../../entities/node/queries.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { FilterSelect } from '../../ui/field.tsx';
import { PageHead, Scroll } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { FoundStudies } from './found-studies.tsx';
import { SearchForm } from './search-form.tsx';
import { Transfers } from './transfers.tsx';
import { type Searching, useNodeSearch } from './use-search.ts';

/** Other archives and devices: what they have is searched and fetched; what is on its way is shown below. */
export function ArchivesPage() {
  const t = useText('archives');
  const locale = useLocale();
  const { data, error, refetch } = useQuery(usableNodesQuery);
  const nodes = data?.items.filter(({ mayBeAsked }) => mayBeAsked);
  return (
    <>
      <PageHead width="max-w-5xl" title={t('title')} />
      <Scroll>
        <p className="mb-4 text-dim">{t('lead')}</p>
        {nodes === undefined && error === null && <Skeleton width="100%" height={170} />}
        {nodes === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
        {nodes?.length === 0 && (
          <Empty icon={<Archive size={34} />} title={t('none')}>
            {t('noneText')}
          </Empty>
        )}
        {nodes !== undefined && nodes.length > 0 && <SearchAndFetch nodes={nodes} />}
        <Transfers />
      </Scroll>
    </>
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
          void searching.run(id, query);
        }}
      />
      <div className="my-3 flex min-h-9 flex-wrap items-center gap-3">
        <Progress searching={searching} />
        {studies.length > 0 && (
          <Fetch
            nodeId={nodeId}
            studies={studies.filter((one) => chosen.has(one.studyInstanceUid))}
            onFetched={() => setChosen(new Set())}
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

interface FetchProps {
  readonly nodeId: string;
  readonly studies: readonly FoundStudy[];
  readonly onFetched: () => void;
}
/** Fetches what is chosen: into one's own group; who sees all groups says into which. */
function Fetch({ nodeId, studies, onFetched }: FetchProps) {
  const t = useText('archives');
  const locale = useLocale();
  const can = useCan();
  const user = useUser();
  const isAdmin = user?.role === 'ADMIN';
  const groups = useQuery({ ...groupsQuery, enabled: isAdmin }).data?.items ?? [];
  const [group, setGroup] = useState(user?.groupId ?? '');
  const [isPending, setPending] = useState(false);
  const count = studies.length;
  const fetchThem = async (): Promise<void> => {
    setPending(true);
    try {
      const body = {
        studies: studies.map(({ studyInstanceUid, instances }) => ({ studyInstanceUid, instances })),
        ...(isAdmin ? { groupId: group === '' ? null : group } : {}),
      };
      await call('retrieveStudies', { params: { id: nodeId }, body });
      void queryClient.invalidateQueries({ queryKey: ['transfers'] });
      showToast(t('fetching', { count }));
      onFetched();
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
    } finally {
      setPending(false);
    }
  };
  if (!can('imports.create')) return null;
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2">
      {isAdmin && (
        <FilterSelect
          label={t('into')}
          value={group}
          onChange={setGroup}
          choices={[{ value: '', label: t('noGroup') }, ...groups.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
      <Button
        kind="primary"
        icon={<Download size={16} />}
        isDisabled={count === 0}
        isPending={isPending}
        onPress={() => void fetchThem()}
      >
        {t('fetch', { count })}
      </Button>
    </div>
  );
}
