import type { AttachedStudy, Consultation, FilmOrder, Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCan } from '../../api/me.ts';
import { PredictionLine } from '../../entities/consultation/prediction-line.tsx';
import { lastPredictionQuery } from '../../entities/consultation/queries.ts';
import { patientStudiesQuery } from '../../entities/patient/queries.ts';
import { placeOf } from '../../entities/study/place.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Modalities } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { OrderFilm } from './order-film.tsx';
import { useFilms } from './use-films.ts';

interface FilmsProps {
  readonly consultation: Consultation;
  /** Whether the actor conducts it now. */
  readonly isMine: boolean;
}

/** What was ordered, what has come and what the model says of it. */
export function Films({ consultation, isMine }: FilmsProps) {
  const films = useFilms(consultation.id);
  const orders = consultation.orders.filter(
    ({ status, studyId }) => status !== 'DONE' || !consultation.studies.some(({ id }) => id === studyId),
  );
  return (
    <div className="flex flex-col gap-3">
      {consultation.studies.length > 0 && (
        <ul className="flex flex-col gap-2">
          {consultation.studies.map((study) => (
            <Attached key={study.id} study={study} consultation={consultation} films={films} />
          ))}
        </ul>
      )}
      {orders.length > 0 && (
        <ul className="flex flex-col gap-1">
          {orders.map((order) => (
            <Ordered key={order.id} order={order} isMine={isMine} films={films} />
          ))}
        </ul>
      )}
      {isMine && <OrderFilm films={films} />}
      {consultation.status !== 'CANCELLED' && <Attachable consultation={consultation} films={films} />}
    </div>
  );
}

type UsedFilms = ReturnType<typeof useFilms>;

const FILM_MODALITIES = new Set(['CR', 'DX', 'RG', 'SC', 'OT']);

function Attached({ study, consultation, films }: { study: AttachedStudy; consultation: Consultation; films: UsedFilms }) {
  const t = useText('consultations');
  const patients = useText('patients');
  const locale = useLocale();
  const can = useCan();
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line bg-bg/40 px-3 py-2.5">
      <div className="flex items-center gap-3">
        <Modalities list={study.modalities} max={2} />
        <Link
          to="/app/studies/$studyInstanceUid"
          params={{ studyInstanceUid: study.studyInstanceUid }}
          search={placeOf(study)}
          className="flex min-h-11 min-w-0 flex-1 flex-col justify-center rounded"
        >
          <span className="truncate font-medium">{textOfFile(study.description) || patients('noDescription')}</span>
          <span className="tabular text-[13px] text-dim">
            {[formatDate(study.studyDate, locale), patients('instances', { count: study.instanceCount })]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </Link>
        {can('consultations.register') && (
          <Button
            size="small"
            kind="quiet"
            aria-label={`${t('detach')} ${textOfFile(study.description) || patients('noDescription')}`}
            onPress={() => void films.detach(study)}
          >
            {t('detach')}
          </Button>
        )}
      </div>
      <PredictionLine studyId={study.id} />
      {consultation.status !== 'CANCELLED' && <AskModel study={study} films={films} />}
    </li>
  );
}

/** Offered while the model has not been asked about a film, or could not answer. */
function AskModel({ study, films }: { study: AttachedStudy; films: UsedFilms }) {
  const t = useText('consultations');
  const patients = useText('patients');
  const can = useCan();
  const { data: last } = useQuery({ ...lastPredictionQuery(study.id), enabled: can('predictions.read') });
  const isFilm = study.modalities.some((modality) => FILM_MODALITIES.has(modality));
  if (!can('predictions.run') || !isFilm || last === undefined || (last !== null && last.status !== 'FAILED')) return null;
  return (
    <div>
      <Button
        size="small"
        isDisabled={films.isBusy}
        aria-label={`${t('ask')} ${textOfFile(study.description) || patients('noDescription')}`}
        onPress={() => void films.ask(study)}
      >
        {t('ask')}
      </Button>
    </div>
  );
}

function Ordered({ order, isMine, films }: { order: FilmOrder; isMine: boolean; films: UsedFilms }) {
  const t = useText('consultations');
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 border-b border-line/60">
      <span className="min-w-0 flex-1 basis-44">
        <span className={order.status === 'CANCELLED' ? 'text-dim line-through' : 'font-medium'}>
          {t(order.modality)}, {t(order.bodyPart)}
        </span>
        <span className="text-[13px] text-dim">
          {' '}
          · {t(order.status === 'REQUESTED' && order.step !== null ? `step_${order.step}` : `order_${order.status}`)}
        </span>
        {order.reason !== '' && <span className="block truncate text-[13px] text-dim">{order.reason}</span>}
      </span>
      {isMine && order.status === 'REQUESTED' && (
        <Button
          size="small"
          kind="quiet"
          aria-label={`${t('cancelOrder')} ${t(order.modality)}, ${t(order.bodyPart)}`}
          onPress={() => void films.cancelOrder(order)}
        >
          {t('cancelOrder')}
        </Button>
      )}
    </li>
  );
}

const SHOWN = 5;

/** Studies of the patient that are not attached, the newest first. */
function Attachable({ consultation, films }: { consultation: Consultation; films: UsedFilms }) {
  const t = useText('consultations');
  const can = useCan();
  const { data } = useQuery({ ...patientStudiesQuery(consultation.patientId), enabled: can('consultations.register') });
  if (!can('consultations.register') || data === undefined) return null;
  const loose = data.items.filter(({ id }) => !consultation.studies.some((study) => study.id === id)).slice(0, SHOWN);
  if (loose.length === 0 && consultation.studies.length > 0) return null;
  if (loose.length === 0)
    return (
      <div className="flex flex-wrap items-center gap-2 text-[13px] text-dim">
        <span className="min-w-40 flex-1">{t('noStudies')}</span>
        {can('imports.create') && (
          <Link to="/app/import" search={{ patientId: consultation.patientId }} className={buttonClass('plain', 'small')}>
            {t('importFor')}
          </Link>
        )}
      </div>
    );
  return (
    <section aria-label={t('attachable')}>
      <h3 className="mb-1 text-[13px] font-medium text-dim">{t('attachable')}</h3>
      <ul>
        {loose.map((study) => (
          <Loose key={study.id} study={study} films={films} />
        ))}
      </ul>
    </section>
  );
}

function Loose({ study, films }: { study: Study; films: UsedFilms }) {
  const t = useText('consultations');
  const patients = useText('patients');
  const locale = useLocale();
  const name = textOfFile(study.description) || patients('noDescription');
  return (
    <li className="flex min-h-11 items-center gap-3">
      <Modalities list={study.modalities} max={2} />
      <span className="min-w-0 flex-1">
        <span className="block truncate">{name}</span>
        <span className="tabular text-[13px] text-dim">{formatDate(study.studyDate, locale)}</span>
      </span>
      <Button
        size="small"
        isDisabled={films.isBusy}
        aria-label={`${t('attach')} ${name}`}
        onPress={() => void films.attach(study)}
      >
        {t('attach')}
      </Button>
    </li>
  );
}
