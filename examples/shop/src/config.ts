/** What the server needs from its environment. */
export interface Config {
  databaseUrl: string;
  port: number;
  adminKey: string;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set`);
  return value;
}

export const config: Config = {
  databaseUrl: required('DATABASE_URL'),
  port: Number(process.env['PORT'] ?? 3000),
  adminKey: required('ADMIN_KEY'),
};
