import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { queryClient } from '../../api/query-client.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { formatDate, formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Empty, LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { PAGE, PageHead, Scroll } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';

type Entry = Result<'listTrash'>['items'][number];

/** What was moved to the trash: each can be taken back until the day when it is erased for good. */
export function TrashPage() {
  const t = useText('patients');
  const shell = useText('shell');
  const locale = useLocale();
  const list = useCursorList(['trash'], (cursor, signal) => call('listTrash', { query: { limit: 50, cursor }, signal }));
  const isEmpty = !list.isLoading && list.error === null && list.rows.length === 0;
  return (
    <>
      <PageHead width={PAGE} title={t('trash')} />
      <Scroll>
        {list.error !== null && <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />}
        {list.isLoading && <Skeleton width="100%" height={240} />}
        {isEmpty && (
          <Empty icon={<Trash2 size={34} />} title={t('trashEmpty')}>
            {t('trashEmptyText')}
          </Empty>
        )}
        {list.rows.length > 0 && <p className="mb-4 text-dim">{t('trashLead')}</p>}
        <ul className="flex flex-col gap-2">
          {list.rows.map((entry) => (
            <Line key={entry.id} entry={entry} />
          ))}
        </ul>
        {list.hasMore && (
          <div className="mt-4 text-center">
            <Button onPress={list.more} isPending={list.isLoadingMore}>
              {shell('more')}
            </Button>
          </div>
        )}
      </Scroll>
    </>
  );
}

function Line({ entry }: { entry: Entry }) {
  const t = useText('patients');
  const locale = useLocale();
  const [pending, setPending] = useState(false);
  const label = [textOfFile(entry.label), formatDate(entry.studyDate, locale)].filter((part) => part !== '').join(' · ');
  const restore = async (): Promise<void> => {
    setPending(true);
    try {
      await call('restoreTrash', { params: { id: entry.id } });
      showToast(t('restored'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
      for (const key of ['trash', 'patients', 'studies', 'overview']) void queryClient.invalidateQueries({ queryKey: [key] });
    }
  };
  return (
    <li className="ng-card flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-medium" title={label}>
          {label}
        </p>
        <p className="tabular text-[13px] text-dim">
          {t(entry.kind === 'patient' ? 'trashPatient' : 'trashStudy')} ·{' '}
          {t('trashSince', { when: formatInstant(entry.deletedAt, locale) })}
        </p>
      </div>
      <p className="tabular text-[13px] text-amber">{t('trashUntil', { when: formatInstant(entry.purgeAt, locale) })}</p>
      <Button size="small" isPending={pending} onPress={() => void restore()}>
        {t('restore')}
      </Button>
    </li>
  );
}
