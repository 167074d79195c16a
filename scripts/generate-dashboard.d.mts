export const DASHBOARD_FILE: URL;
export function rendered(): string;
