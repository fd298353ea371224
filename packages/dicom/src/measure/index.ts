export * from './areas.ts';
export * from './calibration.ts';
export { scaleOf } from './frame-scale.ts';
export * from './lengths.ts';
export * from './measuring.ts';
export * from './ucum.ts';
