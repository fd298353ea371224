import type { DeidProject } from '@negatoscope/contract';
import { UserSearch } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { keptWords } from '../../entities/deid/kept-words.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { WhosePseudonym } from './whose-pseudonym.tsx';

/** A project: what it keeps, whose it is, and, for who may ask, whose a pseudonym of it is. */
export function ProjectRow({ project }: { project: DeidProject }) {
  const t = useText('deid');
  const locale = useLocale();
  const can = useCan();
  const [asks, setAsks] = useState(false);
  const { name, note, by, createdAt, hasKey } = project;
  const made = [...(by === null ? [] : [t('by', { name: by.name })]), formatInstant(createdAt, locale)].join(' · ');
  return (
    <li className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2 border-b border-line/70 px-4 py-2.5 last:border-0">
      <div className="min-w-56 flex-1">
        <p className="font-medium break-words">{name}</p>
        {note !== '' && <p className="break-words whitespace-pre-line">{note}</p>}
        <p className="text-[13px] break-words text-dim">{keptWords(project, t)}</p>
        <p className="tabular text-[13px] break-words text-dim">{made}</p>
        {!hasKey && <p className="text-[13px] text-danger">! {t('keyLost')}</p>}
      </div>
      {can('audit.read') && can('patients.identity') && hasKey && (
        <Button
          size="small"
          icon={<UserSearch size={14} />}
          onPress={() => setAsks(true)}
          aria-label={t('whoseLong', { project: name })}
        >
          {t('whose')}
        </Button>
      )}
      {asks && <WhosePseudonym project={project} onClose={() => setAsks(false)} />}
    </li>
  );
}
