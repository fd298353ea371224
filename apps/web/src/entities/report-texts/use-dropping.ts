import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { text as said, useLocale, useText } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';
import { refreshTexts } from './queries.ts';

/** Takes a text away, tells that, and brings it back where that is asked for. */
export function useDropping(): {
  readonly drop: (of: 'deleteReportTemplate' | 'deleteReportPhrase', id: string, undo: () => Promise<unknown>) => Promise<void>;
} {
  const t = useText('reports');
  const locale = useLocale();
  const tell = (error: unknown): void => showToast(errorText(error, locale), { tone: 'danger' });
  return {
    drop: async (of, id, undo) => {
      try {
        await call(of, { params: { id } });
        const run = (): void => void undo().then(refreshTexts).catch(tell);
        showToast(t(of === 'deleteReportTemplate' ? 'templateDeleted' : 'phraseDeleted'), {
          action: { label: said('common', 'undo'), run },
        });
      } catch (error) {
        tell(error);
      }
      void refreshTexts();
    },
  };
}
