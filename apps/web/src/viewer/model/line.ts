import { LineMeter } from './line-meter.ts';

/** Answers that are sent as they are. Of others only the shortest wait counts: an event stream that stays open says nothing of the line. */
const SENT_AS_THEY_ARE = /\/(?:assets|dicom-web)\//;

const meter = new LineMeter();
let observer: PerformanceObserver | undefined;

function count(entries: readonly PerformanceEntry[]): void {
  const answers = entries.filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming);
  // Chromium's own throttling holds an answer back behind its first byte, a line before it: the time of the whole holds for both.
  for (const { name, requestStart, responseEnd, transferSize } of answers.sort((a, b) => a.responseEnd - b.responseEnd))
    meter.add({
      startMs: requestStart,
      endMs: responseEnd,
      bytes: SENT_AS_THEY_ARE.test(name) ? transferSize : Math.min(transferSize, 1),
    });
}

/** The line as this page's own requests have found it, those for its code included (Resource Timing). */
export function line(): LineMeter {
  if (observer === undefined) {
    count(performance.getEntriesByType('resource'));
    observer = new PerformanceObserver((list) => count(list.getEntries()));
    observer.observe({ type: 'resource' });
  }
  count(observer.takeRecords());
  return meter;
}
