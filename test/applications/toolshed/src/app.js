'use strict';

const express = require('express');
const db = require('./lib/db');
const errors = require('./lib/errors');

const app = express();

app.disable('x-powered-by');
app.use(express.json());
app.get('/health', function (req, res, next) {
    db.one('SELECT 1 AS up', [], function (err) {
        if (err) return next(err);
        res.json({ status: 'ok' });
    });
});
app.use('/members', require('./routes/members'));
app.use('/categories', require('./routes/categories'));
app.use('/tools', require('./routes/tools'));
app.use('/loans', require('./routes/loans'));
app.use('/charges', require('./routes/charges'));
app.use(function (req, res) {
    res.status(404).json({ error: 'no such route' });
});
app.use(errors.handler);

module.exports = app;
