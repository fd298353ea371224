import { useQuery } from '@tanstack/react-query';
import { Sparkles } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button, Spinner } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';

/** The demonstration set's import, once it was started, and whether all of it is there. */
function useDemo(onDone: () => void) {
  const t = useText('dashboard');
  const [id, setId] = useState<string>();
  const { data } = useQuery({
    queryKey: ['demo', id],
    queryFn: ({ signal }) => call('getImport', { params: { id: id ?? '' }, query: { files: false }, signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.status === 'RUNNING' || state.data === undefined ? 700 : false),
  });
  const isDone = data !== undefined && data.status !== 'RUNNING';
  useEffect(() => {
    if (!isDone) return;
    showToast(t('demoDone'));
    for (const key of ['studies', 'patients', 'imports']) void queryClient.invalidateQueries({ queryKey: [key] });
    void queryClient.invalidateQueries({ queryKey: ['overview'] }).finally(onDone);
  }, [isDone, t, onDone]);
  return { id, setId, received: data?.received ?? 0 };
}

/** Loads the demonstration set and tells how far it is. */
export function LoadDemo({ onFilling }: { onFilling: (isFilling: boolean) => void }) {
  const t = useText('dashboard');
  const locale = useLocale();
  const onDone = useCallback(() => onFilling(false), [onFilling]);
  const { id, setId, received } = useDemo(onDone);
  const [isStarting, setStarting] = useState(false);
  const start = async (): Promise<void> => {
    setStarting(true);
    try {
      setId((await call('loadDemo')).importId);
      onFilling(true);
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setStarting(false);
    }
  };
  if (id !== undefined) {
    return (
      <output className="tabular flex items-center gap-3 text-dim">
        <Spinner />
        {t('demoRunning')} · {t('demoProgress', { count: received })}
      </output>
    );
  }
  return (
    <Button size="large" icon={<Sparkles size={17} />} isPending={isStarting} onPress={() => void start()}>
      {t('loadDemo')}
    </Button>
  );
}
