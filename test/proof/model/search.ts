/** Breadth-first through every world that can be reached: what it finds first is the shortest way there. */
import { hashWorld } from './hash-world.ts';
import { INVARIANTS, type Invariant } from './invariants.ts';
import { stepsFrom, type Rules } from './steps.ts';
import { firstWorld, type World } from './world.ts';

export interface Violation {
  readonly broken: string;
  /** From the first world to the one that breaks the invariant. */
  readonly trace: readonly TraceStep[];
}

export interface TraceStep {
  readonly what: string;
  readonly world: World;
}

export interface SearchResult {
  /** How many different worlds were reached. */
  readonly worlds: number;
  /** The length of the longest of all shortest ways. */
  readonly depth: number;
  readonly violation?: Violation;
}

export function search(rules: Rules, invariants: readonly Invariant[] = Object.values(INVARIANTS)): SearchResult {
  const first = firstWorld(rules.scenario);
  const seen = new Set([hashWorld(rules, first)]);
  // Of each world only the way to it is kept: its predecessor, and which of that one's steps it was.
  const ways: Way[] = [{ from: 0, step: 0 }];
  let frontier: readonly Reached[] = [{ id: 0, world: first }];
  let depth = 0;
  for (; frontier.length > 0; depth += 1) {
    const reached: Reached[] = [];
    for (const { id, world } of frontier) {
      for (const [step, { next }] of stepsFrom(rules, world).entries()) {
        const hash = hashWorld(rules, next);
        if (seen.has(hash)) continue;
        seen.add(hash);
        const nextId = ways.push({ from: id, step }) - 1;
        const broken = invariants.find((invariant) => !invariant.holds(next, rules));
        if (broken !== undefined) {
          const violation = { broken: broken.name, trace: retrace(rules, ways, nextId) };
          return { worlds: seen.size, depth: depth + 1, violation };
        }
        reached.push({ id: nextId, world: next });
      }
    }
    frontier = reached;
  }
  return { worlds: seen.size, depth: depth - 1 };
}

interface Reached {
  readonly id: number;
  readonly world: World;
}

interface Way {
  readonly from: number;
  readonly step: number;
}

function retrace(rules: Rules, ways: readonly Way[], end: number): readonly TraceStep[] {
  const taken: number[] = [];
  for (let id = end; id !== 0;) {
    const { from, step } = ways[id] ?? { from: 0, step: 0 };
    taken.unshift(step);
    id = from;
  }
  let world = firstWorld(rules.scenario);
  return taken.flatMap((index) => {
    const step = stepsFrom(rules, world)[index];
    if (step === undefined) return [];
    world = step.next;
    return [{ what: step.what, world }];
  });
}

/** One line per step, with what the store holds after it. */
export function printTrace({ broken, trace }: Violation): string {
  const lines = trace.map(
    ({ what, world }, index) => `${String(index + 1).padStart(4)}. ${what.padEnd(60)} ${printRow(world)}`,
  );
  return [`Broken: ${broken}`, ...lines].join('\n');
}

function printRow({ rows, history }: World): string {
  const stored = rows.map((row) => (row === undefined ? 'no record' : `${row.state.toUpperCase()} fence ${row.fence}`));
  const effects = history.effects.some((count) => count > 0) ? [`effects ${history.effects.join('+')}`] : [];
  return [...stored, ...effects].join(', ');
}
