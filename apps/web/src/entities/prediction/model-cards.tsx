import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useLocale } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';

export const modelsQuery = {
  queryKey: ['models'],
  queryFn: ({ signal }: { signal: AbortSignal }) => call('listModels', { signal }),
};

/** What the makers of the models that answer here say of them: one may be read by anybody who sees a score. */
export function ModelCards() {
  const locale = useLocale();
  const { data, error, refetch } = useQuery(modelsQuery);
  if (error !== null) return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={120} />;
  return (
    <>
      {data.items.map(({ id, name, version, title, licence, card }, index) => (
        <details key={id ?? name} open={index === 0} className="ng-card px-4 py-3">
          <summary className="cursor-pointer font-medium">
            {textIn(title, locale)}{' '}
            <span className="font-normal text-dim">
              {name} {version} · {licence}
            </span>
          </summary>
          <div className="mt-3 text-[13px] leading-relaxed break-words whitespace-pre-wrap">{card}</div>
        </details>
      ))}
    </>
  );
}
