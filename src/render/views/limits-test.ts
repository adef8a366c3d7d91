/** For `test/generated/limits.test.ts.hbs`: calls that reach the limits over all tools. */
import type { JsonObject, ProjectModel } from '../../model/project.ts';
import { otherEffect, toolTestView, type SubjectCase } from './tool-test.ts';

export interface LimitsTestView {
  readonly manifestFile: string;
  /** Present where calls are limited. */
  readonly limited: SubjectCase | undefined;
  /** Present where writes are capped, and some tool has two effects to tell apart. */
  readonly capped: { readonly subject: SubjectCase; readonly otherArguments: JsonObject } | undefined;
  /** Names that the file imports from the harness's `check-limits.ts`. */
  readonly checks: string;
}

export function limitsTestView(model: ProjectModel): LimitsTestView {
  const { requestsPerMinute, writes } = model.limits;
  const limited = requestsPerMinute === undefined ? undefined : subjectsOf(model)[0];
  const capped = writes === undefined ? undefined : firstCapped(model);
  const checks = [...(limited ? ['checkRequestRate'] : []), ...(capped ? ['checkWritesTogether'] : [])];
  return { manifestFile: model.manifestFile, limited, capped, checks: checks.join(', ') };
}

/** Whether there is anything to test. */
export function hasLimits(model: ProjectModel): boolean {
  return limitsTestView(model).checks !== '';
}

function subjectsOf(model: ProjectModel): readonly SubjectCase[] {
  return model.tools.map((tool) => toolTestView(tool, model).subject);
}

function firstCapped(model: ProjectModel): LimitsTestView['capped'] {
  const subjects = subjectsOf(model);
  const cases = model.tools.map((tool, index) => {
    const subject = subjects[index];
    const otherArguments = subject && tool.idempotency && otherEffect(tool, subject.arguments);
    return subject && otherArguments && { subject, otherArguments };
  });
  return cases.find((one) => one !== undefined);
}
