import type { Study } from '@negatoscope/contract';
import type { InfiniteData } from '@tanstack/react-query';
import { queryClient } from '../../api/query-client.ts';

interface StudyPage {
  readonly items: Study[];
}
type Cached = InfiniteData<StudyPage> | StudyPage | undefined;

const isPage = (cached: unknown): cached is StudyPage =>
  typeof cached === 'object' && cached !== null && 'items' in cached && Array.isArray(cached.items);

/** Changes the rows of every list of studies that is kept, each row where it stands; `undefined` takes it out. Lists that hold none stay the very same. */
function changeRows(change: (study: Study) => Study | undefined): void {
  const inPage = (page: StudyPage): StudyPage => {
    const items = page.items.flatMap((study) => change(study) ?? []);
    const isSame = items.length === page.items.length && items.every((study, index) => study === page.items[index]);
    return isSame ? page : { ...page, items };
  };
  queryClient.setQueriesData<Cached>({ queryKey: ['studies'] }, (cached) => {
    if (cached === undefined) return cached;
    if (isPage(cached)) return inPage(cached);
    const pages = cached.pages.map(inPage);
    return pages.every((page, index) => page === cached.pages[index]) ? cached : { ...cached, pages };
  });
}

/** Shows studies as they are now in every list that holds them. */
export function showStudies(studies: readonly Study[]): void {
  const byId = new Map(studies.map((study) => [study.id, study]));
  changeRows((study) => {
    const now = byId.get(study.id);
    return now === undefined || JSON.stringify(now) === JSON.stringify(study) ? study : now;
  });
}

/** Shows a change of one's own before it is known to have been made. */
export function showChange(ids: ReadonlySet<string>, change: (study: Study) => Study): void {
  changeRows((study) => (ids.has(study.id) ? change(study) : study));
}

export function hideStudies(ids: readonly string[]): void {
  const gone = new Set(ids);
  changeRows((study) => (gone.has(study.id) ? undefined : study));
}
