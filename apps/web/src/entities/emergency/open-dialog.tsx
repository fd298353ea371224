import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Siren } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { DateField } from '../../ui/date-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { emergenciesChanged, ownEmergenciesQuery } from './queries.ts';

/** The way to a patient out of one's access; nothing where the site has none. */
export function EmergencyButton() {
  const t = useText('emergency');
  const can = useCan();
  const [isOpen, setOpen] = useState(false);
  const hours = useQuery({ ...ownEmergenciesQuery, enabled: can('patients.emergency') }).data?.hours ?? null;
  if (hours === null) return null;
  return (
    <>
      <Button icon={<Siren size={16} />} onPress={() => setOpen(true)}>
        {t('open')}
      </Button>
      <Dialog title={t('title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <OpenForm hours={hours} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

/** What is typed, whether it says enough, and the opening. */
function useOpening(onClose: () => void) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState({ identifier: '', birthDate: '', reason: '' });
  const sending = useSubmit(async () => {
    const { items } = await call('openEmergency', { body: typed });
    emergenciesChanged();
    onClose();
    const [first] = items;
    if (first !== undefined) await navigate({ to: '/app/patients/$id', params: { id: first.patientId } });
  });
  const missing = [
    typed.identifier.trim() === '' ? 'missingIdentifier' : undefined,
    typed.birthDate === '' ? 'missingBirthDate' : undefined,
    (typed.reason.match(/\p{L}/gu) ?? []).length < 10 ? 'missingReason' : undefined,
  ] as const;
  return { typed, setTyped, missing: missing.filter((one) => one !== undefined), ...sending };
}

function Failure({ failure }: { readonly failure: unknown }) {
  const t = useText('emergency');
  const locale = useLocale();
  const isNobody = failure instanceof ApiError && failure.status === 404;
  return (
    <p role="alert" className="text-danger">
      {isNobody ? t('notFound') : errorText(failure, locale)}
    </p>
  );
}

function OpenForm({ hours, onClose }: { hours: number; onClose: () => void }) {
  const t = useText('emergency');
  const { typed, setTyped, missing, failure, isPending, submit } = useOpening(onClose);
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <p className="text-dim">{t('lead', { hours })}</p>
      <TextField
        label={t('identifier')}
        value={typed.identifier}
        maxLength={64}
        autoComplete="off"
        onChange={(event) => setTyped({ ...typed, identifier: event.target.value })}
      />
      <DateField label={t('birthDate')} value={typed.birthDate} onChange={(birthDate) => setTyped({ ...typed, birthDate })} />
      <TextAreaField
        label={t('reason')}
        value={typed.reason}
        maxLength={500}
        rows={3}
        onChange={(event) => setTyped({ ...typed, reason: event.target.value })}
      />
      {failure !== undefined && <Failure failure={failure} />}
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        {missing.length > 0 && (
          <p className="min-w-48 flex-1 text-[13px] text-dim">
            {t('missing', { what: missing.map((one) => t(one)).join(', ') })}
          </p>
        )}
        <Button type="submit" kind="primary" isDisabled={missing.length > 0 || isPending}>
          {t('submit')}
        </Button>
      </div>
    </form>
  );
}
