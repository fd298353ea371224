import type { Share } from '@negatoscope/contract';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Share2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { type CursorList, useCursorList } from '../../api/use-cursor-list.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Total } from '../../ui/data-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FilterSelect } from '../../ui/field.tsx';
import { PAGE, PageHead, Scroll } from '../../ui/page.tsx';
import { ShareAccesses } from './share-accesses.tsx';
import { ShareRow } from './share-row.tsx';

/** Of all, of those that stand, of the others. */
const FILTERS = ['anyState', 'onlyOpen', 'onlyOver'] as const;
const PLACES = ['a', 'b', 'c', 'd'];

/** One's own shares, and all of them for who manages people: what became of each, and the way to withdraw it. */
export function SharesPage() {
  const t = useText('shares');
  const seesAll = useCan()('users.manage');
  const { open } = useSearch({ from: '/app/shares' });
  const list = useCursorList(['shares', open], (cursor, signal) =>
    call('listShares', { query: { open, limit: 50, cursor }, signal }),
  );
  return (
    <>
      <PageHead width={PAGE} title={t('pageTitle')} aside={<Total total={list.total} isExact={list.totalIsExact} />}>
        <StateFilter />
      </PageHead>
      <Scroll width={PAGE}>
        <p className="mb-4 text-dim">{t(seesAll ? 'pageLeadAll' : 'pageLead')}</p>
        <Shares list={list} seesAll={seesAll} isFiltered={open !== undefined} />
      </Scroll>
    </>
  );
}

function StateFilter() {
  const t = useText('shares');
  const { open } = useSearch({ from: '/app/shares' });
  const navigate = useNavigate({ from: '/app/shares' });
  const choices = ['', 'true', 'false'].map((value, place) => ({ value, label: t(FILTERS[place] ?? 'anyState') }));
  const choose = (value: string): void =>
    void navigate({ search: value === '' ? {} : { open: value === 'true' }, replace: true });
  return <FilterSelect label={t('state')} value={String(open ?? '')} choices={choices} onChange={choose} />;
}

interface ListProps {
  readonly list: CursorList<Share>;
  readonly seesAll: boolean;
  readonly isFiltered: boolean;
}
function Shares({ list, seesAll, isFiltered }: ListProps) {
  const t = useText('shares');
  const locale = useLocale();
  const [looked, setLooked] = useState<Share>();
  if (list.error !== null) return <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />;
  if (list.isLoading)
    return (
      <div className="flex flex-col gap-2">
        {PLACES.map((place) => (
          <Skeleton key={place} width="100%" height={76} />
        ))}
      </div>
    );
  if (list.rows.length === 0) return <NoShares isFiltered={isFiltered} />;
  return (
    <>
      <ul aria-label={t('list')} aria-busy={list.isPrevious} className="ng-card">
        {list.rows.map((share) => (
          <ShareRow key={share.id} share={share} showsAuthor={seesAll} onLook={() => setLooked(share)} />
        ))}
      </ul>
      {list.hasMore && (
        <div className="mt-3 flex justify-center">
          <Button isPending={list.isLoadingMore} onPress={list.more}>
            {t('more')}
          </Button>
        </div>
      )}
      <Dialog title={t('accessesTitle')} isOpen={looked !== undefined} onClose={() => setLooked(undefined)}>
        {looked !== undefined && <ShareAccesses id={looked.id} />}
      </Dialog>
    </>
  );
}

function NoShares({ isFiltered }: { isFiltered: boolean }) {
  const t = useText('shares');
  if (isFiltered) return <Empty title={t('noneOfState')} />;
  const action = (
    <Link to="/app/worklist" search={{}} className={buttonClass()}>
      {t('toWorklist')}
    </Link>
  );
  return (
    <Empty icon={<Share2 size={30} />} title={t('none')} action={action}>
      {t('noneText')}
    </Empty>
  );
}
