import type { Model, Recalibration } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { modelsQuery } from '../../entities/prediction/model-cards.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { type Making, RecalibrationForm } from './recalibration-form.tsx';
import { answering, type Site, type SitesProps } from './thresholds.ts';

/** Recalibrates a model at a site, or takes that back; a toast says what came of it. */
function useRecalibrating(site: Site, model: Model): (wanted: Making | null) => Promise<void> {
  const t = useText('predictions');
  const locale = useLocale();
  const { name: modelName, version: modelVersion } = model;
  return async (wanted) => {
    try {
      if (wanted === null) await call('unrecalibrateModel', { query: { site: site.id ?? 'none', modelName, modelVersion } });
      else await call('recalibrateModel', { body: { siteId: site.id, modelName, modelVersion, ...wanted } });
      showToast(t(wanted === null ? 'recalibrationDropped' : 'recalibrationKept', { site: site.name }));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
    await queryClient.invalidateQueries({ queryKey: modelsQuery.queryKey });
  };
}

/** Whether a site says scores as percentages too, and the way there. */
export function RecalibrationOf({ site, ...all }: SitesProps & { readonly site: Site }) {
  const model = answering(site.id, all);
  if (model === undefined || model.state !== 'READY') return null;
  const made = all.recalibrations.find(
    (one) => one.siteId === site.id && one.modelName === model.name && one.modelVersion === model.version,
  );
  return <Shown {...{ site, model, made }} />;
}

function Shown({ site, model, made }: { site: Site; model: Model; made: Recalibration | undefined }) {
  const t = useText('predictions');
  const common = useText('common');
  const locale = useLocale();
  const [isOpen, setIsOpen] = useState(false);
  const recalibrate = useRecalibrating(site, model);
  const title = t('recalibrationOf', { site: site.name });
  const value = made === undefined ? t('recalibrationNone') : t('recalibrationMade', { cases: formatNumber(made.cases, locale) });
  const close = (): void => setIsOpen(false);
  return (
    <>
      <Button size="small" aria-label={common('labelled', { label: title, value })} onPress={() => setIsOpen(true)}>
        {site.id === null ? t('recalibrationUngrouped', { value }) : value}
      </Button>
      <Dialog wide title={title} isOpen={isOpen} onClose={close}>
        {isOpen && (
          <RecalibrationForm
            {...{ site, model, isMade: made !== undefined }}
            onSave={(wanted) => {
              close();
              void recalibrate(wanted);
            }}
          />
        )}
      </Dialog>
    </>
  );
}
