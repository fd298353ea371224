import type { AuditWarning } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { AcknowledgeWarning } from './acknowledge-warning.tsx';

/** What the journal warns of and nobody has looked at yet; nothing where there is nothing. */
export function AuditWarnings() {
  const t = useText('journal');
  const [isListed, setListed] = useState(false);
  const { data } = useQuery({
    queryKey: ['audit-warnings', 'open'],
    queryFn: ({ signal }) => call('listAuditWarnings', { query: { state: 'open', limit: 1 }, signal }),
    refetchInterval: 60_000,
  });
  if (data === undefined || (data.open === 0 && !isListed)) return null;
  return (
    <div className="px-4 pb-2">
      {data.open > 0 && (
        <Notice tone="amber">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p className="font-semibold">{t('warnings', { count: data.open })}</p>
            <Button size="small" onPress={() => setListed(true)}>
              {t('warningsAll')}
            </Button>
          </div>
        </Notice>
      )}
      {isListed && (
        <Dialog title={t('warningsTitle')} isOpen onClose={() => setListed(false)} wide>
          <Warnings onLeave={() => setListed(false)} />
        </Dialog>
      )}
    </div>
  );
}

/** Those that wait first, then those that somebody has looked at. */
function Warnings({ onLeave }: { onLeave: () => void }) {
  const t = useText('journal');
  const { data } = useQuery({
    queryKey: ['audit-warnings', 'all'],
    queryFn: ({ signal }) => call('listAuditWarnings', { query: { state: 'all', limit: 100 }, signal }),
  });
  if (data === undefined) return null;
  const items = [...data.items].sort((a, b) => Number(a.acknowledged !== null) - Number(b.acknowledged !== null));
  if (items.length === 0) return <p>{t('warningsNone')}</p>;
  return (
    <ul className="flex flex-col gap-3">
      {items.map((warning) => (
        <li key={warning.id} className="ng-card flex flex-col gap-1.5 p-4">
          <Warning warning={warning} onLeave={onLeave} />
        </li>
      ))}
    </ul>
  );
}

function Warning({ warning, onLeave }: { warning: AuditWarning; onLeave: () => void }) {
  const t = useText('journal');
  const locale = useLocale();
  const { acknowledged, actorId, actorName, amount, firstAt, lastAt, patientId, rule } = warning;
  const times = { from: formatInstant(firstAt, locale), to: formatInstant(lastAt, locale) };
  return (
    <>
      <p className="font-semibold">{t(`rule_${rule}`, { who: actorName ?? t('gone'), amount: formatNumber(amount, locale) })}</p>
      <p className="tabular text-[13px] text-dim">{times.from === times.to ? times.from : t('between', times)}</p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-[13px]">
        <Link to="/app/admin/audit" search={{ actor: actorId }} onClick={onLeave} className="text-accent underline">
          {t('personEvents')}
        </Link>
        {patientId !== null && (
          <Link to="/app/admin/audit" search={{ patient: patientId }} onClick={onLeave} className="text-accent underline">
            {t('patientEvents')}
          </Link>
        )}
      </p>
      {acknowledged === null ? (
        <AcknowledgeWarning id={warning.id} />
      ) : (
        <p className="text-[13px]">
          {t('acknowledgedBy', {
            who: acknowledged.byName ?? t('gone'),
            at: formatInstant(acknowledged.at, locale),
            reason: acknowledged.reason,
          })}
        </p>
      )}
    </>
  );
}
