import type { ReviewedPerson } from '@negatoscope/contract';
import { LONG_AGO_DAYS } from '@negatoscope/contract/user-filters';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { addressOf } from '../../../api/address.ts';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import type { Result } from '../../../api/operation.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Empty, LoadError, Notice } from '../../../ui/bits.tsx';
import { buttonClass } from '../../../ui/button.tsx';
import { DataList } from '../../../ui/data-list.tsx';
import { Segments } from '../../../ui/field.tsx';
import { PageHead } from '../../../ui/page.tsx';
import { Emergencies } from './emergencies.tsx';
import { NODE_CARD_HEIGHT, NodeCard, useNodeColumns } from './node-columns.tsx';
import { PersonCard, usePersonColumns } from './person-columns.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { sortedNodes, sortedPeople } from './sorted.ts';

const SHOWN = ['people', 'unused', 'nodes', 'emergencies'] as const;
type Shown = (typeof SHOWN)[number];

/** Who and what reaches patients, how many, and what was left alone: read anew whenever an account changes. */
export function AccessPage() {
  const t = useText('access');
  const admin = useText('admin');
  const locale = useLocale();
  const [shown, setShown] = useState<Shown>('people');
  const { data, error, refetch } = useQuery({
    queryKey: ['users', 'access'],
    queryFn: ({ signal }) => call('readAccessReview', { signal }),
  });
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('title')}>
        <a href={addressOf('/api/access-review/export', {}, {})} download className={buttonClass('plain')}>
          <Download size={16} /> {admin('exportCsv')}
        </a>
      </PageHead>
      <p className="px-4 pb-2 text-dim">{t('lead')}</p>
      <div className="overflow-x-auto px-4 pb-2">
        <Segments
          label={t('show')}
          value={shown}
          onChange={(value) => setShown(SHOWN.find((one) => one === value) ?? 'people')}
          choices={SHOWN.map((value) => ({ value, label: t(value, { days: LONG_AGO_DAYS }) }))}
        />
      </div>
      {data?.isCut === true && (
        <div className="px-4 pb-2">
          <Notice tone="amber">{t('cut')}</Notice>
        </div>
      )}
      {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {shown === 'emergencies' && <Emergencies />}
      {shown !== 'emergencies' &&
        (data !== undefined || error === null) &&
        (shown === 'nodes' ? <Nodes data={data} /> : <People {...{ data, shown }} />)}
    </section>
  );
}

type Review = Result<'readAccessReview'>;

function People({ data, shown }: { data: Review | undefined; shown: Shown }) {
  const t = useText('access');
  const [sort, setSort] = useState('name');
  const [opened, setOpened] = useState<ReviewedPerson>();
  const columns = usePersonColumns();
  const rows = useMemo(() => {
    const people = (data?.people ?? []).filter((person) => shown === 'people' || isLeftAlone(person));
    return sortedPeople(people, sort);
  }, [data, shown, sort]);
  return (
    <>
      <DataList
        label={t('people')}
        columns={columns}
        rows={rows}
        total={rows.length}
        isLoading={data === undefined}
        rowId={(person) => person.id}
        card={(person) => <PersonCard person={person} />}
        onOpen={setOpened}
        sort={sort}
        onSort={setSort}
        empty={<Empty title={t('none_unused')}>{t('none_unusedText', { days: LONG_AGO_DAYS })}</Empty>}
      />
      <PersonDialog person={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}

/** An account that may still sign in and does not, or a token that nobody uses. */
const isLeftAlone = ({ isUnused, status, tokens }: ReviewedPerson): boolean =>
  (isUnused && status === 'ACTIVE') || tokens.some((token) => token.isUnused);

function Nodes({ data }: { data: Review | undefined }) {
  const t = useText('access');
  const [sort, setSort] = useState('name');
  const columns = useNodeColumns();
  const rows = useMemo(() => sortedNodes(data?.nodes ?? [], sort), [data, sort]);
  return (
    <DataList
      label={t('nodes')}
      columns={columns}
      rows={rows}
      total={rows.length}
      isLoading={data === undefined}
      rowId={(node) => node.id}
      card={(node) => <NodeCard node={node} />}
      cardHeight={NODE_CARD_HEIGHT}
      sort={sort}
      onSort={setSort}
      empty={<NoNodes />}
    />
  );
}

function NoNodes() {
  const t = useText('access');
  return (
    <Empty
      title={t('none_nodes')}
      action={
        <Link to="/app/admin/nodes" className={buttonClass()}>
          {t('addNode')}
        </Link>
      }
    >
      {t('none_nodesText')}
    </Empty>
  );
}
