export { niftiBytes, niftiHeader } from './header.ts';
export { forNiftiPlan } from './kept-tags.ts';
export { type NiftiFrame, type NiftiPlan, planNifti } from './plan.ts';
export { NIFTI_REFUSALS, NiftiRefusal, type NiftiRefusalCode } from './refusal.ts';
export { niftiSidecar } from './sidecar.ts';
export { niftiVoxels } from './voxels.ts';
