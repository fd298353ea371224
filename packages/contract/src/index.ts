export * from './access-review.ts';
export * from './account-links.ts';
export * from './activity.ts';
export * from './annotation-geometry.ts';
export * from './annotations.ts';
export * from './audit.ts';
export * from './audit-actors.ts';
export * from './audit-reports.ts';
export * from './audit-sentences.ts';
export * from './audit-warnings.ts';
export * from './auth.ts';
export * from './backup-care.ts';
export * from './care.ts';
export * from './clinical.ts';
export * from './common.ts';
export * from './conflicts.ts';
export {
  AttachedStudy,
  Consultation,
  ConsultationLine,
  FilmOrder,
  NO_SYMPTOMS,
  NO_VITAL_SIGNS,
  OrderStatus,
} from './consultation-shapes.ts';
export * from './consultations.ts';
export * from './deid-choices.ts';
export * from './deid-exports.ts';
export * from './deid-held.ts';
export * from './deid-projects.ts';
export * from './deid-sources.ts';
export * from './dicom-node.ts';
export * from './emergencies.ts';
export * from './emergency-ends.ts';
export * from './erasures.ts';
export * from './error-catalog.ts';
export * from './errors.ts';
export * from './exports-made.ts';
export * from './fhir.ts';
export * from './file-reasons.ts';
export * from './hanging.ts';
export * from './hanging-layout.ts';
export * from './health.ts';
export * from './holds.ts';
export * from './identity-reviews.ts';
export * from './import-report.ts';
export * from './imports.ts';
export * from './job-care.ts';
export * from './kept-documents.ts';
export * from './key-care.ts';
export * from './list-views.ts';
export * from './made-series.ts';
export * from './model-reasons.ts';
export * from './models.ts';
export * from './node-address.ts';
export * from './node-codes.ts';
export * from './node-log.ts';
export * from './node-search.ts';
export * from './nodes.ts';
export * from './notices.ts';
export * from './opening.ts';
export * from './operation.ts';
export * from './orthanc.ts';
export * from './overview.ts';
export * from './passkeys.ts';
export * from './patient-exports.ts';
export * from './patient-merges.ts';
export * from './patient-move.ts';
export * from './patients.ts';
export * from './people.ts';
export * from './permissions.ts';
export * from './person-name.ts';
export * from './prediction-failures.ts';
export * from './prediction-shapes.ts';
export * from './predictions.ts';
export * from './priors.ts';
export * from './rates.ts';
export * from './readings.ts';
export * from './recalibration.ts';
export * from './report-sections.ts';
export * from './report-sites.ts';
export * from './report-texts.ts';
export * from './reports.ts';
export * from './retention.ts';
export * from './said.ts';
export * from './screening.ts';
export * from './screening-figures.ts';
export * from './second-factor.ts';
export * from './share-codes.ts';
export * from './share-limits.ts';
export * from './shares.ts';
export * from './sign-in-codes.ts';
export * from './signed-in.ts';
export * from './statistics.ts';
export * from './statistics-query.ts';
export * from './storage-figures.ts';
export * from './studies.ts';
export * from './study-shapes.ts';
export * from './system.ts';
export * from './transfers.ts';
export * from './trash.ts';
export * from './unseen.ts';
export * from './user-filters.ts';
export * from './users.ts';
export * from './validations.ts';
export * from './ways-in.ts';
export * from './work.ts';
export * from './work-figures.ts';
export * from './work-shapes.ts';

import { accessReviewOperations } from './access-review.ts';
import { accountLinkOperations } from './account-links.ts';
import { activityOperations } from './activity.ts';
import { annotationOperations } from './annotations.ts';
import { authOperations } from './auth.ts';
import { conflictOperations } from './conflicts.ts';
import { consultationOperations } from './consultations.ts';
import { deidExportOperations } from './deid-exports.ts';
import { deidHeldOperations } from './deid-held.ts';
import { deidProjectOperations } from './deid-projects.ts';
import { deidSourceOperations } from './deid-sources.ts';
import { emergencyOperations } from './emergencies.ts';
import { erasureOperations } from './erasures.ts';
import { fhirOperations } from './fhir.ts';
import { hangingOperations } from './hanging.ts';
import { holdOperations } from './holds.ts';
import { importOperations } from './imports.ts';
import { keptDocumentOperations } from './kept-documents.ts';
import { listViewOperations } from './list-views.ts';
import { modelOperations } from './models.ts';
import { nodeOperations } from './nodes.ts';
import { noticeOperations } from './notices.ts';
import { orthancOperations } from './orthanc.ts';
import { passkeyOperations } from './passkeys.ts';
import { previewPatientMove } from './patient-move.ts';
import { patientOperations } from './patients.ts';
import { peopleOperations } from './people.ts';
import { predictionOperations } from './predictions.ts';
import { listPriors } from './priors.ts';
import { readingOperations } from './readings.ts';
import { recalibrationOperations } from './recalibration.ts';
import { reportSiteOperations } from './report-sites.ts';
import { reportTextOperations } from './report-texts.ts';
import { reportOperations } from './reports.ts';
import { retentionOperations } from './retention.ts';
import { secondFactorOperations } from './second-factor.ts';
import { shareOperations } from './shares.ts';
import { statisticsOperations } from './statistics.ts';
import { storageFigureOperations } from './storage-figures.ts';
import { studyOperations } from './studies.ts';
import { systemOperations } from './system.ts';
import { transferOperations } from './transfers.ts';
import { userOperations } from './users.ts';
import { validationOperations } from './validations.ts';
import { wayInOperations } from './ways-in.ts';
import { workOperations } from './work.ts';
import { workFigureOperations } from './work-figures.ts';

/** Every route under `/api` and `/fhir`; the running server's routes equal this list. */
export const OPERATIONS = [
  ...authOperations,
  ...wayInOperations,
  ...accountLinkOperations,
  ...secondFactorOperations,
  ...passkeyOperations,
  ...userOperations,
  ...peopleOperations,
  ...accessReviewOperations,
  ...emergencyOperations,
  ...patientOperations,
  previewPatientMove,
  ...holdOperations,
  ...erasureOperations,
  ...retentionOperations,
  ...deidProjectOperations,
  ...deidExportOperations,
  ...deidHeldOperations,
  ...deidSourceOperations,
  ...studyOperations,
  ...workOperations,
  ...workFigureOperations,
  ...listViewOperations,
  ...noticeOperations,
  ...shareOperations,
  listPriors,
  ...readingOperations,
  ...annotationOperations,
  ...hangingOperations,
  ...keptDocumentOperations,
  ...reportOperations,
  ...reportTextOperations,
  ...reportSiteOperations,
  ...consultationOperations,
  ...predictionOperations,
  ...validationOperations,
  ...modelOperations,
  ...recalibrationOperations,
  ...statisticsOperations,
  ...activityOperations,
  ...storageFigureOperations,
  ...fhirOperations,
  ...importOperations,
  ...conflictOperations,
  ...systemOperations,
  ...nodeOperations,
  ...orthancOperations,
  ...transferOperations,
] as const;
