import type { UseFormRegisterReturn } from 'react-hook-form';
import { useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';

/** The language that a text is in. */
export function LanguageField(field: UseFormRegisterReturn) {
  const t = useText('reports');
  return (
    <SelectField
      label={t('language')}
      choices={[
        { value: 'fr', label: t('lang_fr') },
        { value: 'en', label: t('lang_en') },
      ]}
      {...field}
    />
  );
}

/** The end of the form of a text. */
export function KeepOrLeave({ isPending, onLeave }: { isPending: boolean; onLeave: () => void }) {
  const common = useText('common');
  return (
    <div className="ng-form-end flex justify-end gap-2">
      <Button onPress={onLeave}>{common('cancel')}</Button>
      <Button kind="primary" type="submit" isPending={isPending}>
        {common('save')}
      </Button>
    </div>
  );
}
