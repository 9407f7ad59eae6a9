import { createApp } from './app.js';
import { config } from './config.js';
import { pool } from './db/pool.js';

const server = createApp().listen(config.port, '127.0.0.1', (error?: Error) => {
  if (error) throw error;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  console.log(`listening on http://127.0.0.1:${port}`);
});

/** Answers what was asked already, then closes the pool. */
function stop(): void {
  server.close(() => void pool.end());
  server.closeIdleConnections();
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
