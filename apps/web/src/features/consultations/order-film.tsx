import { ORDER_BODY_PARTS, ORDER_MODALITIES } from '@negatoscope/contract/clinical';
import { type FormEvent, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import type { useFilms, WantedFilm } from './use-films.ts';

const CHEST_FILM: WantedFilm = { modality: 'DX', bodyPart: 'CHEST', reason: '' };

interface OrderProps {
  readonly films: Pick<ReturnType<typeof useFilms>, 'isBusy' | 'order'>;
}

/** The usual film by one tap; any other, or one with a question, by a short form. */
export function OrderFilm({ films }: OrderProps) {
  const t = useText('consultations');
  const [isOther, setOther] = useState(false);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Button isDisabled={films.isBusy} onPress={() => void films.order(CHEST_FILM)}>
          {t('orderChest')}
        </Button>
        <Button kind="quiet" aria-expanded={isOther} onPress={() => setOther(!isOther)}>
          {t('orderOther')}
        </Button>
      </div>
      {isOther && <OtherFilm films={films} onDone={() => setOther(false)} />}
    </div>
  );
}

function OtherFilm({ films, onDone }: OrderProps & { onDone: () => void }) {
  const t = useText('consultations');
  const [film, setFilm] = useState(CHEST_FILM);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await films.order({ ...film, reason: film.reason.trim() })) onDone();
  };
  const choose = <T extends string>(choices: readonly T[], value: string): T | undefined => choices.find((one) => one === value);
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-3 rounded-lg border border-line p-3 sm:grid-cols-2">
      <SelectField
        label={t('modality')}
        choices={ORDER_MODALITIES.map((value) => ({ value, label: t(value) }))}
        value={film.modality}
        onChange={({ target }) => setFilm({ ...film, modality: choose(ORDER_MODALITIES, target.value) ?? film.modality })}
      />
      <SelectField
        label={t('bodyPart')}
        choices={ORDER_BODY_PARTS.map((value) => ({ value, label: t(value) }))}
        value={film.bodyPart}
        onChange={({ target }) => setFilm({ ...film, bodyPart: choose(ORDER_BODY_PARTS, target.value) ?? film.bodyPart })}
      />
      <TextField
        label={t('orderReason')}
        maxLength={500}
        autoComplete="off"
        className="sm:col-span-2"
        value={film.reason}
        onChange={({ target }) => setFilm({ ...film, reason: target.value })}
      />
      <div className="flex justify-end sm:col-span-2">
        <Button kind="primary" type="submit" isPending={films.isBusy}>
          {t('order')}
        </Button>
      </div>
    </form>
  );
}
