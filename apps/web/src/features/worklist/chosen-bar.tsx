import type { Study } from '@negatoscope/contract';
import { MOST_STUDIES } from '@negatoscope/contract/node-codes';
import { Send, Share2, VenetianMask } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { ExportWithoutIdentity } from '../../entities/deid/export-dialog.tsx';
import { ShareStudies } from '../../entities/share/share-studies.tsx';
import { LabelDialog } from '../../entities/study/label-dialog.tsx';
import { SendStudies } from '../../entities/study/send-study.tsx';
import { useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import type { Choosing } from './choosing.tsx';
import { ChosenExport } from './chosen-export.tsx';
import { ChosenGroup } from './chosen-group.tsx';
import { ChosenStatus, ChosenWork } from './chosen-menus.tsx';

/** How many are chosen, and what can be done with them. What is done is undone by the button of its toast. */
export function ChosenBar({ choosing: { chosen, end } }: { choosing: Choosing }) {
  const t = useText('worklist');
  if (chosen === undefined) return null;
  const count = chosen.size;
  const hint = count === 0 ? t('chooseHint') : count === MOST_STUDIES ? t('chosenMost', { count }) : t('chosen', { count });
  return (
    <div className="mx-4 mb-2 flex min-h-11 flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-surface px-3 py-1.5">
      <output className="tabular text-[13px] text-dim">{hint}</output>
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <Actions studies={[...chosen.values()]} onEnd={end} />
      </div>
    </div>
  );
}

type Dialog = 'send' | 'labels' | 'export' | 'share';

function Actions({ studies, onEnd }: { studies: readonly Study[]; onEnd: () => void }) {
  const t = useText('worklist');
  const deid = useText('deid');
  const shares = useText('shares');
  const can = useCan();
  const [open, setOpen] = useState<Dialog>();
  const isNone = studies.length === 0;
  return (
    <>
      {can('studies.write') && (
        <>
          <ChosenWork studies={studies} onLabels={() => setOpen('labels')} />
          <ChosenStatus studies={studies} />
        </>
      )}
      {can('patients.write') && <ChosenGroup studies={studies} />}
      {can('exports.create') && <ChosenExport studies={studies} />}
      {can('exports.anonymised') && (
        <Button size="small" icon={<VenetianMask size={14} />} isDisabled={isNone} onPress={() => setOpen('export')}>
          {deid('export')}
        </Button>
      )}
      {can('studies.share') && (
        <Button size="small" icon={<Share2 size={14} />} isDisabled={isNone} onPress={() => setOpen('share')}>
          {shares('share')}
        </Button>
      )}
      {can('studies.send') && (
        <Button kind="primary" size="small" icon={<Send size={14} />} isDisabled={isNone} onPress={() => setOpen('send')}>
          {t('sendChosen')}
        </Button>
      )}
      {open !== undefined && <Opened dialog={open} studies={studies} onClose={() => setOpen(undefined)} onEnd={onEnd} />}
    </>
  );
}

interface OpenedProps {
  readonly dialog: Dialog;
  readonly studies: readonly Study[];
  readonly onClose: () => void;
  readonly onEnd: () => void;
}

function Opened({ dialog, studies, onClose, onEnd }: OpenedProps) {
  switch (dialog) {
    case 'send':
      return <SendStudies studies={studies} onClose={onClose} onSent={onEnd} />;
    case 'export':
      return (
        <ExportWithoutIdentity
          patientIds={studies.map(({ patient }) => patient.id)}
          studyInstanceUids={studies.map(({ studyInstanceUid }) => studyInstanceUid)}
          onClose={onClose}
          onStarted={onEnd}
        />
      );
    case 'share':
      return <ShareStudies studies={studies} onClose={onClose} onShared={onEnd} />;
    case 'labels':
      return <LabelDialog studies={studies} onClose={onClose} />;
  }
}
