import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import type { Result } from '../../../api/operation.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { useSubmit } from '../../../ui/use-submit.ts';
import { RetentionPreview } from './retention-preview.tsx';
import { RuleFields } from './rule-fields.tsx';
import { type EditedRule, editedOf, NEW_RULE, sentOf } from './rules.ts';

type Saved = Result<'getRetention'>;

/** The rules as they stand, to be changed together. */
export function RetentionRules() {
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['retention'],
    queryFn: ({ signal }) => call('getRetention', { signal }),
  });
  if (data === undefined)
    return error === null ? (
      <Skeleton width="100%" height={200} />
    ) : (
      <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />
    );
  return <Rules key={data.changedAt ?? ''} saved={data} onSaved={() => void refetch()} />;
}

interface RulesProps {
  readonly saved: Saved;
  readonly onSaved: () => void;
}

/** The rules as they are edited, and their saving: all at once, upon what was read. */
function useEditedRules({ saved, onSaved }: RulesProps) {
  const t = useText('rights');
  const [rules, setRules] = useState<readonly EditedRule[]>(() => saved.rules.map(editedOf));
  const [isChanged, setChanged] = useState(false);
  const edit = (next: readonly EditedRule[]): void => {
    setRules(next);
    setChanged(true);
  };
  const sending = useSubmit(async () => {
    await call('saveRetention', { body: { rules: rules.map(sentOf), changedAt: saved.changedAt } });
    showToast(t('rulesSaved'));
    setChanged(false);
    onSaved();
  });
  return { rules, isChanged, edit, ...sending };
}

function Rules({ saved, onSaved }: RulesProps) {
  const t = useText('rights');
  const locale = useLocale();
  const { rules, isChanged, edit, failure, isPending, submit } = useEditedRules({ saved, onSaved });
  return (
    <section className="ng-card p-5" aria-label={t('rules')}>
      <h2 className="mb-1 font-semibold">{t('rules')}</h2>
      <p className="mb-4 text-dim">{t('rulesLead')}</p>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
        {rules.length === 0 && <p>{t('noRules')}</p>}
        {rules.map((rule, place) => (
          <RuleFields
            key={rule.key}
            rule={rule}
            number={place + 1}
            onChange={(changed) => edit(rules.map((one) => (one === rule ? changed : one)))}
            onRemove={() => edit(rules.filter((one) => one !== rule))}
          />
        ))}
        <div className="flex flex-wrap gap-2">
          <Button icon={<Plus size={16} />} onPress={() => edit([...rules, NEW_RULE()])}>
            {t('addRule')}
          </Button>
          <Button kind="primary" type="submit" isPending={isPending} isDisabled={!isChanged}>
            {t('saveRules')}
          </Button>
        </div>
      </form>
      {isChanged ? <p className="mt-4 text-dim">{t('previewFirst')}</p> : saved.rules.length > 0 && <RetentionPreview />}
    </section>
  );
}
