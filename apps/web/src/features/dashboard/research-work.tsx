import type { DeidExport } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deidExportsQuery, deidProjectsQuery } from '../../entities/deid/queries.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Skeleton } from '../../ui/bits.tsx';

const SHOWN = 3;

/** What a researcher comes back for: their projects, and how far their last exports without identity are. */
export function ResearchWork() {
  const t = useText('dashboard');
  const projects = useQuery(deidProjectsQuery).data?.items;
  const exports = useQuery(deidExportsQuery).data?.items;
  return (
    <section aria-label={t('researchWork')} className="ng-card mb-3 p-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="font-semibold">{t('researchWork')}</h2>
        <Link to="/app/deidentification" className="rounded text-[13px] text-accent hover:underline">
          {t('researchAll')}
        </Link>
      </div>
      {projects === undefined || exports === undefined ? (
        <Skeleton width="60%" height={18} />
      ) : (
        <>
          <p className="text-[13px] text-dim">
            {projects.length === 0 ? t('researchNoProjects') : t('researchProjects', { count: projects.length })}
          </p>
          {exports.length === 0 && <p className="text-[13px] text-dim">{t('researchNoExports')}</p>}
          <ul>
            {exports.slice(0, SHOWN).map((one) => (
              <LastExport key={one.id} of={one} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function LastExport({ of: { project, status, createdAt } }: { of: DeidExport }) {
  const deid = useText('deid');
  const locale = useLocale();
  return (
    <li className="mt-1.5 flex flex-wrap gap-x-2 text-[13px]">
      <span className="min-w-0 font-medium break-words">{project?.name ?? deid('alone')}</span>
      <span className={status === 'FAILED' ? 'text-danger' : 'text-dim'}>{deid(`status${status}`)}</span>
      <span className="tabular text-dim">{formatInstant(createdAt, locale)}</span>
    </li>
  );
}
