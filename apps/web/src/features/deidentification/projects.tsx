import { useQuery } from '@tanstack/react-query';
import { VenetianMask } from 'lucide-react';
import { errorText } from '../../api/error.ts';
import { deidProjectsQuery } from '../../entities/deid/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Skeleton } from '../../ui/bits.tsx';
import { ProjectRow } from './project-row.tsx';

/** The projects that one may use, the newest first. */
export function Projects({ mayCreate }: { mayCreate: boolean }) {
  const t = useText('deid');
  const locale = useLocale();
  const { data, error, refetch } = useQuery(deidProjectsQuery);
  return (
    <section className="mt-6" aria-label={t('projects')}>
      <h2 className="font-semibold">{t('projects')}</h2>
      <p className="mb-3 text-[13px] text-dim">{t('projectsLead')}</p>
      {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton width="100%" height={90} />}
      {data?.items.length === 0 && (
        <Empty icon={<VenetianMask size={30} />} title={t('noProjects')}>
          {t(mayCreate ? 'noProjectsText' : 'noProjectsAsk')}
        </Empty>
      )}
      <ul className="ng-card empty:hidden">
        {data?.items.map((project) => (
          <ProjectRow key={project.id} project={project} />
        ))}
      </ul>
    </section>
  );
}
