import type { Group, ManagedUser, UserEvent } from '@negatoscope/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { useSentence } from './user-sentence.ts';

interface Props {
  readonly user: ManagedUser;
  readonly groups: readonly Group[];
}

const PAGE = 20;

/** What was done to somebody's rights and ways in, and by whom; read when it is opened. */
export function UserHistory({ user, groups }: Props) {
  const t = useText('people');
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="rounded-lg border border-line px-3.5 py-2.5" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer">{t('history')}</summary>
      {isOpen && <Events user={user} groups={groups} />}
    </details>
  );
}

function Events({ user, groups }: Props) {
  const t = useText('people');
  const locale = useLocale();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['users', 'history', user.id],
    queryFn: ({ pageParam, signal }) =>
      call('listUserEvents', { params: { id: user.id }, query: { limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined, // The first page has no cursor; later ones do.
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Waiting />;
  const events = data.pages.flatMap(({ items }) => items);
  return (
    <div className="mt-2 flex flex-col items-start gap-2">
      {events.length === 0 && <p className="text-[13px] text-dim">{t('historyEmpty')}</p>}
      <ol className="flex w-full flex-col">
        {events.map((event) => (
          <EventLine key={`${event.id} ${event.kind}`} event={event} groups={groups} />
        ))}
      </ol>
      {hasNextPage && (
        <Button size="small" isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {t('historyMore')}
        </Button>
      )}
    </div>
  );
}

function EventLine({ event, groups }: { event: UserEvent; groups: readonly Group[] }) {
  const locale = useLocale();
  const sentenceOf = useSentence(groups);
  return (
    <li className="flex flex-col gap-x-4 border-line border-b py-1.5 last:border-0 sm:flex-row">
      <time dateTime={event.at} className="tabular w-36 shrink-0 text-[13px] text-dim">
        {formatInstant(event.at, locale)}
      </time>
      <span className="min-w-0">{sentenceOf(event)}</span>
    </li>
  );
}

const Waiting = () => (
  <div className="mt-2 flex flex-col gap-2" aria-busy="true">
    <Skeleton width={420} />
    <Skeleton width={360} />
  </div>
);
