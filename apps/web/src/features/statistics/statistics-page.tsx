import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Printer } from 'lucide-react';
import type { ReactNode } from 'react';
import { addressOf } from '../../api/address.ts';
import { useCan } from '../../api/me.ts';
import { timeZone } from '../../entities/statistics/queries.ts';
import { useText } from '../../i18n/index.ts';
import { STATISTICS_VIEWS } from '../../routing/search-params.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Segments } from '../../ui/field.tsx';
import { PageHead, Scroll, WIDE } from '../../ui/page.tsx';
import { ArrivalsView } from './arrivals-view.tsx';
import { DelaysView } from './delays-view.tsx';
import { PeopleView } from './people-view.tsx';
import { activityOf, type Change, periodOf } from './periods.ts';
import { ScreeningView } from './screening-view.tsx';
import { StorageView } from './storage-view.tsx';
import { queryOf, type Search } from './words.ts';

type View = (typeof STATISTICS_VIEWS)[number];

/** Where the figures of a view are as a file. */
function fileOf(view: View, search: Search): string {
  const zone = { timeZone: timeZone() };
  switch (view) {
    case 'arrivals':
      return addressOf('/api/stats/arrivals/csv', {}, { ...activityOf(search), ...zone });
    case 'delays':
      return addressOf('/api/stats/delays/csv', {}, { ...activityOf(search), ...zone });
    case 'storage': {
      const { modality: _, ...query } = activityOf(search);
      return addressOf('/api/stats/storage/csv', {}, { ...query, ...zone });
    }
    case 'people':
      return addressOf('/api/stats/people/csv', {}, { ...periodOf(search), ...zone });
    case 'screening':
      return addressOf('/api/stats/screening/csv', {}, { ...queryOf(search), ...zone });
  }
}

const VIEWS: Readonly<Record<View, (props: { search: Search; onChange: (change: Change) => void }) => ReactNode>> = {
  arrivals: ArrivalsView,
  delays: DelaysView,
  storage: StorageView,
  people: PeopleView,
  screening: ScreeningView,
};

/** On paper it is light, whatever the screen is. */
function printPage(): void {
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  dataset.theme = 'light';
  window.print();
  if (theme === undefined) delete dataset.theme;
  else dataset.theme = theme;
}

/** What was received, how long it waited, what it takes up, who did what, and how the model fares: each as charts, tables and files. */
export function StatisticsPage() {
  const t = useText('activity');
  const can = useCan();
  const search = useSearch({ from: '/app/statistics' });
  const navigate = useNavigate({ from: '/app/statistics' });
  const views = STATISTICS_VIEWS.filter((view) => view !== 'people' || can('users.manage'));
  const view = views.find((one) => one === search.view) ?? 'arrivals';
  const set = (change: Change): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as Search, replace: true }); // Read back through validateSearch.
  const Shown = VIEWS[view];
  return (
    <>
      <PageHead width={WIDE} title={t('title')}>
        <span className="print:hidden max-sm:hidden">
          <Button onPress={printPage}>
            <Printer size={16} /> {t('print')}
          </Button>
        </span>
        <a href={fileOf(view, search)} download className={`${buttonClass('plain')} print:hidden`}>
          <Download size={16} /> {t('csv')}
        </a>
      </PageHead>
      <Scroll width={WIDE}>
        <div className="-mx-0.5 max-w-full overflow-x-auto p-0.5 pb-3 print:hidden">
          <Segments
            label={t('view')}
            value={view}
            onChange={(value) => set({ view: value })}
            choices={views.map((value) => ({ value, label: t(`view_${value}`) }))}
          />
        </div>
        <Shown search={search} onChange={set} />
      </Scroll>
    </>
  );
}
