import { useEffect } from 'react';
import { addressOf } from '../../api/address.ts';
import { LiveEvents } from '../../api/live-events.ts';
import { ROUTES } from '../../api/routes.ts';
import { refreshNotices } from '../../entities/notice/queries.ts';

/** Keeps what one is told of as it is on the server for as long as the page is open. */
export function useLiveNotices(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    const [, path = ''] = ROUTES.noticeEvents.split(' ');
    let isFirst = true;
    const live = new LiveEvents({
      address: () => addressOf(path),
      catchUp: refreshNotices,
      isCaughtUp: true,
      on: {
        notices: () => {
          // The first one says how many there are, which the list has just said.
          if (!isFirst) void refreshNotices();
          isFirst = false;
        },
      },
    });
    return () => live.close();
  }, [isWanted]);
}
