/** What templates say of a project's package manager: lines for a shell. */
import { cleanInstallCommand, installCommand, scriptCommand, type PackageManager } from '../package-manager.ts';

export interface RunView {
  readonly install: string;
  /** Exactly what the lockfile names. */
  readonly cleanInstall: string;
  readonly build: string;
  readonly start: string;
  /** Says whether it would start. */
  readonly checkStart: string;
  /** With no more rights than it needs. */
  readonly startHardened: string;
  /** Streamable HTTP. */
  readonly startHttp: string;
  readonly test: string;
  readonly typecheck: string;
  /** Of operators. */
  readonly listOperations: string;
  readonly approve: string;
  readonly resolve: string;
  /** Before servers start on a store that was restored, and once it is known what it forgot. */
  readonly hold: string;
  readonly releaseHold: string;
  readonly showAudit: string;
  readonly verifyAudit: string;
  readonly generate: string;
  readonly check: string;
  /** `check`, with its findings as annotations. */
  readonly checkOnGithub: string;
}

/** `signsIn`: callers who come over HTTP do. */
export function runView(manager: PackageManager, { signsIn = false } = {}): RunView {
  const script = (name: string, ...args: string[]) => scriptCommand(manager, name, ...args).join(' ');
  return {
    install: installCommand(manager).join(' '),
    cleanInstall: cleanInstallCommand(manager).join(' '),
    build: script('build'),
    start: script('start'),
    checkStart: script('start', '--check-config'),
    startHardened: script('start:hardened'),
    startHttp: script('start', '--transport', 'http', ...(signsIn ? [] : ['--insecure-local'])),
    test: script('test'),
    typecheck: script('typecheck'),
    listOperations: script('operations', 'list'),
    approve: script('operations', 'approve', '<id>'),
    resolve: script('operations', 'resolve', '<id>', '--executed'),
    hold: script('operations', 'hold'),
    releaseHold: script('operations', 'release-hold'),
    showAudit: script('operations', 'audit', '--since', '24h'),
    verifyAudit: script('verify-audit'),
    generate: script('generate'),
    check: script('check'),
    checkOnGithub: script('check', '--format', 'github'),
  };
}
