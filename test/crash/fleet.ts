/** The processes of one server that take calls, and others, started already, that take the place of those that die. */
import type { Pick } from '../proof/spelling.ts';
import type { Worker } from './worker.ts';

export interface Fleet {
  /** One that takes calls, but none of these. */
  pick(pick: Pick, except?: readonly Worker[]): Worker;
  find(number: number): Worker | undefined;
  /** Resolves when there is one to take another's place; at once where there are never any. */
  spareReady(): Promise<void>;
  /** Ends the process by SIGKILL and puts the spare in its place. `false`: it takes no calls, or there is no spare. */
  kill(worker: Worker): boolean;
  /** Takes no calls while it is stopped. `false`: it takes none now, or is one of the last two that do. */
  pause(worker: Worker): boolean;
  resume(worker: Worker): void;
  /** Ends all processes. */
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly size: number;
  readonly spares: number;
  readonly start: (number: number) => Promise<Worker>;
}

export async function startFleet({ size, spares, start }: FleetOptions): Promise<Fleet> {
  const serving = new Map<number, Worker>();
  const waiting: Promise<Worker>[] = [];
  const all = new Set<Worker>();
  let started = 0;
  let stopping = false;
  let next: Promise<void> | undefined;
  let ready: Worker | undefined;

  async function launch(): Promise<Worker> {
    const worker = await start((started += 1));
    all.add(worker);
    void worker.gone.then(() => all.delete(worker));
    return worker;
  }

  function startSpare(): void {
    const starting = launch();
    // Whoever waits for a spare hears of it.
    starting.catch(() => {});
    waiting.push(starting);
  }

  async function takeSpare(): Promise<void> {
    ready = await waiting.shift();
  }

  for (const worker of await Promise.all(Array.from({ length: size }, launch))) serving.set(worker.number, worker);
  for (let spare = 0; spare < spares; spare += 1) startSpare();

  return {
    pick: (pick, except = []) => {
      const free = [...serving.values()].filter((worker) => !except.includes(worker));
      const chosen = free[pick(free.length)];
      if (chosen === undefined) throw new Error('No process takes calls');
      return chosen;
    },
    find: (number) => serving.get(number),
    spareReady: async () => {
      next ??= takeSpare();
      await next;
    },
    kill: (worker) => {
      if (ready === undefined || stopping || !serving.delete(worker.number)) return false;
      worker.signal('SIGKILL');
      serving.set(ready.number, ready);
      ready = undefined;
      next = undefined;
      startSpare();
      return true;
    },
    pause: (worker) => {
      if (serving.size <= 2 || !serving.delete(worker.number)) return false;
      worker.signal('SIGSTOP');
      return true;
    },
    resume: (worker) => {
      worker.signal('SIGCONT');
      serving.set(worker.number, worker);
    },
    stop: async () => {
      stopping = true;
      await Promise.allSettled(waiting);
      const ending = [...all];
      for (const worker of ending) worker.signal('SIGKILL');
      await Promise.all(ending.map(({ gone }) => gone));
    },
  };
}
