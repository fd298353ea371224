import type { Model } from '@negatoscope/contract';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { modelsQuery } from '../../entities/prediction/model-cards.tsx';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import { IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { reasonText } from './install-model.tsx';

const TONES = { CHECKING: 'text-dim', READY: 'text-accent', REFUSED: 'text-danger', MISSING: 'text-danger' } as const;

/** What a model's own pictures said. */
function Checked({ model: { id, state, reason, checkPictures: count, checkedAt } }: { model: Model }) {
  const t = useText('predictions');
  const locale = useLocale();
  if (state === 'CHECKING') return t('checking', { count });
  if (reason !== null) return t('refusedBecause', { reason: reasonText(reason, locale) });
  return id === null || checkedAt === null
    ? t('checkedBuiltIn', { count })
    : t('checkedOk', { count, at: formatInstant(checkedAt, locale) });
}

/** One model: what it is, whether it can be used, what its own checks said, and its card. */
export function ModelRow({ model }: { model: Model }) {
  const t = useText('predictions');
  const locale = useLocale();
  const { id, name, version, title, licence, threshold, minAgeYears, state, card } = model;
  const shown = threshold.probability.toLocaleString(locale, { maximumFractionDigits: 3 });
  return (
    <li className="border-b border-line/70 px-4 py-3 last:border-0" data-state={state}>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-medium">{textIn(title, locale)}</p>
          <p className="text-[13px] break-words text-dim">
            {name} {version}
            {id === null && ` · ${t('builtIn')}`}
          </p>
        </div>
        <span className={`shrink-0 text-[13px] ${TONES[state]}`}>{t(`model_${state}`)}</span>
        {id !== null && <Remove id={id} label={`${name} ${version}`} />}
      </div>
      <p className="mt-1 text-[13px]">
        <Checked model={model} />
      </p>
      <p className="text-[13px] text-dim">
        {t('ownThreshold', { threshold: shown, name: threshold.name, age: minAgeYears, licence })}
      </p>
      <details className="mt-1">
        <summary className="w-fit cursor-pointer py-1 text-[13px] text-accent">{t('card')}</summary>
        <div className="max-h-96 overflow-auto rounded-lg bg-surface-2 p-3 text-[13px] leading-relaxed break-words whitespace-pre-wrap">
          {card}
        </div>
      </details>
    </li>
  );
}

function Remove({ id, label }: { id: string; label: string }) {
  const t = useText('predictions');
  const common = useText('common');
  const locale = useLocale();
  const [isAsked, setIsAsked] = useState(false);
  const remove = async (): Promise<void> => {
    setIsAsked(false);
    try {
      await call('removeModel', { params: { id } });
      showToast(t('modelRemoved'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
    await queryClient.invalidateQueries({ queryKey: modelsQuery.queryKey });
  };
  return (
    <>
      <IconButton label={t('removeModel', { name: label })} onPress={() => setIsAsked(true)}>
        <Trash2 size={16} />
      </IconButton>
      <Confirm
        title={t('removeModel', { name: label })}
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={() => void remove()}
        confirm={common('delete')}
      >
        {t('removeModelText')}
      </Confirm>
    </>
  );
}
