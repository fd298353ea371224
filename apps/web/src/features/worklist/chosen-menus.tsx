import type { ReadingStatus, Study } from '@negatoscope/contract';
import { ChevronDown } from 'lucide-react';
import { Menu, MenuTrigger, Popover } from 'react-aria-components';
import { useCan } from '../../api/me.ts';
import { changeStudies } from '../../entities/study/work.ts';
import { WorkEntries } from '../../entities/study/work-entries.tsx';
import { useText } from '../../i18n/index.ts';
import { STATUSES } from '../../routing/reading-statuses.ts';
import { Button } from '../../ui/button.tsx';
import { MENU_CLASS, MenuEntry } from '../../ui/menu.tsx';
import { StatusSign } from '../../ui/status.tsx';

/** Who reads the chosen studies, how soon, and their labels. */
export function ChosenWork({ studies, onLabels }: { studies: readonly Study[]; onLabels: () => void }) {
  const t = useText('worklist');
  return (
    <MenuTrigger>
      <Button size="small" isDisabled={studies.length === 0}>
        {t('bulkAssign')}
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Popover placement="bottom end" className={MENU_CLASS}>
        <WorkEntries studies={studies} onLabels={onLabels} />
      </Popover>
    </MenuTrigger>
  );
}

/** How far the chosen studies are. */
export function ChosenStatus({ studies }: { studies: readonly Study[] }) {
  const t = useText('worklist');
  const common = useText('common');
  const can = useCan();
  const statuses = STATUSES.filter((status) => status !== 'VALIDATED' || can('studies.validate'));
  return (
    <MenuTrigger>
      <Button size="small" isDisabled={studies.length === 0}>
        {t('bulkStatus')}
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Popover placement="bottom end" className={MENU_CLASS}>
        {/* The keys are the statuses. */}
        <Menu className="outline-none" onAction={(key) => void changeStudies(studies, { status: String(key) as ReadingStatus })}>
          {statuses.map((status) => (
            <MenuEntry key={status} id={status} icon={<StatusSign status={status} />}>
              {common(`status${status}`)}
            </MenuEntry>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
