import type { EmergencyAccess } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { useCan } from '../../api/me.ts';
import { keepHeight, keptHeight } from '../../entities/emergency/place-above.ts';
import { emergenciesChanged, ownEmergenciesQuery } from '../../entities/emergency/queries.ts';
import { useEndEmergency } from '../../entities/emergency/use-end.ts';
import { formatInstant, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';

/** Above every page while something is open in an emergency. Its place is held until it is here, so that images which are there already stay where they are. */
export function EmergencyBanner() {
  const t = useText('emergency');
  const isAsked = useCan()('patients.emergency');
  const [before] = useState(keptHeight);
  const { data, isPending } = useQuery({ ...ownEmergenciesQuery, enabled: isAsked });
  const items = data?.items ?? [];
  useEnd(items);
  const measure = useCallback((section: HTMLElement | null) => keepHeight(section?.getBoundingClientRect().height ?? 0), []);
  useEffect(() => {
    if (data?.items.length === 0) keepHeight(0);
  }, [data]);
  if (isAsked && isPending && before > 0) return <div aria-hidden="true" className="shrink-0" style={{ height: before }} />;
  if (items.length === 0) return null;
  return (
    <section key={items.length} ref={measure} aria-label={t('region')} className="shrink-0 border-b border-amber/40 bg-amber/10">
      {items.map((item) => (
        <Line key={item.id} item={item} />
      ))}
    </section>
  );
}

/** What was open is gone from the page the moment it ends. */
function useEnd(items: readonly EmergencyAccess[]): void {
  const first = items.map(({ expiresAt }) => Date.parse(expiresAt)).sort((a, b) => a - b)[0];
  useEffect(() => {
    if (first === undefined) return;
    const timer = setTimeout(emergenciesChanged, Math.max(1000, first - Date.now() + 500));
    return () => clearTimeout(timer);
  }, [first]);
}

function Line({ item }: { item: EmergencyAccess }) {
  const t = useText('emergency');
  const locale = useLocale();
  const name = formatName(item);
  const end = useEndEmergency();
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1.5">
      <span className="font-medium">
        <b aria-hidden="true" className="mr-2 text-amber">
          !
        </b>
        {t('banner', { name, until: formatInstant(item.expiresAt, locale) })}
      </span>
      <Link to="/app/patients/$id" params={{ id: item.patientId }} className="text-accent underline">
        {t('show')}
      </Link>
      <Button size="small" aria-label={t('endOf', { name })} onPress={() => void end(item.id)}>
        {t('end')}
      </Button>
    </p>
  );
}
