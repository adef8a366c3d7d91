/** A repository and a first commit for a new project. */
import { CommandFailed, runCommand, type RunOptions } from './run-command.ts';

/** What came of it; everything but `committed` is told, and none of it fails the creation. */
export type CommitOutcome =
  | { readonly status: 'committed' | 'inside-repository' | 'git-missing' }
  | { readonly status: 'not-committed'; readonly reason: string };

/** What has to be said about it; nothing where all went well, or nothing was asked. */
export function describeCommit(outcome: CommitOutcome | undefined): string | undefined {
  switch (outcome?.status) {
    case 'inside-repository':
      return 'Not committed: the project lies in a repository already.';
    case 'git-missing':
      return 'Not committed: git was not found.';
    case 'not-committed':
      return `Not committed: git said\n${outcome.reason}`;
    default:
      return undefined;
  }
}

/** Makes the repository unless the project already lies in one. */
export async function makeFirstCommit(message: string, options: RunOptions): Promise<CommitOutcome> {
  const git = (...args: string[]) => runCommand(['git', ...args], options);
  try {
    if (await succeeds(() => git('rev-parse', '--is-inside-work-tree'))) return { status: 'inside-repository' };
    await git('init', '--quiet');
    await git('add', '--all');
    await git('commit', '--quiet', '--message', message);
    return { status: 'committed' };
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return error.notFound ? { status: 'git-missing' } : { status: 'not-committed', reason: error.output.trim() };
  }
}

async function succeeds(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof CommandFailed && !error.notFound) return false;
    throw error;
  }
}
