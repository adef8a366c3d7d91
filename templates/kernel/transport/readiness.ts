/** Whether the server can do its work: asked by anybody, and however often, at the cost of one look each second. */
import { elapsedMs, instantNow, type Instant } from '../pipeline/elapsed.ts';

const KEPT_MS = 1_000;

/** `check` rejects where it cannot. All who ask while it runs, and for a second after, share its answer. Never rejects. */
export function createReadiness(check: () => Promise<void>): () => Promise<boolean> {
  let latest: Promise<boolean> | undefined;
  let answeredAt: Instant | undefined;

  async function look(): Promise<boolean> {
    try {
      await check();
      return true;
    } catch {
      return false;
    } finally {
      answeredAt = instantNow();
    }
  }

  return () => {
    const isOver = answeredAt !== undefined && elapsedMs(answeredAt) >= KEPT_MS;
    if (latest === undefined || isOver) {
      answeredAt = undefined;
      latest = look();
    }
    return latest;
  };
}
