import { FileInput } from 'lucide-react';
import { useRef } from 'react';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/routes.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { NoTemplate, readMrrt } from './read-mrrt.ts';

/** Chooses a file of a template; what was read of it is looked at before it is kept. */
export function MrrtButton({ onRead }: { onRead: (read: Result<'readReportTemplate'>, fileName: string) => void }) {
  const t = useText('reports');
  const locale = useLocale();
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File): Promise<void> => {
    try {
      onRead(await readMrrt(file), file.name.replace(/\.x?html?$/i, ''));
    } catch (error) {
      showToast(error instanceof NoTemplate ? t(error.key) : errorText(error, locale), { tone: 'danger' });
    }
  };
  return (
    <>
      <Button size="small" icon={<FileInput size={15} />} onPress={() => input.current?.click()}>
        {t('readMrrt')}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".html,.htm,.xhtml,text/html"
        hidden
        aria-label={t('readMrrt')}
        onChange={({ target }) => {
          const file = target.files?.[0];
          // Chosen once more it is read once more.
          target.value = '';
          if (file !== undefined) void read(file);
        }}
      />
    </>
  );
}
