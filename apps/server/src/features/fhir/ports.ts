import type { ConsultationLine, ConsultationStatus, FilmOrder, Model, Prediction, SignedContent } from '@negatoscope/contract';
import type { Person } from '../../access/index.ts';
import type { Between, Slice, Sliced } from '../../kernel/list.ts';

export type { AuditOf, AuditReader } from '../audit/index.ts';

/** What is null or absent is not asked for; an empty list finds nothing. */
export interface ConsultationWish {
  readonly ids?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly statuses?: readonly ConsultationStatus[] | null;
  /** Days of the clinic, both included. */
  readonly days?: Between;
  /** Instants, the second not included: something was measured or told then. */
  readonly noted?: Between;
  /** One of these was measured, asked or told: names of vital signs, of symptoms, `hivStatus`, `text`. */
  readonly told?: readonly string[] | null;
}

export interface OrderWish {
  readonly ids?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly consultationIds?: readonly string[] | null;
  readonly statuses?: readonly FilmOrder['status'][] | null;
  readonly modalities?: readonly string[] | null;
  readonly ordered?: Between;
}

export interface OrderOf {
  readonly order: FilmOrder;
  readonly consultationId: string;
  readonly patientId: string;
  readonly groupId: string | null;
}

/** A study that is attached to a consultation of its patient. */
export interface Attached {
  readonly studyId: string;
  readonly consultationId: string;
  /** What was ordered there and done by it. */
  readonly orderId: string | null;
}

/** What the room of consultations tells, each as far as it is in the actor's scope. The caller has asked for the permission. */
export interface ConsultationReader {
  consultations(actor: Person, wish: ConsultationWish, slice: Slice): Promise<Sliced<ConsultationLine>>;
  orders(actor: Person, wish: OrderWish, slice: Slice): Promise<Sliced<OrderOf>>;
  attached(
    actor: Person,
    of: { readonly studyIds: readonly string[] } | { readonly consultationIds: readonly string[] },
  ): Promise<readonly Attached[]>;
}

/** Where a prediction stands: asked, refused, answered, and what was decided last; WITHDRAWN is rejected after it had stood. */
export type Standing = 'ASKED' | 'FAILED' | 'ANSWERED' | 'VALIDATED' | 'AMENDED' | 'REJECTED' | 'WITHDRAWN';

export interface PredictionWish {
  readonly ids?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly studyIds?: readonly string[] | null;
  readonly consultationIds?: readonly string[] | null;
  readonly standings?: readonly Standing[] | null;
  readonly finished?: Between;
  readonly issued?: Between;
  /** Days of the study, both included. */
  readonly studyDays?: Between;
}

export interface SaidOf {
  /** As the API shows it to this actor: without its result for who may not see that. */
  readonly prediction: Prediction;
  readonly study: {
    readonly id: string;
    readonly patientId: string;
    readonly groupId: string | null;
    readonly date: string | null;
  };
  readonly standing: Standing;
}

/** What the room of predictions tells of films in the archive, each as far as it is in the actor's scope. The caller has asked for the permission. */
export interface PredictionReader {
  predictions(actor: Person, wish: PredictionWish, slice: Slice): Promise<Sliced<SaidOf>>;
  models(): Promise<readonly Model[]>;
  /** Whether a prediction in scope was made by this model, also one that is not installed any more. */
  hasAnswered(actor: Person, name: string, version: string): Promise<boolean>;
}

export interface ReportWish {
  readonly ids?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly studyIds?: readonly string[] | null;
  /** Whether the version that counts is the first, or amends one. */
  readonly isAmended?: boolean | null;
  /** Days of the study, both included. */
  readonly studyDays?: Between;
  readonly signed?: Between;
}

/** A signed report, by the version that counts. */
export interface SignedOf {
  /** The same for all its versions. */
  readonly id: string;
  readonly content: SignedContent;
  /** All that it says, under the names of its sections. */
  readonly text: string;
  readonly study: { readonly id: string; readonly patientId: string; readonly groupId: string | null };
}

/** What the room of reports tells: what was signed, as far as the actor may read it. */
export interface ReportReader {
  signed(actor: Person, wish: ReportWish, slice: Slice): Promise<Sliced<SignedOf>>;
}
