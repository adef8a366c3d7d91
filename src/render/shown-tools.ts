/** What the lock keeps of each tool: all that a model is shown, and who may call it. */
import type { ProjectModel } from '../model/project.ts';

/** Tool name → its definition and policy, as JSON. */
export function shownTools(model: ProjectModel): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    model.tools.map(({ name, title, description, mutability, scopes, roles, inputSchema, outputSchema }) => [
      name,
      { title, description, mutability, scopes, roles, inputSchema, outputSchema },
    ]),
  );
}
