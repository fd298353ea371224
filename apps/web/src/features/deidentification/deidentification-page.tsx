import { ListFilter, Plus } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead, Scroll } from '../../ui/page.tsx';
import { Exports } from './exports.tsx';
import { ExportFromSearch } from './from-search.tsx';
import { NewProject } from './new-project.tsx';
import { Projects } from './projects.tsx';

/** What leaves without identity: one's exports, and the projects in which pseudonyms agree. */
export function DeidentificationPage() {
  const t = useText('deid');
  const can = useCan();
  const w = useText('deidWhere');
  const [isNew, setNew] = useState(false);
  const [isSearch, setSearch] = useState(false);
  // Its options decide what of an identity is kept: who sees none doesn't choose them.
  const mayCreate = can('patients.identity');
  const create = (
    <Button icon={<Plus size={16} />} onPress={() => setNew(true)}>
      {t('newProject')}
    </Button>
  );
  return (
    <>
      <PageHead width="max-w-3xl" title={t('title')}>
        <Button icon={<ListFilter size={16} />} onPress={() => setSearch(true)}>
          {w('fromSearch')}
        </Button>
        {mayCreate && create}
      </PageHead>
      <Scroll width="max-w-3xl">
        <p className="mb-4 text-dim">{t('lead')}</p>
        <Exports />
        <Projects mayCreate={mayCreate} />
      </Scroll>
      {isSearch && <ExportFromSearch onClose={() => setSearch(false)} />}
      <NewProject isOpen={isNew} onClose={() => setNew(false)} />
    </>
  );
}
