import type { ListView } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useStart } from '../../entities/deid/use-start.ts';
import { useWhere } from '../../entities/deid/use-where.ts';
import { WhereFields } from '../../entities/deid/where-fields.tsx';
import { listFilterOf } from '../../entities/study/list-filter.ts';
import { listViewsQuery } from '../../entities/study/list-views.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { studySearch } from '../../routing/search-params.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { FoundWords } from './found-words.tsx';

/**
 * A saved view of the worklist by its filters; all studies where none is chosen. What was chosen stays as it was then, whoever changes the view or takes it
 * away meanwhile: without it all studies would leave. Nothing that is not set is sent.
 */
function useSource() {
  const [view, setView] = useState<ListView>();
  const saved = useQuery(listViewsQuery).data?.items.filter(({ name }) => name !== '') ?? [];
  const views = view === undefined || saved.some(({ id }) => id === view.id) ? saved : [...saved, view];
  const setChosen = (id: string): void => setView(views.find((one) => one.id === id));
  const wanted = listFilterOf(studySearch(view?.content.filters ?? {}));
  const filter = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  return { views, view, setChosen, filter };
}

/** Asks which saved search leaves without identity, says how much it finds now, and has it made. */
export function ExportFromSearch({ onClose }: { onClose: () => void }) {
  const t = useText('deid');
  const w = useText('deidWhere');
  const common = useText('common');
  const locale = useLocale();
  const where = useWhere();
  const { views, view, setChosen, filter } = useSource();
  const { targetGroupId } = where.body;
  const asked = { filter, ...(targetGroupId && { targetGroupId }) };
  const { data, error } = useQuery({
    queryKey: ['deid-count', asked],
    queryFn: ({ signal }) => call('countDeidExport', { body: asked, signal }),
    staleTime: 0,
  });
  const { failure, isPending, submit } = useStart({ filter, ...where.body }, onClose);
  const problem = failure ?? error ?? where.error ?? undefined;
  const mayStart = where.isWhole && data !== undefined && data.studies > 0 && !data.isTooMany;
  return (
    <Dialog title={w('fromSearch')} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {problem !== undefined && <Notice tone="danger">{errorText(problem, locale)}</Notice>}
        <SelectField
          label={w('search')}
          hint={w('searchHint')}
          choices={[{ value: '', label: w('allStudies') }, ...views.map(({ id, name }) => ({ value: id, label: name }))]}
          value={view?.id ?? ''}
          onChange={({ target }) => setChosen(target.value)}
        />
        <FoundWords count={data} />
        <WhereFields where={where} />
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{common('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={isPending} isDisabled={!mayStart}>
            {t('start')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
