import type { Model } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { modelsQuery } from '../../entities/prediction/model-cards.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ThresholdForm } from './threshold-form.tsx';
import { answering, type Site, type SitesProps, type Thresholds, thresholdsOf, thresholdText } from './thresholds.ts';

/** Sets a threshold and offers the way back; a toast says what came of it. */
function useSetting(site: Site, model: Model): (threshold: number | null, before: number | null) => Promise<void> {
  const t = useText('predictions');
  const common = useText('common');
  const locale = useLocale();
  const { name: modelName, version: modelVersion } = model;
  return async function set(threshold, before) {
    try {
      await call('setThreshold', { body: { siteId: site.id, modelName, modelVersion, threshold, before } });
      showToast(t('thresholdKept', { site: site.name }), {
        action: { label: common('undo'), run: () => void set(before, threshold) },
      });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
    await queryClient.invalidateQueries({ queryKey: modelsQuery.queryKey });
  };
}

/** From where on a score is positive at a site, and the way to another threshold. */
export function ThresholdOf({ site, ...all }: SitesProps & { readonly site: Site }) {
  const model = answering(site.id, all);
  if (model === undefined || model.state !== 'READY') return null;
  return <Threshold site={site} model={model} thresholds={thresholdsOf(site.id, model, all.thresholds)} />;
}

function Threshold({ site, model, thresholds }: { site: Site; model: Model; thresholds: Thresholds }) {
  const t = useText('predictions');
  const common = useText('common');
  const locale = useLocale();
  const [isOpen, setIsOpen] = useState(false);
  const set = useSetting(site, model);
  const value = thresholdText(thresholds.own ?? thresholds.inherited, locale);
  const title = t('thresholdOf', { site: site.name });
  return (
    <>
      <Button size="small" aria-label={common('labelled', { label: title, value })} onPress={() => setIsOpen(true)}>
        {t(thresholds.own === null ? 'thresholdInherited' : 'thresholdOwn', { threshold: value })}
      </Button>
      <Dialog wide title={title} isOpen={isOpen} onClose={() => setIsOpen(false)}>
        {isOpen && (
          <ThresholdForm
            site={site}
            model={model}
            thresholds={thresholds}
            onSave={(threshold) => {
              setIsOpen(false);
              void set(threshold, thresholds.own);
            }}
          />
        )}
      </Dialog>
    </>
  );
}
