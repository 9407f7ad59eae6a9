function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set`);
  return value;
}

/** What the server needs from its environment. */
export const config = {
  databaseUrl: required('DATABASE_URL'),
  organiserKey: required('ORGANISER_KEY'),
  port: Number(process.env['PORT'] ?? 3000),
};
