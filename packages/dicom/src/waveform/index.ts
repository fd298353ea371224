export { type Calipers, measureOnPaper } from './calipers.ts';
export { type Channel, millivoltsOf } from './channel.ts';
export {
  durationOf,
  type FoundGroup,
  hasWaveforms,
  type WaveformGroup,
  type WaveformProblem,
  waveformGroupsOf,
} from './groups.ts';
export {
  gridPath,
  isTwelveLead,
  MARGIN_MM,
  type Paper,
  type PaperLayout,
  type PaperScale,
  type PaperTrace,
  type PaperWindow,
  paperOf,
  tracePath,
  USUAL_SCALE,
} from './paper.ts';
export { momentBytes, sampleRange, TraceCollector, type Traces } from './samples.ts';
export { drawingHeight, scaleText, type WaveformDrawing, waveformSvg } from './svg.ts';
