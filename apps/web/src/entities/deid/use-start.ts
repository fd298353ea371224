import type { BodyOf, startDeidExport } from '@negatoscope/contract';
import { useRouter } from '@tanstack/react-router';
import { call } from '../../api/client.ts';
import { useText } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { deidExportsChanged } from './queries.ts';

/** Has the export made in the background, and says where it is followed. */
export function useStart(body: BodyOf<typeof startDeidExport>, onStarted: () => void) {
  const t = useText('deid');
  const router = useRouter();
  return useSubmit(async () => {
    await call('startDeidExport', { body });
    deidExportsChanged();
    const follow = (): void => void router.navigate({ to: '/app/deidentification' });
    showToast(t('started'), { action: { label: t('follow'), run: follow } });
    onStarted();
  });
}
