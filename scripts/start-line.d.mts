export function startLine(
  args: readonly string[],
  env?: Record<string, string | undefined>,
  directory?: string,
): string | undefined;
