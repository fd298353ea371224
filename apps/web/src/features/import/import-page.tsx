import { useSearch } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { useText } from '../../i18n/index.ts';
import { PAGE, PageHead, Scroll } from '../../ui/page.tsx';
import { DropArea } from './drop-area.tsx';
import { EarlierImports } from './earlier-imports.tsx';
import { importSnapshot, onImport } from './import-store.ts';
import { Progress } from './progress.tsx';

export function ImportPage() {
  const t = useText('imports');
  const { patientId } = useSearch({ from: '/app/import' });
  const state = useSyncExternalStore(onImport, importSnapshot);
  return (
    <>
      <PageHead width={PAGE} title={t('title')} />
      <Scroll>
        {/* It stays while headers are read, because what it is asked then is its own. */}
        <div hidden={state.phase !== 'idle'}>
          <DropArea patientId={patientId} />
        </div>
        {state.phase !== 'idle' && <Progress state={state} />}
        {state.phase === 'idle' && <EarlierImports />}
      </Scroll>
    </>
  );
}
