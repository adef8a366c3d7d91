/** For `src/generated/upstreams.ts.hbs`. */
import type { ProjectModel } from '../../model/project.ts';
import type { Printable } from '../literal.ts';

export interface UpstreamsView {
  readonly manifestFile: string;
  readonly upstreams: Printable;
}

export function upstreamsView(model: ProjectModel): UpstreamsView {
  return { manifestFile: model.manifestFile, upstreams: model.upstreams.map((upstream) => ({ ...upstream })) };
}
