import { z } from 'zod';

/** A day of somebody's own calendar; of no year that no film can be of, nor one that has more than four digits at its end. */
export const Day = z.iso.date().refine((day) => day >= '1900' && day < '2200', 'A day from 1900 to 2199.');

/** An IANA name: whose midnights part the days. No distance from UTC, which PostgreSQL reads with the other sign. */
export const TimeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z]/)
  .refine((timeZone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone }).format(0) !== '';
    } catch {
      return false;
    }
  }, 'A time zone, e.g. Africa/Dakar.')
  .default('UTC');
