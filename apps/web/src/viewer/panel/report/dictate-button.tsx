import type { ReportSection } from '@negatoscope/contract/report-sections';
import { Mic, MicOff } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { useText } from '../../../i18n/index.ts';
import { Nothing } from '../section.tsx';
import type { Dictation } from './use-dictation.ts';

interface ButtonProps {
  readonly section: ReportSection;
  readonly label: string;
  readonly dictation: Dictation;
  readonly onPress: () => void;
}
/** Dictates into a section, or ends that; nothing where the site does not let one or the browser can’t. */
export function DictateButton({ section, label, dictation, onPress }: ButtonProps) {
  const t = useText('viewer');
  if (!dictation.mayDictate) return null;
  const isInto = dictation.section === section;
  const Icon = isInto ? MicOff : Mic;
  return (
    <Button
      className="ng-viewer-target inline-flex items-center rounded-md p-1 text-(--ng-text-dim) outline-none hover:text-(--ng-text) focus-visible:ring-2 focus-visible:ring-(--ng-accent) aria-pressed:text-(--ng-accent)"
      aria-label={t(isInto ? 'report.dictateStop' : 'report.dictate', { section: label })}
      aria-pressed={isInto}
      onPress={onPress}
    >
      <Icon size={14} aria-hidden />
    </Button>
  );
}

/** Where dictation goes, why it ended, and by which key it begins. */
export function DictationState({ dictation: { mayDictate, section, failure } }: { readonly dictation: Dictation }) {
  const t = useText('viewer');
  if (!mayDictate) return null;
  return (
    <div role="status" className="w-full">
      <Nothing>
        {section !== undefined
          ? t('report.dictating', { section: t(`report.${section}`) })
          : failure === undefined
            ? t('report.dictateKey')
            : t('report.dictateFailed', { reason: failure })}
      </Nothing>
    </div>
  );
}
