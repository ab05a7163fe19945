/** A workspace has no stream of its own: its kills stand in every one of its projects, and this guard keeps them the same there. */

/** Moves with every kill of the workspace and with every project that comes into it. */
export const workspaceGuard = (installationId: number): string => `workspace-kills:${installationId}`
