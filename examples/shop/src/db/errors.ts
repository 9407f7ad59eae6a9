/** The MySQL error code (ER_...) that an error carries, if it carries one. */
export function mysqlErrorCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}
