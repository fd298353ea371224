import type { ReadingStatus, Study } from '@negatoscope/contract';
import { MoreHorizontal, Send, Share2, Trash2, UserRoundPen } from 'lucide-react';
import { use, useState } from 'react';
import { Button as AriaButton, Menu, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { OnlyReads, useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { STATUSES } from '../../routing/reading-statuses.ts';
import { IconButton } from '../../ui/button.tsx';
import { MENU_CLASS, MenuEntry } from '../../ui/menu.tsx';
import { RowCursor } from '../../ui/row-cursor.ts';
import { Status, StatusSign } from '../../ui/status.tsx';
import { showToast } from '../../ui/toast.tsx';
import { restoreFromTrash } from '../patient/queries.ts';
import { ShareStudies } from '../share/share-studies.tsx';
import { MoveStudy } from './move-study.tsx';
import { placeOf } from './place.ts';
import { SendStudies } from './send-study.tsx';
import { setStudyStatus } from './status.ts';

const refresh = (): void => {
  for (const key of ['studies', 'patients', 'patient', 'overview']) void queryClient.invalidateQueries({ queryKey: [key] });
};

/**
 * The statuses that this person may give a study: what marks it as read or validated, or takes that back, is for who validates; the
 * archive keeps it.
 */
function useStatuses(study: Study): readonly ReadingStatus[] {
  const can = useCan();
  if (!can('studies.write')) return [];
  if (can('studies.validate')) return STATUSES;
  const isRead = study.readAt !== null || study.validatedAt !== null;
  return STATUSES.filter((status) => status === 'ARCHIVED' || status === study.status || !(isRead || status === 'VALIDATED'));
}

function useTrashStudy(): (study: Study) => Promise<void> {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  return async (study) => {
    const uid = study.studyInstanceUid;
    try {
      await call('deleteStudy', { params: { studyInstanceUid: uid }, query: placeOf(study) });
      refresh();
      const undo = (): void =>
        void restoreFromTrash('study', study.id, uid)
          .then(() => {
            refresh();
            showToast(t('restored'));
          })
          .catch(() => showToast(t('restoreFailed'), { tone: 'danger' }));
      showToast(t('studyTrashed'), { action: { label: common('undo'), run: undo } });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
}

/** Who reads a study now: the first of them, how many more, and all. */
function useReaders({ readers = [] }: Study): { readonly short: string; readonly all: string } | undefined {
  const t = useText('worklist');
  const [first, ...others] = readers.map(({ name, isSelf }) => (isSelf ? t('readerSelf') : (name ?? t('readerHidden'))));
  if (first === undefined) return undefined;
  const short = others.length === 0 ? first : `${first} + ${others.length}`;
  return { short, all: t('readNowBy', { names: [first, ...others].join(', ') }) };
}

/** The statuses that it may be given, and where it may be sent. */
function StatusEntries({ study, statuses, onSend }: { study: Study; statuses: readonly ReadingStatus[]; onSend: () => void }) {
  const t = useText('worklist');
  const common = useText('common');
  const archives = useText('archives');
  const maySend = useCan()('studies.send');
  const act = (key: string): void => {
    if (key === 'send') onSend();
    else void setStudyStatus(study, key as ReadingStatus); // The other keys are the statuses.
  };
  return (
    <Menu className="outline-none" onAction={(key) => act(String(key))}>
      <MenuSection aria-label={t('status')} selectionMode="single" selectedKeys={[study.status]}>
        {statuses.map((status) => (
          <MenuEntry key={status} id={status} icon={<StatusSign status={status} />}>
            {common(`status${status}`)}
          </MenuEntry>
        ))}
      </MenuSection>
      {maySend && (
        <MenuSection aria-label={archives('sendTitle')} className="mt-1 border-t border-line pt-1">
          <MenuEntry id="send" icon={<Send size={14} />}>
            {archives('sendMenu')}
          </MenuEntry>
        </MenuSection>
      )}
    </Menu>
  );
}

/** The status as a button that changes it, with who reads now, and that sends the study elsewhere; plain text for those who may not, or not with this one. */
export const StatusMenu = ({ study }: { study: Study }) => (
  <OnlyReads value={study.onlyReads === true}>
    <StatusOf study={study} />
  </OnlyReads>
);

function StatusOf({ study }: { study: Study }) {
  const t = useText('worklist');
  const common = useText('common');
  const statuses = useStatuses(study);
  const [isSending, setSending] = useState(false);
  const isTabStop = use(RowCursor);
  const readers = useReaders(study);
  const status = (
    <span className="inline-flex min-w-0" title={study.onlyReads === true ? t('onlyReads') : readers?.all}>
      <Status status={study.status} by={readers?.short} />
    </span>
  );
  if (statuses.length === 0) return status;
  const said = [common(`status${study.status}`), readers?.all].filter((part) => part !== undefined).join(', ');
  return (
    <>
      <MenuTrigger>
        <AriaButton
          excludeFromTabOrder={!isTabStop}
          aria-label={t('changeStatus', { status: said })}
          className="-ml-1.5 inline-flex h-7 min-w-0 max-w-full outline-offset-[-2px] items-center rounded-md px-1.5 hover:bg-surface-2 coarse:h-10"
        >
          {status}
        </AriaButton>
        <Popover placement="bottom end" className={MENU_CLASS}>
          <StatusEntries study={study} statuses={statuses} onSend={() => setSending(true)} />
        </Popover>
      </MenuTrigger>
      {isSending && <SendStudies studies={[study]} onClose={() => setSending(false)} />}
    </>
  );
}

/** What is done with one study, behind one button: its status, where it goes, the trash. */
export const StudyMenu = ({ study }: { study: Study }) => (
  <OnlyReads value={study.onlyReads === true}>
    <MenuOf study={study} />
  </OnlyReads>
);

function MenuOf({ study }: { study: Study }) {
  const shell = useText('shell');
  const can = useCan();
  const trash = useTrashStudy();
  const [open, setOpen] = useState<'move' | 'send' | 'share'>();
  const close = (): void => setOpen(undefined);
  const statuses = useStatuses(study);
  if (statuses.length === 0 && !can('trash.move') && !can('studies.send') && !can('studies.share')) return null;
  const act = (key: string): void => {
    if (key === 'trash') void trash(study);
    else if (key === 'move' || key === 'send' || key === 'share') setOpen(key);
    else void setStudyStatus(study, key as ReadingStatus); // The other keys are the statuses.
  };
  return (
    <>
      <MenuTrigger>
        <IconButton label={shell('more')}>
          <MoreHorizontal size={17} />
        </IconButton>
        <Popover placement="bottom end" className={MENU_CLASS}>
          <Choices study={study} statuses={statuses} onAct={act} />
        </Popover>
      </MenuTrigger>
      {open === 'send' && <SendStudies studies={[study]} onClose={close} />}
      {open === 'share' && <ShareStudies studies={[study]} onClose={close} />}
      {open === 'move' && <MoveStudy study={study} isOpen onClose={close} />}
    </>
  );
}

interface ChoicesProps {
  readonly study: Study;
  readonly statuses: readonly ReadingStatus[];
  readonly onAct: (key: string) => void;
}
function Choices({ study, statuses, onAct }: ChoicesProps) {
  const archives = useText('archives');
  const shares = useText('shares');
  const t = useText('patients');
  const worklist = useText('worklist');
  const common = useText('common');
  const can = useCan();
  return (
    <Menu className="outline-none" onAction={(key) => onAct(String(key))} disabledKeys={[study.status]}>
      {statuses.map((status) => (
        <MenuEntry key={status} id={status} icon={<StatusSign status={status} />}>
          {common(`status${status}`)}
        </MenuEntry>
      ))}
      {can('studies.write') && can('patients.write') && (
        <MenuEntry id="move" icon={<UserRoundPen size={14} />}>
          {worklist('moveMenu')}
        </MenuEntry>
      )}
      {can('studies.send') && (
        <MenuEntry id="send" icon={<Send size={14} />}>
          {archives('sendMenu')}
        </MenuEntry>
      )}
      {can('studies.share') && (
        <MenuEntry id="share" icon={<Share2 size={14} />}>
          {shares('shareMenu')}
        </MenuEntry>
      )}
      {can('trash.move') && (
        <MenuEntry id="trash" icon={<Trash2 size={14} />}>
          {t('moveToTrash')}
        </MenuEntry>
      )}
    </Menu>
  );
}
