import { useState } from 'react';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

interface RenameProps {
  readonly title: string;
  readonly name: string;
  readonly hint?: string;
  readonly isRequired: boolean;
  /** Fails as the server refuses. */
  readonly onSave: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Gives something that is one’s own a name. */
export function RenameDialog({ title, onClose, ...form }: RenameProps) {
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <RenameForm {...form} onClose={onClose} />
    </Dialog>
  );
}

function RenameForm({ name, hint, isRequired, onSave, onClose }: Omit<RenameProps, 'title'>) {
  const t = useText('profile');
  const common = useText('common');
  const locale = useLocale();
  const [value, setValue] = useState(name);
  const { failure, isPending, submit } = useSubmit(async () => {
    await onSave(value.trim());
    onClose();
  });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <TextField
        label={t('givenName')}
        {...(hint === undefined ? {} : { hint })}
        maxLength={60}
        required={isRequired}
        autoFocus
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={isPending}>
          {common('save')}
        </Button>
      </div>
    </form>
  );
}
