import type { Study } from '@negatoscope/contract';
import { History, Tags, UserRound, UserRoundCheck, UserRoundX } from 'lucide-react';
import { Menu, MenuSection } from 'react-aria-components';
import { useCan, useUser } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';
import { MenuEntry } from '../../ui/menu.tsx';
import { useReadersOf } from './readers.ts';
import { URGENCIES, UrgencySign } from './urgency.tsx';
import { changeStudies, type Work } from './work.ts';

interface EntriesProps {
  readonly studies: readonly Study[];
  readonly onLabels?: () => void;
  readonly onDone?: () => void;
}

/** What a menu's key asks for. */
function workOf(key: string, me: string | undefined): Work | undefined {
  const [kind = '', value = ''] = key.split(' ');
  if (kind === 'assign') return { assigneeId: value === 'none' ? null : value === 'me' ? (me ?? null) : value };
  if (kind === 'urgency') return { urgency: URGENCIES.find((one) => one === value) ?? 'ROUTINE' };
  return kind === 'prior' ? { isPrior: value === 'yes' } : undefined;
}

/** The one that all studies have, if they have one. */
function common<T>(studies: readonly Study[], of: (study: Study) => T): T | undefined {
  const values = new Set(studies.map(of));
  return values.size === 1 ? [...values][0] : undefined;
}

/** Who is to read studies. */
function AssignEntries({ studies }: { studies: readonly Study[] }) {
  const t = useText('worklist');
  const user = useUser();
  const can = useCan();
  const groupId = common(studies, (study) => study.groupId ?? 'none');
  const readers = useReadersOf(groupId).filter(({ id }) => id !== user?.id);
  return (
    <>
      {can('studies.validate') && (
        <MenuEntry id="assign me" icon={<UserRoundCheck size={14} />}>
          {t('assignMe')}
        </MenuEntry>
      )}
      <MenuEntry id="assign none" icon={<UserRoundX size={14} />}>
        {t('assignNobody')}
      </MenuEntry>
      {readers.map(({ id, name }) => (
        <MenuEntry key={id} id={`assign ${id}`} icon={<UserRound size={14} />}>
          {name}
        </MenuEntry>
      ))}
    </>
  );
}

const RULE = 'mt-1 border-t border-line pt-1';

/** Who reads studies, how soon, whether anybody does, and their labels. */
export function WorkEntries({ studies, onLabels, onDone }: EntriesProps) {
  const t = useText('worklist');
  const user = useUser();
  const act = (key: string): void => {
    const work = workOf(key, user?.id);
    if (work === undefined) onLabels?.();
    else void changeStudies(studies, work);
    onDone?.();
  };
  const isPrior = studies.every((study) => study.isPrior);
  return (
    <Menu className="max-h-[70vh] overflow-auto outline-none" onAction={(key) => act(String(key))}>
      <MenuSection aria-label={t('urgency')}>
        {URGENCIES.map((urgency) => (
          <MenuEntry key={urgency} id={`urgency ${urgency}`} icon={<UrgencySign urgency={urgency} />}>
            {t(`urgency${urgency}`)}
          </MenuEntry>
        ))}
      </MenuSection>
      <MenuSection aria-label={t('labels')} className={RULE}>
        <MenuEntry id="labels" icon={<Tags size={14} />}>{`${t('labels')}…`}</MenuEntry>
        <MenuEntry id={isPrior ? 'prior no' : 'prior yes'} icon={<History size={14} />}>
          {t(isPrior ? 'unmarkPrior' : 'markPrior')}
        </MenuEntry>
      </MenuSection>
      <MenuSection aria-label={t('assignTo')} className={RULE}>
        <AssignEntries studies={studies} />
      </MenuSection>
    </Menu>
  );
}
