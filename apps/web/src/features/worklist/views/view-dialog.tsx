import type { ListView } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../../api/me.ts';
import { useOwnGroups } from '../../../entities/group/own-groups.ts';
import { groupsQuery } from '../../../entities/group/queries.ts';
import { useText } from '../../../i18n/index.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';
import { ColumnLines } from './column-lines.tsx';
import type { Views } from './use-views.ts';

const TITLE = 'mb-1.5 text-[13px] font-medium text-dim';

/** The saved views, the columns, and saving both under a name. */
export function ViewDialog({ views, onClose }: { views: Views; onClose: () => void }) {
  const t = useText('worklist');
  const [own, shared] = [views.named.filter(({ level }) => level === 'OWN'), views.named.filter(({ level }) => level === 'SITE')];
  const use = (view: ListView): void => {
    views.use(view);
    onClose();
  };
  return (
    <Dialog title={t('views')} isOpen onClose={onClose} wide>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        <div className="flex flex-col gap-5">
          <ViewLines title={t('viewsOwn')} items={own} views={views} onUse={use} />
          <ViewLines title={t('viewsSite')} items={shared} views={views} onUse={use} />
          <SaveView views={views} />
        </div>
        <section>
          <h3 className={TITLE}>{t('columns')}</h3>
          <ColumnLines views={views} />
        </section>
      </div>
    </Dialog>
  );
}

interface LinesProps {
  readonly title: string;
  readonly items: readonly ListView[];
  readonly views: Views;
  readonly onUse: (view: ListView) => void;
}
function ViewLines({ title, items, views, onUse }: LinesProps) {
  const t = useText('worklist');
  const can = useCan();
  // Where views of several groups stand beside each other, each says whose it is.
  const groups = useOwnGroups();
  if (items.length === 0) return null;
  return (
    <section>
      <h3 className={TITLE}>{title}</h3>
      <ul>
        {items.map((view) => (
          <li key={view.id} className="flex items-center gap-2 border-b border-line/70 last:border-0">
            <button
              type="button"
              className="min-h-10 min-w-0 flex-1 truncate rounded text-left hover:text-accent coarse:min-h-11"
              onClick={() => onUse(view)}
            >
              {view.name}
              <SiteName name={groups.find(({ id }) => id === view.siteId)?.name} />
            </button>
            {(view.level === 'OWN' || can('groups.manage')) && (
              <IconButton label={t('viewDelete', { name: view.name })} onPress={() => void views.remove(view)}>
                <Trash2 size={15} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const SiteName = ({ name }: { name: string | undefined }) =>
  name === undefined ? null : <span className="ml-2 text-[13px] text-dim">{name}</span>;

function SaveView({ views }: { views: Views }) {
  const t = useText('worklist');
  const can = useCan();
  const [name, setName] = useState('');
  const [whose, setWhose] = useState('me');
  const mayShare = can('groups.manage');
  const groups = useQuery({ ...groupsQuery, enabled: mayShare }).data?.items ?? [];
  const choices = [
    { value: 'me', label: t('viewMe') },
    { value: 'all', label: t('viewEverybody') },
    ...groups.map(({ id, name: group }) => ({ value: id, label: group })),
  ];
  const save = async (): Promise<void> => {
    const isSaved = await views.save({ name: name.trim(), siteId: whose === 'all' ? null : whose });
    if (isSaved) setName('');
  };
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void save();
      }}
    >
      <TextField
        className="min-w-40 flex-1"
        label={t('viewName')}
        value={name}
        maxLength={60}
        onChange={(event) => setName(event.target.value)}
      />
      {mayShare && (
        <SelectField label={t('viewWhose')} value={whose} onChange={(event) => setWhose(event.target.value)} choices={choices} />
      )}
      <Button type="submit" kind="primary" isDisabled={name.trim() === ''}>
        {t('save')}
      </Button>
    </form>
  );
}
