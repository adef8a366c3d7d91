/**
 * Whether calls that overlapped may have happened one after another, each at some moment between its start and its
 * end: the search of Wing and Gong, over histories of one key that are short enough to try.
 */
import { fenceGiven, performSequentially, type Sequential } from './perform.ts';
import type { StoreCall } from './store-calls.ts';

export interface Event {
  readonly process: number;
  readonly call: StoreCall;
  readonly answer: string;
  /** Ticks of one clock that all processes share. */
  readonly start: number;
  readonly end: number;
}

/** The state after the calls in an order that explains every answer; `undefined` where there is none. */
export function linearize(key: string, events: readonly Event[], from: Sequential): Sequential | undefined {
  const hopeless = new Set<string>();

  function search(left: readonly Event[], state: Sequential): Sequential | undefined {
    if (left.length === 0) return state;
    const been = `${left.map(({ start }) => start).join()} ${JSON.stringify(state)}`;
    if (hopeless.has(been)) return undefined;
    // What ended before another began must come before it.
    const firstEnd = Math.min(...left.map(({ end }) => end));
    for (const event of left.filter(({ start }) => start < firstEnd)) {
      const { next, answer } = performSequentially(state, {
        key,
        call: event.call,
        given: fenceGiven(event.answer),
      });
      const found =
        answer === event.answer
          ? search(
              left.filter((other) => other !== event),
              next,
            )
          : undefined;
      if (found !== undefined) return found;
    }
    hopeless.add(been);
    return undefined;
  }

  return search(events, from);
}

export function printHistory(events: readonly Event[]): string {
  return events
    .toSorted((a, b) => a.start - b.start)
    .map(({ process, call, answer, start, end }) => `${start}-${end} ${process}: ${JSON.stringify(call)} -> ${answer}`)
    .join('\n');
}
