import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

const SHORTEST = 3;
const LONGEST = 500;

/** Says why what was warned of is in order: first a button, then the reason. */
export function AcknowledgeWarning({ id }: { id: string }) {
  const t = useText('journal');
  const locale = useLocale();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { failure, isPending, submit } = useSubmit(async () => {
    await call('acknowledgeAuditWarning', { params: { id }, body: { reason } });
    showToast(t('acknowledged'));
    await queryClient.invalidateQueries({ queryKey: ['audit-warnings'] });
  });
  if (!isOpen)
    return (
      <div>
        <Button size="small" onPress={() => setOpen(true)}>
          {t('acknowledge')}
        </Button>
      </div>
    );
  return (
    <form onSubmit={submit} className="flex flex-col gap-2" aria-label={t('acknowledgeTitle')}>
      <TextAreaField
        label={t('reason')}
        hint={t('reasonHint')}
        error={failure === undefined ? undefined : errorText(failure, locale)}
        value={reason}
        maxLength={LONGEST}
        rows={2}
        onChange={(event) => setReason(event.target.value)}
      />
      <div>
        <Button type="submit" kind="primary" size="small" isPending={isPending} isDisabled={reason.trim().length < SHORTEST}>
          {t('acknowledge')}
        </Button>
      </div>
    </form>
  );
}
