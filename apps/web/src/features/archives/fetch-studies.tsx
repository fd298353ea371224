import type { FoundStudy } from '@negatoscope/contract';
import { MOST_STUDIES } from '@negatoscope/contract/node-codes';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan, useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useOwnGroups } from '../../entities/group/own-groups.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { FilterSelect } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { showTransfers } from './transfers.tsx';

interface FetchProps {
  readonly nodeId: string;
  readonly studies: readonly FoundStudy[];
  /** These are asked for, and need not be chosen any more. */
  readonly onFetched: (uids: readonly string[]) => void;
}

/** Asks for studies, as many at a time as one transfer takes. */
function useFetch({ nodeId, studies, onFetched }: FetchProps) {
  const t = useText('archives');
  const locale = useLocale();
  const [isPending, setPending] = useState(false);
  const run = async (into: { readonly groupId?: string | null }): Promise<void> => {
    setPending(true);
    try {
      for (let at = 0; at < studies.length; at += MOST_STUDIES) {
        const some = studies.slice(at, at + MOST_STUDIES);
        const body = { studies: some.map(({ studyInstanceUid, instances }) => ({ studyInstanceUid, instances })), ...into };
        await call('retrieveStudies', { params: { id: nodeId }, body });
        onFetched(some.map(({ studyInstanceUid }) => studyInstanceUid));
      }
      showToast(t('fetching', { count: studies.length }), { action: { label: t('follow'), run: showTransfers } });
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
    } finally {
      void queryClient.invalidateQueries({ queryKey: ['transfers'] });
      setPending(false);
    }
  };
  return { run, isPending };
}

/** Into which group, and the choice; none for who has one. */
function useInto() {
  const t = useText('archives');
  const user = useUser();
  const isAdmin = user?.role === 'ADMIN';
  const all = useQuery({ ...groupsQuery, enabled: isAdmin }).data?.items ?? [];
  const own = useOwnGroups();
  const [group, setGroup] = useState(user?.groupId ?? '');
  const choices = (isAdmin ? all : own).map(({ id, name }) => ({ value: id, label: name }));
  const hasChoice = isAdmin || own.length > 0;
  return {
    group,
    setGroup,
    choices: isAdmin ? [{ value: '', label: t('noGroup') }, ...choices] : choices,
    hasChoice,
    into: hasChoice ? { groupId: group === '' ? null : group } : {},
  };
}

/** Fetches what is chosen: into one’s own group; who has several, or sees all, says into which. */
export function Fetch(props: FetchProps) {
  const t = useText('archives');
  const can = useCan();
  const { group, setGroup, choices, hasChoice, into } = useInto();
  const { run, isPending } = useFetch(props);
  const count = props.studies.length;
  if (!can('imports.create')) return null;
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2">
      {hasChoice && (
        <div className="flex items-center gap-2 text-[13px] text-dim">
          <span aria-hidden="true" className="whitespace-nowrap">
            {t('into')}
          </span>
          {/* A width of its own: as wide as it asks to be, it would stand under the button. */}
          <span className="flex w-44 shrink-0">
            <FilterSelect label={t('into')} value={group} onChange={setGroup} choices={choices} />
          </span>
        </div>
      )}
      <Button
        kind="primary"
        icon={<Download size={16} />}
        isDisabled={count === 0}
        isPending={isPending}
        onPress={() => void run(into)}
      >
        {count === 0 ? t('fetchNone') : t('fetch', { count })}
      </Button>
    </div>
  );
}
