'use strict';

if (!process.env.DATABASE_URL) {
    console.error('DATABASE_URL must be set, such as mysql://user@127.0.0.1:3306/toolshed');
    process.exit(1);
}

const app = require('./app');
const db = require('./lib/db');

const server = app.listen(Number(process.env.PORT || 3000), '127.0.0.1', function () {
    console.log('toolshed listens on port %d', server.address().port);
});

function stop() {
    server.close(function () {
        db.pool.end();
    });
    server.closeIdleConnections();
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
