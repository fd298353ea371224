import { useQuery } from '@tanstack/react-query';
import { BellRing, Bell as Silent } from 'lucide-react';
import { useState } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useUser } from '../../api/me.ts';
import { markRead, noticesQuery } from '../../entities/notice/queries.ts';
import { useText } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { useLiveNotices } from './live.ts';
import { NoticeLine } from './notice-line.tsx';

/** What one is told of: how many are unread, and all behind it. */
export function Bell() {
  const t = useText('shell');
  const user = useUser();
  const isHere = user !== undefined;
  const { data } = useQuery({ ...noticesQuery, enabled: isHere });
  const [isOpen, setOpen] = useState(false);
  useLiveNotices(isHere);
  const unread = data?.unread ?? 0;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <span className="relative">
        <IconButton label={unread === 0 ? t('bell') : t('bellUnread', { count: unread })}>
          {unread === 0 ? <Silent size={18} /> : <BellRing size={18} />}
        </IconButton>
        {unread > 0 && (
          <span
            aria-hidden="true"
            className="tabular pointer-events-none absolute -top-0.5 -right-0.5 flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-accent px-1 text-[11px] font-semibold text-on-accent"
          >
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </span>
      <Popover
        placement="bottom end"
        className="ng-pop w-[min(24rem,calc(100vw-1.5rem))] rounded-xl border border-line bg-surface shadow-pop"
      >
        <Dialog aria-label={t('bell')} className="max-h-[70dvh] overflow-auto outline-none">
          <Notices onGo={() => setOpen(false)} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Notices({ onGo }: { onGo: () => void }) {
  const t = useText('shell');
  const { data } = useQuery(noticesQuery);
  const items = data?.items ?? [];
  return (
    <>
      <div className="sticky top-0 flex min-h-12 items-center justify-between gap-3 border-b border-line bg-surface px-4">
        <h2 className="font-semibold">{t('bell')}</h2>
        {(data?.unread ?? 0) > 0 && (
          <Button kind="quiet" size="small" onPress={() => void markRead()}>
            {t('bellReadAll')}
          </Button>
        )}
      </div>
      {items.length === 0 && <p className="px-4 py-6 text-dim">{t('bellNone')}</p>}
      <ul>
        {items.map((notice) => (
          <NoticeLine key={notice.id} notice={notice} onGo={onGo} />
        ))}
      </ul>
    </>
  );
}
