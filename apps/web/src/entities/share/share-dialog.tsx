import type { Study } from '@negatoscope/contract';
import { useState } from 'react';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { AllowedFields, LimitFields, ProfileField, RecipientField, SharedStudies } from './share-fields.tsx';
import { ShareMade } from './share-made.tsx';
import { type Made, useShareForm } from './use-share-form.ts';

export interface ShareProps {
  /** Undefined while they are asked for. */
  readonly studies: readonly Study[] | undefined;
  /** Why they can't be had. */
  readonly problem?: unknown;
  readonly onClose: () => void;
  /** The link is made. */
  readonly onShared?: () => void;
}

/** Shares studies by a link: asks for whom, how and until when, then says the link once. */
export function ShareDialog({ studies, problem, onClose, onShared }: ShareProps) {
  const t = useText('shares');
  const locale = useLocale();
  const [made, setMade] = useState<Made>();
  // What is open for reading alone, as in an emergency, is not taken along.
  const shown = studies?.filter(({ onlyReads }) => onlyReads !== true);
  const close = (): void => {
    onClose();
    if (made !== undefined) onShared?.();
  };
  return (
    <Dialog title={t(made === undefined ? 'title' : 'madeTitle')} isOpen onClose={close}>
      {problem !== undefined && <Notice tone="danger">{errorText(problem, locale)}</Notice>}
      {problem === undefined && shown === undefined && <Skeleton width="100%" height={180} />}
      {shown?.length === 0 && <Notice>{t('noStudies')}</Notice>}
      {made !== undefined && <ShareMade made={made} onClose={close} />}
      {made === undefined && shown !== undefined && shown.length > 0 && (
        <Form studies={shown} onMade={setMade} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly studies: readonly Study[];
  readonly onMade: (made: Made) => void;
  readonly onClose: () => void;
}
function Form({ studies, onMade, onClose }: FormProps) {
  const t = useText('shares');
  const common = useText('common');
  const locale = useLocale();
  const share = useShareForm(studies, onMade);
  return (
    <form onSubmit={(event) => void share.submit(event)} noValidate className="flex flex-col gap-4">
      {share.failure !== undefined && <Notice tone="danger">{errorText(share.failure, locale)}</Notice>}
      <p className="text-dim">{t('lead')}</p>
      <SharedStudies of={share} studies={studies} />
      <RecipientField of={share} />
      <ProfileField of={share} />
      <LimitFields of={share} />
      <AllowedFields of={share} />
      <div className="ng-form-end flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={share.form.formState.isSubmitting}>
          {t('create')}
        </Button>
      </div>
    </form>
  );
}
