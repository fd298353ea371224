import { useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ModelCards } from './model-cards.tsx';

/** What the makers of the models say of them, at hand wherever a score is, or what was made of scores. */
export function CardButton() {
  const t = useText('predictions');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="rounded text-accent underline-offset-2 hover:underline coarse:-my-3 coarse:py-3"
        onClick={() => setIsOpen(true)}
      >
        {t('card')}
      </button>
      <Dialog wide title={t('cards')} isOpen={isOpen} onClose={() => setIsOpen(false)}>
        {isOpen && <ModelCards />}
      </Dialog>
    </>
  );
}

/** Models by name and version, each once. */
export const namesOf = (models: readonly string[]): string =>
  [...new Set(models.map((one) => one.trim()).filter((one) => one !== ''))].join(', ');

/** Which models gave what is shown, with their cards. Nothing where none did. */
export function MadeBy({ models }: { readonly models: readonly string[] }) {
  const names = namesOf(models);
  if (names === '') return null;
  return (
    <span className="break-words">
      {names} · <CardButton />
    </span>
  );
}
