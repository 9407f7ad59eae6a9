import { serve } from '@hono/node-server';
import { app } from './app.js';
import { config } from './config.js';
import { pool } from './db.js';

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: config.port }, ({ port }) => {
  console.log(`podium listens on http://127.0.0.1:${port}`);
});

/** Answers what was asked already, then closes the pool. */
function stop(): void {
  server.close(() => {
    void pool.end();
  });
  if ('closeIdleConnections' in server) server.closeIdleConnections();
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
