import type { Notice } from '@negatoscope/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { markRead } from '../../entities/notice/queries.ts';
import { placeOf } from '../../entities/study/place.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { cx } from '../../ui/cx.ts';

const LINE = 'block min-h-11 px-4 py-2.5 outline-offset-[-2px] hover:bg-surface-2/70';

/** One thing that a person is told of; it leads to what it is about. */
export function NoticeLine({ notice, onGo }: { notice: Notice; onGo: () => void }) {
  const t = useText('shell');
  const locale = useLocale();
  const isUnread = notice.readAt === null;
  const about =
    notice.study === null ? '' : [notice.study.patientName, textOfFile(notice.study.description)].filter(Boolean).join(' · ');
  const isGone = notice.study === null && !['IMPORT_DONE', 'EXPORT_DONE', 'SHARE_CLOSED'].includes(notice.kind);
  const go = (): void => {
    if (isUnread) void markRead([notice.id]);
    onGo();
  };
  return (
    <li className="border-b border-line/70 last:border-0">
      <Target notice={notice} onGo={go}>
        <span className="flex items-baseline gap-2">
          <span aria-hidden="true" className={cx('size-2 shrink-0 rounded-full', isUnread ? 'bg-accent' : 'bg-transparent')} />
          <span className={cx('flex-1', isUnread && 'font-semibold')}>{t(`notice${notice.kind}`)}</span>
          <span className="tabular shrink-0 text-[12px] text-dim">{formatInstant(notice.at, locale)}</span>
        </span>
        {(about !== '' || isGone) && (
          <span className="block truncate pl-4 text-[13px] text-dim">{isGone ? t('noticeGone') : about}</span>
        )}
      </Target>
    </li>
  );
}

function Target({ notice, onGo, children }: { notice: Notice; onGo: () => void; children: ReactNode }) {
  const { kind, entityId, study } = notice;
  if (study !== null) {
    return (
      <Link
        to="/app/studies/$studyInstanceUid"
        params={{ studyInstanceUid: study.studyInstanceUid }}
        search={placeOf(study)}
        onClick={onGo}
        className={LINE}
      >
        {children}
      </Link>
    );
  }
  if (kind === 'IMPORT_DONE' && entityId !== null) {
    return (
      <Link to="/app/imports/$id" params={{ id: entityId }} onClick={onGo} className={LINE}>
        {children}
      </Link>
    );
  }
  return (
    <button type="button" onClick={onGo} className={`${LINE} w-full text-left`}>
      {children}
    </button>
  );
}
