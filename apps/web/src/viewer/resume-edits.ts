/** Third door of the viewer, without Cornerstone3D: what a page before this one could not send is sent now, whether the viewer is opened or not. */
import { editQueue } from './annotations/queue.ts';

export const resumeEdits = (authorId: string): Promise<void> => editQueue.resume(authorId);
