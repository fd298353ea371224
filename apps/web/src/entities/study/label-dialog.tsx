import type { Label, Study } from '@negatoscope/contract';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan, useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { groupIdsOf, siteFor } from '../group/site.ts';
import { LabelDot, useLabels } from './labels.tsx';
import { NewLabel } from './new-label.tsx';
import { changeStudies } from './work.ts';

/** Whether this person may change a label, as the server decides it. */
function useMayManage(): (groupId: string | null) => boolean {
  const can = useCan();
  const user = useUser();
  return (groupId) =>
    can('groups.manage') ||
    (can('studies.validate') && groupId !== null && user !== undefined && groupIdsOf(user).includes(groupId));
}

/** Labels that some studies can have: of the installation, and of their one group. */
const fits = (label: Label, studies: readonly Study[]): boolean =>
  label.groupId === null || studies.every(({ groupId }) => groupId === label.groupId);

/** The labels of one study or several: a press puts one on all of them, or takes it off. */
export function LabelDialog({ studies, onClose }: { studies: readonly Study[]; onClose: () => void }) {
  const t = useText('worklist');
  const labels = useLabels().filter((label) => fits(label, studies));
  const mayManage = useMayManage();
  // Of the site of these studies, where it is theirs.
  const groups = new Set(studies.map(({ groupId }) => groupId ?? undefined));
  const site = siteFor(useUser(), groups.size === 1 ? [...groups][0] : undefined);
  return (
    <Dialog title={t('labels')} isOpen onClose={onClose}>
      {labels.length === 0 && <p className="text-dim">{t('noLabels')}</p>}
      <ul className="flex flex-col">
        {labels.map((label) => (
          <LabelLine key={label.id} label={label} studies={studies} mayManage={mayManage(label.groupId)} />
        ))}
      </ul>
      {(mayManage(null) || mayManage(site)) && <NewLabel mayForAll={mayManage(null)} site={site} />}
    </Dialog>
  );
}

interface LineProps {
  readonly label: Label;
  readonly studies: readonly Study[];
  readonly mayManage: boolean;
}
function LabelLine({ label, studies, mayManage }: LineProps) {
  const t = useText('worklist');
  const locale = useLocale();
  // What was pressed here counts until the list has it: the dialog holds the studies as they were.
  const [isOn, setOn] = useState(() => studies.every(({ labels }) => labels.some(({ id }) => id === label.id)));
  const put = async (isWanted: boolean): Promise<void> => {
    setOn(isWanted);
    const isDone = await changeStudies(studies, isWanted ? { addLabels: [label.id] } : { removeLabels: [label.id] });
    if (!isDone) setOn(!isWanted);
  };
  const remove = async (): Promise<void> => {
    try {
      await call('deleteLabel', { params: { id: label.id } });
      for (const key of ['labels', 'studies']) void queryClient.invalidateQueries({ queryKey: [key] });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  return (
    <li className="flex min-h-11 items-center gap-3 border-b border-line/70 last:border-0">
      <label className="flex min-w-0 flex-1 cursor-pointer items-center gap-3 py-2">
        <input
          type="checkbox"
          className="size-4 accent-accent coarse:size-5"
          checked={isOn}
          onChange={(event) => void put(event.target.checked)}
        />
        <LabelDot color={label.color} />
        <span className="truncate">{label.name}</span>
      </label>
      {mayManage && (
        <IconButton label={t('labelDelete', { name: label.name })} onPress={() => void remove()}>
          <Trash2 size={15} />
        </IconButton>
      )}
    </li>
  );
}
