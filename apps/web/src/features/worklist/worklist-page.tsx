import type { Study } from '@negatoscope/contract';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { PanelRight, ScanLine } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { errorText } from '../../api/error.ts';
import { type CursorList, listProps } from '../../api/use-cursor-list.ts';
import { NoRows } from '../../entities/no-rows.tsx';
import { LabelDialog } from '../../entities/study/label-dialog.tsx';
import { placeOf } from '../../entities/study/place.ts';
import { hoverStudy } from '../../entities/study/prefetch.ts';
import { readFrom } from '../../entities/study/reading-list.ts';
import { StudyCard } from '../../entities/study/study-columns.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError } from '../../ui/bits.tsx';
import { IconButton } from '../../ui/button.tsx';
import { DataList, Total } from '../../ui/data-list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { useIsWide } from '../../ui/use-media.ts';
import { ChooseButton, type Choosing, ChosenCard, useChoosing, useColumnsWith } from './choosing.tsx';
import { ChosenBar } from './chosen-bar.tsx';
import { type Change, Filters } from './filters.tsx';
import { FollowButton, useFollows } from './live/follow.tsx';
import { LiveBar } from './live/live-bar.tsx';
import { type LiveStudies, useLiveStudies } from './live/use-live-studies.ts';
import { Preview } from './preview/preview.tsx';
import { useRowKeys } from './row-keys.ts';
import { askedOf, type Search, useStudies } from './use-studies.ts';
import { useViews } from './views/use-views.ts';
import { ViewMenu } from './views/view-menu.tsx';

const rowId = (study: Study): string => study.id;
const nothing = (): void => undefined;
const FILTERS = ['q', 'status', 'modality', 'range', 'urgency', 'assignee', 'label', 'site', 'prior'] as const;

export function WorklistPage() {
  const t = useText('worklist');
  const search = useSearch({ from: '/app/worklist' });
  const navigate = useNavigate({ from: '/app/worklist' });
  const name = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same filters are the same list.
  const asked = useMemo(() => askedOf(search), [name]);
  const list = useStudies(asked);
  const set = (change: Change): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as Search, replace: true }); // Read back through validateSearch.
  const choosing = useChoosing(list.rows);
  const gridRef = useRef<HTMLDivElement | null>(null);
  const [follows, setFollows] = useFollows();
  const live = useLiveStudies({ ...asked, rows: list.rows, gridRef, follows });
  const [isPreviewed, setPreviewed] = useState(false);
  const views = useViews(search, set);
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('title')} aside={<Total total={list.total} isExact={list.totalIsExact} />}>
        <ViewMenu views={views} />
        <FollowButton follows={follows} onChange={setFollows} />
        <span className="max-[1199px]:hidden">
          <IconButton label={t('preview')} active={isPreviewed} onPress={() => setPreviewed(!isPreviewed)}>
            <PanelRight size={18} />
          </IconButton>
        </span>
        <ChooseButton choosing={choosing} />
      </PageHead>
      <Filters search={search} onChange={set} />
      <ChosenBar choosing={choosing} />
      <StudyList
        {...{ list, search, choosing, live, gridRef, isPreviewed, views }}
        onChange={set}
        onPreview={() => setPreviewed(!isPreviewed)}
      />
    </section>
  );
}

interface ListProps {
  readonly search: Search;
  readonly onChange: (change: Change) => void;
  readonly list: CursorList<Study>;
  readonly choosing: Choosing;
  readonly live: LiveStudies;
  readonly gridRef: React.RefObject<HTMLDivElement | null>;
  readonly isPreviewed: boolean;
  readonly onPreview: () => void;
  readonly views: ReturnType<typeof useViews>;
}

function useOpen(list: CursorList<Study>): (study: Study) => void {
  const navigate = useNavigate({ from: '/app/worklist' });
  return ({ studyInstanceUid, groupId }) => {
    readFrom(list.rows);
    void navigate({ to: '/app/studies/$studyInstanceUid', params: { studyInstanceUid }, search: placeOf({ groupId }) });
  };
}

function StudyList(props: ListProps) {
  const { list, choosing, live, isPreviewed, onPreview } = props;
  const locale = useLocale();
  const isWide = useIsWide();
  const open = useOpen(list);
  const [labelled, label] = useState<Study>();
  const [previewedId, preview] = useState<string>();
  // The row that the cursor is on is the one that is looked at.
  const togglePreview = (row: Study | undefined): void => {
    preview(row?.id);
    onPreview();
  };
  const onLetter = useRowKeys({ showNew: live.show, togglePreview, label, choose: choosing.toggle });
  if (list.error !== null) return <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />;
  const isBeside = isPreviewed && isWide;
  return (
    <div className="relative flex min-h-0 flex-1">
      <LiveBar live={live} />
      <Rows {...props} open={open} onLetter={onLetter} onSelect={isBeside ? ({ id }) => preview(id) : undefined} />
      {isBeside && <Preview study={list.rows.find(({ id }) => id === previewedId)} onOpen={open} onClose={onPreview} />}
      {labelled !== undefined && <LabelDialog studies={[labelled]} onClose={() => label(undefined)} />}
    </div>
  );
}

interface RowsProps extends ListProps {
  readonly open: (study: Study) => void;
  readonly onLetter: (letter: string, row: Study | undefined) => boolean;
  readonly onSelect: ((study: Study) => void) | undefined;
}
function Rows({ list, search, onChange, choosing, live, gridRef, views, open, onLetter, onSelect }: RowsProps) {
  const t = useText('worklist');
  const columns = useColumnsWith(views.columns, choosing);
  const isChoosing = choosing.chosen !== undefined;
  const isFiltered = FILTERS.some((name) => search[name] !== undefined);
  const clear = () => onChange(Object.fromEntries(FILTERS.map((name) => [name, undefined])));
  return (
    <DataList
      label={t('title')}
      columns={columns}
      {...listProps(list)}
      rowId={rowId}
      placeKey={`studies ${JSON.stringify(search)}`}
      card={(study) => (
        <ChosenCard study={study} choosing={choosing}>
          <StudyCard study={study} />
        </ChosenCard>
      )}
      {...(onSelect === undefined || isChoosing ? {} : { onSelect })}
      onOpen={isChoosing ? choosing.toggle : open}
      onHover={isChoosing ? nothing : hoverStudy}
      onBack={choosing.end}
      onLetter={onLetter}
      gridRef={gridRef}
      changed={live.changed}
      sort={search.sort ?? '-studyDate'}
      onSort={(sort) => onChange({ sort: sort === '-studyDate' ? undefined : sort })}
      empty={<NoStudies isFiltered={isFiltered} onClear={clear} />}
    />
  );
}

function NoStudies({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const t = useText('worklist');
  const texts = {
    emptyTitle: t('emptyTitle'),
    emptyText: t('emptyText'),
    noMatchTitle: t('noMatchTitle'),
    noMatchText: t('noMatchText'),
  };
  return <NoRows icon={<ScanLine size={34} />} texts={texts} isFiltered={isFiltered} onClear={onClear} />;
}
