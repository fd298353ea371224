import type { Overview } from '@negatoscope/contract';
import { useUser } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';

/** To who sees pseudonyms: what they see, and why that may be nothing. */
export function ResearchNote({ overview }: { overview: Overview | undefined }) {
  const t = useText('dashboard');
  const user = useUser();
  if (user === undefined || overview === undefined) return null;
  const isNothing = overview.studies === 0;
  const text = user.groupId === null ? t('researchNoGroup') : isNothing ? t('researchNothing') : t('researchSome');
  return (
    <section role="note" className="ng-card mb-3 p-4 text-[13px]">
      {isNothing && <h2 className="mb-1 font-semibold">{t('researchTitle')}</h2>}
      <p className="text-dim">{text}</p>
    </section>
  );
}
