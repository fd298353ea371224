import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import type { Result } from '../../../api/operation.ts';
import { formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { useSubmit } from '../../../ui/use-submit.ts';

type Told = Result<'listErasures'>;

/** Who was erased, by ids, and who of them seems to have come back. */
export function Erasures() {
  const t = useText('rights');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['erasures'],
    queryFn: ({ signal }) => call('listErasures', { signal }),
  });
  if (data === undefined)
    return error === null ? (
      <Skeleton width="100%" height={120} />
    ) : (
      <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />
    );
  return (
    <section className="ng-card p-5" aria-label={t('erasures')}>
      <h2 className="mb-3 font-semibold">{t('erasures')}</h2>
      {data.returns.length > 0 && <Returns returns={data.returns} onSeen={() => void refetch()} />}
      {data.items.length === 0 && <p className="text-dim">{t('noErasures')}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {data.items.map((one) => (
          <li key={one.id} className="py-2">
            <p>{t('erasureLine', { reason: t(`reason.${one.reason}`), when: formatInstant(one.askedAt, locale) })}</p>
            <p className="text-[13px] text-dim">
              {[one.by === null ? '' : t('erasureBy', { by: one.by }), stateOf(one, t), ...orthancOf(one, t)]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <p className="text-[13px] break-all text-dim">{one.records.join(', ')}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const stateOf = ({ doneAt, isHeld, objects }: Told['items'][number], t: ReturnType<typeof useText<'rights'>>): string =>
  doneAt === null ? t(isHeld ? 'erasureHeld' : 'erasureWaiting') : t('erasureDone', { count: objects ?? 0 });

const WHYS = ['UNREACHABLE', 'TIMEOUT', 'NOT_ALLOWED'] as const;

/** What became of the copies in the Orthanc beside the server. */
function orthancOf({ orthanc }: Told['items'][number], t: ReturnType<typeof useText<'rights'>>): string[] {
  if (orthanc === null) return [];
  const { state, failure, studies, shared } = orthanc;
  const why = t(`orthancWhy.${WHYS.find((one) => one === failure) ?? ('ERROR' as const)}`);
  const told =
    state === 'DONE'
      ? studies === 0
        ? t('orthancNothing')
        : t('orthancDone', { count: studies })
      : state === 'PENDING'
        ? t('orthancPending')
        : t('orthancFailed', { why });
  return [told, shared === 0 ? '' : t('orthancShared', { count: shared })];
}

function Returns({ returns, onSeen }: Pick<Told, 'returns'> & { onSeen: () => void }) {
  const t = useText('rights');
  return (
    <Notice tone="amber">
      <p className="font-semibold">{t('returns')}</p>
      <p>{t('returnsText')}</p>
      <ul className="mt-2 flex flex-col gap-2">
        {returns.map((one) => (
          <Return key={one.id} one={one} onSeen={onSeen} />
        ))}
      </ul>
    </Notice>
  );
}

function Return({ one, onSeen }: { one: Told['returns'][number]; onSeen: () => void }) {
  const t = useText('rights');
  const locale = useLocale();
  const { failure, isPending, run } = useSubmit(async () => {
    await call('noteErasedReturn', { params: { id: one.id } });
    onSeen();
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Link to="/app/patients/$id" params={{ id: one.patientId }} className="font-medium underline">
        {one.recordNumber}
      </Link>
      <span className="text-[13px]">{t('returnFound', { when: formatInstant(one.foundAt, locale) })}</span>
      <Button size="small" onPress={() => void run()} isPending={isPending}>
        {t('returnSeen')}
      </Button>
      {failure !== undefined && <span className="text-danger">{errorText(failure, locale)}</span>}
    </li>
  );
}
