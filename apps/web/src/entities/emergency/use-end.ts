import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';
import { emergenciesChanged } from './queries.ts';

/** Ends what was opened in an emergency before its time, and says so. */
export function useEndEmergency(): (id: string) => Promise<void> {
  const t = useText('emergency');
  const locale = useLocale();
  return async (id) => {
    try {
      await call('endEmergency', { params: { id } });
      showToast(t('ended'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
    emergenciesChanged();
  };
}
