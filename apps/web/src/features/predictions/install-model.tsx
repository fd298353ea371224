import type { ModelReason } from '@negatoscope/contract';
import { MODEL_REASONS } from '@negatoscope/contract/model-reasons';
import { Upload } from 'lucide-react';
import { useState } from 'react';
import { ApiError, errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { ROUTES } from '../../api/routes.ts';
import { upload } from '../../api/upload.ts';
import { modelsQuery } from '../../entities/prediction/model-cards.tsx';
import { type Locale, useLocale, useText } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import { Notice, ProgressLine } from '../../ui/bits.tsx';
import { FileButton } from '../../ui/file-button.tsx';
import { showToast } from '../../ui/toast.tsx';

const isReason = (text: string): text is ModelReason => Object.hasOwn(MODEL_REASONS, text);

/** Why a model is refused, with the file, field or operator that it is about: `WRONG_HASH: model.onnx`. */
export function reasonText(detail: string, locale: Locale): string {
  const [code = '', ...about] = detail.split(': ');
  const text = isReason(code) ? textIn(MODEL_REASONS[code], locale) : code;
  return about.length === 0 ? text : `${text} (${about.join(': ')})`;
}

function useSending() {
  const t = useText('predictions');
  const [ratio, setRatio] = useState<number>();
  const [failure, setFailure] = useState<unknown>();
  const send = async (file: File): Promise<void> => {
    setFailure(undefined);
    setRatio(0);
    const [, address = ''] = ROUTES.installModel.split(' ');
    try {
      // Systems call a ZIP by different names.
      const body = new Blob([file], { type: 'application/zip' });
      const onBytes = (sent: number): void => setRatio(file.size === 0 ? 1 : sent / file.size);
      await upload(address, body, { signal: new AbortController().signal, onBytes });
      showToast(t('installed'));
    } catch (error) {
      setFailure(error);
    } finally {
      setRatio(undefined);
      await queryClient.invalidateQueries({ queryKey: modelsQuery.queryKey });
    }
  };
  return { ratio, failure, send };
}

/** Sends a model's ZIP, with progress, and says why it is not taken. */
export function InstallModel() {
  const t = useText('predictions');
  const locale = useLocale();
  const { ratio, failure, send } = useSending();
  return (
    <div className="mb-4 flex flex-col items-start gap-3">
      <FileButton
        label={t('install')}
        accept=".zip,application/zip"
        icon={<Upload size={16} />}
        isPending={ratio !== undefined}
        onFile={(file) => void send(file)}
      />
      {ratio !== undefined && <ProgressLine ratio={ratio} label={t('sending')} />}
      {failure !== undefined && (
        <Notice tone="danger">
          {failure instanceof ApiError && failure.detail !== undefined && failure.code === 'MODEL_REFUSED'
            ? t('refusedBecause', { reason: reasonText(failure.detail, locale) })
            : errorText(failure, locale)}
        </Notice>
      )}
    </div>
  );
}
