import type { ReactNode } from 'react';
import { errorText } from '../../api/error.ts';
import type { CursorList } from '../../api/use-cursor-list.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Scroll } from '../../ui/page.tsx';

interface ReviewListProps<T> {
  readonly list: CursorList<T>;
  /** Why these wait, above them. */
  readonly lead: string | undefined;
  readonly mayDecide: boolean;
  readonly empty: ReactNode;
  /** Above the cards, below the lead. */
  readonly head?: ReactNode;
  readonly card: (row: T) => ReactNode;
}
/** Cards that wait for a person's decision, or have had it. */
export function ReviewList<T>({ list, lead, mayDecide, empty, head, card }: ReviewListProps<T>) {
  const t = useText('conflicts');
  const shell = useText('shell');
  const locale = useLocale();
  const hasRows = list.rows.length > 0;
  return (
    <Scroll>
      {list.error !== null && <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />}
      {list.isLoading && <Skeleton width="100%" height={240} />}
      {!list.isLoading && list.error === null && !hasRows && empty}
      {hasRows && lead !== undefined && <p className="mb-4 text-dim">{lead}</p>}
      {hasRows && !mayDecide && (
        <div className="mb-4">
          <Notice>{t('readOnly')}</Notice>
        </div>
      )}
      {head}
      <ul className="flex flex-col gap-4">{list.rows.map(card)}</ul>
      {list.hasMore && (
        <div className="mt-4 text-center">
          <Button onPress={list.more} isPending={list.isLoadingMore}>
            {shell('more')}
          </Button>
        </div>
      )}
    </Scroll>
  );
}
