import type { Patient } from '@negatoscope/contract';
import { useId, useState } from 'react';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';

interface NamelessProps {
  readonly patient: Patient;
  readonly files: number;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Nothing in these images says whose they are: somebody does, before anything is sent. */
export function NamelessImages({ patient, files, onConfirm, onCancel }: NamelessProps) {
  const t = useText('imports');
  const common = useText('common');
  const locale = useLocale();
  const [isSure, setSure] = useState(false);
  const id = useId();
  const name = formatName(patient) || common('noName');
  return (
    <section className="ng-card ng-enter flex flex-col gap-4 p-4 sm:p-6" aria-label={t('namelessTitle')}>
      <Notice tone="amber">
        <p className="font-semibold">{t('namelessTitle')}</p>
        <p className="mt-1 text-[13px] text-dim">{t('namelessLead')}</p>
      </Notice>
      <p className="tabular text-dim">
        {[name, formatDate(patient.birthDate, locale), textOfFile(patient.externalId), t('whoseFiles', { count: files })]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <div className="flex items-start gap-3 rounded-lg border border-line px-3 py-2.5 has-checked:border-accent">
        <input
          id={id}
          type="checkbox"
          className="mt-1 size-4 accent-(--ng-accent)"
          checked={isSure}
          onChange={(event) => setSure(event.target.checked)}
        />
        <label htmlFor={id} className="min-w-0 flex-1">
          <span className="block font-medium">{t('namelessConfirm', { name })}</span>
          <span className="block text-[13px] text-dim">{t('namelessHint')}</span>
        </label>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={onCancel}>{common('cancel')}</Button>
        <Button kind="primary" isDisabled={!isSure} onPress={onConfirm}>
          {t('whoseSend')}
        </Button>
      </div>
    </section>
  );
}
