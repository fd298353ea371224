import type { Study } from '@negatoscope/contract';
import { UserRoundPlus } from 'lucide-react';
import { use, useState } from 'react';
import { Button as AriaButton, MenuTrigger, Popover } from 'react-aria-components';
import { OnlyReads, useCan, useUser } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';
import { cx } from '../../ui/cx.ts';
import { MENU_CLASS } from '../../ui/menu.tsx';
import { RowCursor } from '../../ui/row-cursor.ts';
import { LabelDialog } from './label-dialog.tsx';
import { WorkEntries } from './work-entries.tsx';

/** Whom a study is for; nobody's is an empty text. */
export function useAssigneeName(): (study: Study) => string {
  const t = useText('worklist');
  const user = useUser();
  return ({ assigneeId, assigneeName }) => {
    if (assigneeId === null) return '';
    return assigneeId === user?.id ? t('readerSelf') : (assigneeName ?? t('readerHidden'));
  };
}

/** Whom a study is for, as a button that changes that, how soon and the labels; plain text for those who may not. */
interface WorkProps {
  readonly study: Study;
  readonly isSmall?: boolean;
  /** Says in words, too, that a study is nobody's. */
  readonly isTold?: boolean;
}
export const WorkMenu = (props: WorkProps) => (
  <OnlyReads value={props.study.onlyReads === true}>
    <WorkOf {...props} />
  </OnlyReads>
);

function WorkOf({ study, isSmall = false, isTold = false }: WorkProps) {
  const t = useText('worklist');
  const can = useCan();
  const isTabStop = use(RowCursor);
  const [isLabelling, setLabelling] = useState(false);
  const name = useAssigneeName()(study);
  if (!can('studies.write')) return <span className="truncate text-dim">{name}</span>;
  const said = [t('assignee'), name || t('assignNobody'), t(`urgency${study.urgency}`)].join(', ');
  return (
    <>
      <MenuTrigger>
        <AriaButton
          excludeFromTabOrder={!isTabStop}
          aria-label={said}
          className={cx(
            '-ml-1.5 inline-flex h-7 max-w-full min-w-0 items-center gap-1.5 rounded-md px-1.5 outline-offset-[-2px] hover:bg-surface-2 coarse:h-10',
            name === '' ? 'text-dim' : '',
          )}
        >
          {name === '' || isSmall ? <UserRoundPlus size={15} aria-hidden="true" className="shrink-0" /> : null}
          {(name !== '' || isTold) && <span className="truncate">{name || t('assignNobody')}</span>}
        </AriaButton>
        <Popover placement="bottom end" className={MENU_CLASS}>
          <WorkEntries studies={[study]} onLabels={() => setLabelling(true)} />
        </Popover>
      </MenuTrigger>
      {isLabelling && <LabelDialog studies={[study]} onClose={() => setLabelling(false)} />}
    </>
  );
}
