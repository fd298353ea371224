import { useCan } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';
import { PAGE, PageHead, Scroll } from '../../ui/page.tsx';
import { Erasures } from './rights/erasures.tsx';
import { RetentionRules } from './rights/retention-rules.tsx';

/** How long studies are kept, what would go by that today, and who was erased. */
export function RetentionPage() {
  const t = useText('rights');
  const can = useCan();
  return (
    <>
      <PageHead width={PAGE} title={t('pageTitle')} />
      <Scroll>
        <div className="flex flex-col gap-5">
          <RetentionRules />
          {can('patients.erase') && <Erasures />}
        </div>
      </Scroll>
    </>
  );
}
