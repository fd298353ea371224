import { useId } from 'react';
import { useText } from '../../i18n/index.ts';
import { BUTTON_TOOLS, type MouseBindings } from '../engine/index.ts';
import { TEXT_SIZES, type TextSize, type ViewerPreferences } from '../preferences.ts';
import { ViewerDialog } from './viewer-dialog.tsx';

interface ViewerSettingsProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly preferences: ViewerPreferences;
  readonly onChange: (change: Partial<ViewerPreferences>) => void;
}

/** How a person wants their mouse and the size of what is written; kept at once. */
export function ViewerSettings({ isOpen, onClose, preferences, onChange }: ViewerSettingsProps) {
  const t = useText('viewer');
  const { mouse } = preferences;
  const tools = BUTTON_TOOLS.map((id) => [id, t(`tools.${id}`)] as const);
  const sizes = (Object.keys(TEXT_SIZES) as TextSize[]).map((id) => [id, t(`settings.sizes.${id}`)] as const);
  const wheel = (['scroll', 'zoom'] as const).map((id) => [id, t(`tools.${id}`)] as const);
  const onMouse = (change: Partial<MouseBindings>): void => onChange({ mouse: { ...mouse, ...change } });
  return (
    <ViewerDialog title={t('settings.title')} isOpen={isOpen} onClose={onClose}>
      <div className="flex flex-col gap-3 text-sm">
        <Choice
          label={t('settings.textSize')}
          options={sizes}
          value={preferences.textSize}
          onChange={(textSize) => onChange({ textSize })}
        />
        <Choice
          label={t('settings.left')}
          options={[['usual', t('settings.usual')] as const, ...tools]}
          value={preferences.left}
          onChange={(left) => onChange({ left })}
        />
        <Choice label={t('settings.middle')} options={tools} value={mouse.middle} onChange={(middle) => onMouse({ middle })} />
        <Choice label={t('settings.right')} options={tools} value={mouse.right} onChange={(right) => onMouse({ right })} />
        <Choice label={t('settings.wheel')} options={wheel} value={mouse.wheel} onChange={(one) => onMouse({ wheel: one })} />
        <p className="text-(--ng-text-dim) text-xs">{t('settings.kept')}</p>
      </div>
    </ViewerDialog>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly (readonly [T, string])[];
  readonly value: string;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.target.value);
          if (chosen !== undefined) onChange(chosen[0]);
        }}
        className="ng-viewer-target min-w-48 rounded border border-(--ng-line) bg-(--ng-bg) px-2 text-(--ng-text) outline-none focus-visible:border-(--ng-accent)"
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
