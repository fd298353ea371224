import { z } from 'zod';
import { Uuid } from './common.ts';

/** How soon a study is to be read. */
export const URGENCIES = ['ROUTINE', 'URGENT', 'STAT'] as const;
export const Urgency = z.enum(URGENCIES);
export type Urgency = z.infer<typeof Urgency>;

export const LABEL_COLORS = ['GREY', 'RED', 'ORANGE', 'YELLOW', 'GREEN', 'TEAL', 'BLUE', 'PURPLE'] as const;
export const LabelColor = z.enum(LABEL_COLORS);
export type LabelColor = z.infer<typeof LabelColor>;

/** A label as it is on a study. */
export const StudyLabel = z.object({ id: Uuid, name: z.string(), color: LabelColor });
export type StudyLabel = z.infer<typeof StudyLabel>;
