import type { Study } from '@negatoscope/contract';
import { Share2 } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { ShareStudies } from '../../entities/share/share-studies.tsx';
import { useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';

/** Beside the images: shares the study by a link. */
export default function ShareStudy({ study }: { study: Study }) {
  const t = useText('shares');
  const can = useCan();
  const [isOpen, setOpen] = useState(false);
  if (!can('studies.share')) return null;
  return (
    <>
      <Button size="small" kind="quiet" icon={<Share2 size={14} />} onPress={() => setOpen(true)}>
        {t('share')}
      </Button>
      {isOpen && <ShareStudies studies={[study]} onClose={() => setOpen(false)} />}
    </>
  );
}
