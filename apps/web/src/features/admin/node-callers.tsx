import type { UnknownCaller } from '@negatoscope/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { call } from '../../api/client.ts';
import { codeText } from '../../entities/node/code-text.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';

const callersQuery = queryOptions({
  queryKey: ['nodes', 'callers'],
  queryFn: ({ signal }) => call('listCallers', { signal }),
  refetchInterval: 15_000,
});

function Caller({ caller, onKnow }: { caller: UnknownCaller; onKnow: () => void }) {
  const t = useText('nodes');
  const locale = useLocale();
  const { address, callingAet, calledAet, code, times, lastAt } = caller;
  const isSilent = callingAet === '' && calledAet === '';
  const title = isSilent
    ? t('callerSilent')
    : t('callerLine', { calling: callingAet || t('untitled'), called: calledAet || t('untitled') });
  return (
    <li className="flex min-h-10 flex-wrap items-center justify-end gap-x-3 gap-y-1 border-b border-line/70 px-4 py-2 last:border-0">
      <div className="min-w-56 flex-1">
        <p className="font-medium break-words">{title}</p>
        <p className="tabular text-[13px] break-words text-dim">
          {[address, codeText(code, locale), t('times', { count: times, at: formatInstant(lastAt, locale) })].join(' · ')}
        </p>
      </div>
      {callingAet !== '' && (
        <Button
          size="small"
          icon={<UserPlus size={15} />}
          onPress={onKnow}
          aria-label={t('makeKnownLong', { title: callingAet, address })}
        >
          {t('makeKnown')}
        </Button>
      )}
    </li>
  );
}

/** Who was sent away and is no known node. Nothing is shown while there is nobody, or while nobody can be asked. */
export function Callers({ onKnow }: { onKnow: (caller: UnknownCaller) => void }) {
  const t = useText('nodes');
  const { data } = useQuery(callersQuery);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className="mt-6" aria-labelledby="callers-title">
      <h2 id="callers-title" className="font-semibold">
        {t('callers')}
      </h2>
      <p className="mb-2 text-dim">{t('callersLead')}</p>
      <ul className="ng-card">
        {data.items.map((caller) => (
          <Caller
            key={`${caller.address} ${caller.callingAet} ${caller.calledAet}`}
            caller={caller}
            onKnow={() => onKnow(caller)}
          />
        ))}
      </ul>
    </section>
  );
}
