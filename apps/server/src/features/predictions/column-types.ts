import type {
  ConfidenceLevel,
  ModelReason,
  PredictionFailure,
  PredictionFeature,
  PredictionWarning,
  Recalibrated,
  Reference,
} from '@negatoscope/contract';
import type { Manifest } from './models/manifest.ts';
import type { Outputs, Texts } from './rows.ts';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'models.manifest': Manifest;
    'models.reason': ModelReason;
    'predictions.failure_code': PredictionFailure;
    'predictions.sent_on_code': PredictionFailure;
    'predictions.warnings': PredictionWarning[];
    'predictions.confidence_level': ConfidenceLevel;
    'predictions.interpretation': Texts;
    'predictions.recommendation': Texts;
    'predictions.features': PredictionFeature[];
    'predictions.outputs': Outputs;
    'predictions.recalibrated': Recalibrated;
    'model_recalibrations.reference': Reference;
  }
}
