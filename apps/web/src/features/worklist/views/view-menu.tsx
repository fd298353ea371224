import { Columns3 } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { refreshViews, type Views } from './use-views.ts';
import { ViewDialog } from './view-dialog.tsx';

/** Opens the views and columns of the list. */
export function ViewMenu({ views }: { views: Views }) {
  const t = useText('worklist');
  const [isOpen, setOpen] = useState(false);
  const open = (): void => {
    setOpen(true);
    // Another window or person may have saved some, or taken some away.
    void refreshViews();
  };
  return (
    <>
      <Button icon={<Columns3 size={16} />} onPress={open}>
        {t('views')}
      </Button>
      {isOpen && <ViewDialog views={views} onClose={() => setOpen(false)} />}
    </>
  );
}
