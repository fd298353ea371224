import { FileInput } from 'lucide-react';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { FileButton } from '../../ui/file-button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { NoTemplate, readMrrt } from './read-mrrt.ts';

/** Chooses a file of a template; what was read of it is looked at before it is kept. */
export function MrrtButton({ onRead }: { onRead: (read: Result<'readReportTemplate'>, fileName: string) => void }) {
  const t = useText('reports');
  const locale = useLocale();
  const read = async (file: File): Promise<void> => {
    try {
      onRead(await readMrrt(file), file.name.replace(/\.x?html?$/i, ''));
    } catch (error) {
      showToast(error instanceof NoTemplate ? t(error.key) : errorText(error, locale), { tone: 'danger' });
    }
  };
  return (
    <FileButton
      label={t('readMrrt')}
      accept=".html,.htm,.xhtml,text/html"
      size="small"
      icon={<FileInput size={15} />}
      onFile={(file) => void read(file)}
    />
  );
}
