import type { Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { Menu, MenuTrigger, Popover } from 'react-aria-components';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { currentLocale, text, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { MENU_CLASS, MenuEntry } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toast.tsx';

type Moves = ReadonlyMap<string, string | null>;

/** Gives patients with all of their studies to groups; what was theirs before, of those that could be. */
async function move(moves: Moves): Promise<Moves> {
  const before = new Map<string, string | null>();
  for (const [id, groupId] of moves) {
    try {
      const { updatedAt, groupId: had } = await call('getPatient', { params: { id } });
      if (had === groupId) continue;
      await call('updatePatient', { params: { id }, body: { updatedAt, groupId } });
      before.set(id, had);
    } catch (error) {
      showToast(errorText(error, currentLocale()), { tone: 'danger' });
    }
  }
  for (const key of ['studies', 'patients', 'patient', 'overview']) void queryClient.invalidateQueries({ queryKey: [key] });
  return before;
}

async function moveAll(studies: readonly Study[], groupId: string | null): Promise<void> {
  const before = await move(new Map(studies.map(({ patient }) => [patient.id, groupId])));
  if (before.size === 0) return;
  showToast(text('worklist', 'groupChanged', { count: before.size }), {
    action: { label: text('common', 'undo'), run: () => void move(before) },
  });
}

/** The group of the chosen studies' patients: a study is where its patient is. Nothing to whom there are no groups. */
export function ChosenGroup({ studies }: { studies: readonly Study[] }) {
  const t = useText('worklist');
  const can = useCan();
  const groups = useQuery({ ...groupsQuery, enabled: can('groups.manage') }).data?.items ?? [];
  if (groups.length === 0) return null;
  return (
    <MenuTrigger>
      <Button size="small" isDisabled={studies.length === 0}>
        {t('site')}
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Popover placement="bottom end" className={MENU_CLASS}>
        <Menu className="outline-none" onAction={(key) => void moveAll(studies, key === 'none' ? null : String(key))}>
          {[...groups.map(({ id, name }) => ({ id, name })), { id: 'none', name: t('noSite') }].map(({ id, name }) => (
            <MenuEntry key={id} id={id}>
              {name}
            </MenuEntry>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
