export type { Scratch, ScratchBytes, ScratchReader } from './port.ts';
