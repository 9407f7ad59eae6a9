'use strict';

const express = require('express');
const check = require('../lib/check');
const db = require('../lib/db');

const router = express.Router();

/** What the desk runs every evening. Running it again on the same day charges nobody twice. */
router.post('/', function (req, res, next) {
    const body = check.fields(req.body, { day: 'day' });
    db.call('charge_overdue', [body.day], function (err, results) {
        if (err) return next(err);
        res.status(201).json({ charged: results[0][0].charged });
    });
});

module.exports = router;
