import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { groupedRefusals, isFromGroup, reasonText } from '../../entities/deid/because.ts';
import { deidExportsQuery } from '../../entities/deid/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';

/** Which files of an export did not leave, by why. */
export function RefusedFiles({ id }: { id: string }) {
  const t = useText('deid');
  const w = useText('deidWhere');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: [...deidExportsQuery.queryKey, id],
    queryFn: ({ signal }) => call('getDeidExport', { params: { id }, signal }),
  });
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={120} />;
  return (
    <>
      <p className="text-dim">{t('refusedText')}</p>
      {groupedRefusals(data.refusals).map(({ because, paths }) => (
        <section key={because}>
          <h3 className="font-medium">{isFromGroup(because) ? w(`because_${because}`) : reasonText(because, t)}</h3>
          <p className="text-[13px] text-dim">{t('files', { count: paths.length })}</p>
          <ul className="mt-1 max-h-48 overflow-auto font-mono text-[12px] break-all" aria-label={because}>
            {paths.map((path) => (
              <li key={path}>{path}</li>
            ))}
          </ul>
        </section>
      ))}
      {data.refused > data.refusals.length && <p className="text-dim">{t('refusedMore')}</p>}
    </>
  );
}
